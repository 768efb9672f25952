"""Invariants of causes: what a clock did, and what made it do so, is known for good."""

from collections.abc import Iterator

from benchmarks.simulated.invariants.finding import Finding, finding
from benchmarks.simulated.invariants.rows import Rows
from benchmarks.simulated.world import World
from maild.process.ticket import Event

_OF_CLOCKS = frozenset({Event.CLOCK_STARTED, Event.CLOCK_PAUSED, Event.CLOCK_STOPPED, Event.SERVICE_LEVEL_BREACHED})


def every_clock_names_its_cause(rows: Rows, world: World) -> Finding:
    """Each start, pause, stop and breach of a service level names one mail or one deadline, and nothing else."""
    del world
    told = [row for row in rows.events if row.event in _OF_CLOCKS]

    def broken() -> Iterator[str]:
        for row in told:
            if (row.mail_id is None) is (row.deadline_id is None):
                yield f"T-{row.ticket_id}: {row.event} ({row.because}) names mail {row.mail_id}, deadline {row.deadline_id}"

    return finding("each start, stop and breach of a service level names its cause", told, broken())
