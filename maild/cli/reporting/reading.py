"""Reading: the analysis of a desk, from its settings and its store."""

from typing import TYPE_CHECKING

from maild.knowledge.analysis.history import DeskFacts, Period
from maild.knowledge.analysis.line import Analysis, analyse
from maild.process.calendar import working_time_between
from maild.process.ticket import Role
from maild.store.view.history import read_history

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.engine import Store


def analyse_desk(store: "Store", settings: "Settings", period: Period) -> Analysis:
    """Look at one moment of the store, and answer every question."""
    with store.read() as connection:
        history = read_history(connection, period, desk_facts(settings, period))
    return analyse(history)


def desk_facts(settings: "Settings", period: Period) -> DeskFacts:
    """What the configuration says of categories, people and hours."""
    technical = [category for category in settings.categories.values() if category.technical]
    open_hours = working_time_between(period.since, period.until, settings.priorities.calendar)
    return DeskFacts(
        categories=frozenset(category.name for category in technical),
        guides=frozenset(category.name for category in technical if category.guide.strip()),
        skills=tuple((person.name, person.skills) for person in settings.team.people if person.role is Role.TSM),
        names={address.casefold(): each.name for each in settings.team.people for address in each.addresses},
        working_hours=open_hours.total_seconds() / 3600,
    )
