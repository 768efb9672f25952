"""All invariants, in the order in which they are reported."""

from collections.abc import Callable, Sequence

from benchmarks.simulated.invariants.arrivals import (
    a_repeated_mail_does_nothing,
    every_mail_has_one_outcome,
    no_forger_is_heard,
    nothing_fails,
)
from benchmarks.simulated.invariants.causes import every_clock_names_its_cause
from benchmarks.simulated.invariants.clocks import (
    a_clock_runs_once,
    every_deadline_fires_once,
    no_client_is_forgotten,
    the_lead_is_told_by_mail,
)
from benchmarks.simulated.invariants.finding import Finding
from benchmarks.simulated.invariants.outgoing import (
    acknowledged_at_most_once,
    every_relay_reaches_its_client_only,
    no_issue_is_shown_to_others,
    no_mail_goes_out_twice,
    nothing_internal_leaves,
    what_was_accepted_is_settled,
)
from benchmarks.simulated.invariants.rows import Rows, read_rows
from benchmarks.simulated.invariants.tickets import (
    statuses_follow_the_table,
    what_is_closed_owes_nothing,
    what_is_open_has_somebody_and_a_time,
)
from benchmarks.simulated.world import World

Invariant = Callable[[Rows, World], Finding]

INVARIANTS: Sequence[Invariant] = (
    every_mail_has_one_outcome,
    a_repeated_mail_does_nothing,
    nothing_fails,
    no_forger_is_heard,
    what_is_open_has_somebody_and_a_time,
    what_is_closed_owes_nothing,
    statuses_follow_the_table,
    every_deadline_fires_once,
    a_clock_runs_once,
    no_client_is_forgotten,
    the_lead_is_told_by_mail,
    every_clock_names_its_cause,
    no_mail_goes_out_twice,
    what_was_accepted_is_settled,
    acknowledged_at_most_once,
    nothing_internal_leaves,
    every_relay_reaches_its_client_only,
    no_issue_is_shown_to_others,
)


def check_all(world: World) -> list[Finding]:
    """Read the store, and check every invariant."""
    rows = read_rows(world.store)
    return [invariant(rows, world) for invariant in INVARIANTS]
