"""Analyse: what the desk's history says, from its rules and its store; it writes nothing."""

from collections.abc import Iterator

from maild.knowledge.analysis.history import DeskFacts, History, Period
from maild.knowledge.analysis.line import Analysis, analyse
from maild.process.calendar import Span, working_time_between
from maild.process.clocks.kinds import Clock
from maild.process.rules import Rules
from maild.process.ticket import Role
from maild.settings.durations import write_span
from maild.store.engine import Store
from maild.store.view.history import read_history


def analyse_desk(store: Store, rules: Rules, period: Period) -> Analysis:
    """Look at one moment of the store, and answer every question outside of it."""
    return analyse(read_past(store, rules, period))


def read_past(store: Store, rules: Rules, period: Period) -> History:
    """Read the history; the store is at rest when it is analysed."""
    with store.read() as connection:
        return read_history(connection, period, desk_facts(rules, period))


def desk_facts(rules: Rules, period: Period) -> DeskFacts:
    """What the configuration says of categories, people and hours."""
    technical = [category for category in rules.categories.values() if category.technical]
    open_hours = working_time_between(period.since, period.until, rules.priorities.calendar)
    return DeskFacts(
        categories=frozenset(category.name for category in technical),
        guides=frozenset(category.name for category in technical if category.guide.strip()),
        skills=tuple((person.name, person.skills) for person in rules.team.people if person.role is Role.TSM),
        names={address.casefold(): each.name for each in rules.team.people for address in each.addresses},
        longer={clock: write_span(_twice(span)) for clock, span in _promised(rules)},
        working_hours=open_hours.total_seconds() / 3600,
    )


def _promised(rules: Rules) -> Iterator[tuple[tuple[str, int], Span]]:
    """Clock and priority to its time; a client's own service level is not in it."""
    for priority, span in rules.priorities.next_update.items():
        yield (Clock.NEXT_UPDATE, priority), span
    for priority, level in rules.priorities.service_levels.items():
        for clock, promised in ((Clock.FIRST_RESPONSE, level.first_response), (Clock.RESOLUTION, level.resolution)):
            if promised:
                yield (clock, priority), promised
    for priority in (0, *rules.priorities.titles):
        yield (Clock.HAND_OFF_RECEIPT, priority), rules.policy.hand_off_receipt


def _twice(span: Span) -> Span:
    return Span(clock=2 * span.clock, days=2 * span.days, business_days=2 * span.business_days)
