"""Escalation: who is asked for help, one level after the other, until somebody answers."""

from dataclasses import dataclass, field, replace

from maild.process.calendar import Span
from maild.process.people.team import Person, Team
from maild.process.ticket import Role

ROLES = (Role.ENGINEER, Role.LEAD)
"""Roles that a level may name instead of people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level, from process.toml."""

    who: tuple[str, ...]
    """Roles (`engineer`, `lead`) or names of people."""

    within: Span
    """How long they have to answer before the next level is asked; those of the last level are asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Section [escalation] of process.toml."""

    levels: tuple[Level, ...] = field(
        default=(
            Level(who=("engineer",), within=Span(business_days=1)),
            Level(who=("lead",), within=Span(business_days=1)),
        )
    )
    overdue_for: Span | None = None
    """How long an update may be overdue before maild escalates by itself; None: it never does."""

    def level(self, number: int) -> Level:
        """The level of this number, 1 the first; beyond the last one the last."""
        return self.levels[min(number, len(self.levels)) - 1]


def people_of(level: Level, team: Team) -> tuple[Person, ...]:
    """Whom the level means, each once."""
    return tuple(person for person in team.people if {person.role.value, person.name}.intersection(level.who))


def without_engineers(team: Team) -> Team:
    """The team as it is asked about what is not technical."""
    return replace(team, people=tuple(person for person in team.people if person.role is not Role.ENGINEER))


def first_with_people(escalation: Escalation, team: Team, number: int) -> tuple[int, tuple[Person, ...]]:
    """The first level from `number` on that has anybody, and who that is; the leads where none has."""
    for each in range(number, len(escalation.levels) + 1):
        if people := people_of(escalation.level(each), team):
            return each, people
    last = len(escalation.levels)
    return last, people_of(escalation.level(last), team) or team.leads
