"""Assignment: which TSM gets a ticket, and why. Pure, and the same for the same facts."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maild.process.calendar import Calendar
from maild.process.people.duty import is_away, is_on_duty, next_duty
from maild.process.people.team import Person, Team
from maild.process.ticket import Role

CAPACITY = 20
"""Open tickets by which the load of a TSM is measured who has not said how many they can carry; no limit for them."""

_SKILL, _GENERALIST = 2.0, 1.0
_RESPONSIBLE = 3.0
_SOLVED = 0.25
"""For each doubling of the tickets of this category that they have solved lately."""

_MOST_SOLVED = 1.0
"""However many those are: nobody learns a category whose expert gets every ticket of it."""

_LOAD = 3.0
"""Taken away from who carries all that they can."""

_SHARE = 0.9
"""Taken away from who was given twice their share of the last tickets, and added for who was given none; share is by what
they can carry. So two people are never further apart than a skill is worth."""

_FEW = 10
"""Tickets by which a short past is taken to have been even."""

_ABSENT_DAY = 1.5
"""Taken away for each day until their next duty: a client does not wait for an expert's holidays to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What the desk knows about its people when a ticket is given."""

    open_tickets: Mapping[str, int]
    """Name to the tickets that they have now."""

    solved: Mapping[str, int]
    """Name to the tickets of this category among those that were closed last."""

    lately: Mapping[str, int] = field(default_factory=dict)
    """Name to the tickets that they were given among the last ones of the desk, closed ones included."""

    responsible: str | None = None
    """Name of the person whom the category names."""

    absent: Collection[str] = ()
    """Names of those who are away by their own notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who gets a ticket, with the reasons."""

    person: Person
    because: str


def choose(
    category: str | None, team: Team, experience: Experience, *, now: datetime, calendar: Calendar
) -> Assignment | str:
    """The TSM whom the ticket suits best; a text says why nobody can take it, and the lead must.

    Skills, tickets of the category that they have solved, load, their share of the last tickets, and when they work next
    are weighed against each other; who is away is replaced by their substitute. Of equals, the one with fewer open
    tickets is next, then the one who was given fewer lately.
    """
    people = _candidates(team, experience.absent, now, calendar)
    if not people:
        return "every TSM is away"
    free = [person for person in people if person.capacity is None or _open(person, experience) < person.capacity]
    if not free:
        return "every TSM who is not away has as many open tickets as they can carry"
    scored = [
        (_score(category, person, experience, now, calendar) - _SHARE * _excess(person, free, experience), person)
        for person in free
    ]
    _, best = max(scored, key=lambda row: (round(row[0], 3), *_turn(row[1], free, experience)))
    return Assignment(person=best, because=_because(category, best, experience, now, calendar))


def owners(team: Team) -> Sequence[Person]:
    """Who owns tickets: the TSMs, or on a desk without any the leads."""
    return tuple(person for person in team.people if person.role is Role.TSM) or team.leads


def lacks_skill(person: Person, category: str | None, team: Team) -> bool:
    """Whether tickets of this category are for others, who have the skill."""
    if category is None or category in person.skills:
        return False
    return any(category in other.skills for other in owners(team))


def _candidates(team: Team, absent: Collection[str], now: datetime, calendar: Calendar) -> Sequence[Person]:
    """Who is there within a week, and for whom is away their substitute, each once."""

    def is_out(person: Person) -> bool:
        return person.name in absent or _is_out(person, now, calendar)

    people = {person.name: person for person in team.people}
    present: dict[str, Person] = {}
    for person in owners(team):
        seen = {person.name}
        while is_out(person) and person.substitute and person.substitute not in seen:
            person = people[person.substitute]  # noqa: PLW2901 - the substitute stands in this person's place
            seen.add(person.name)
        if not is_out(person):
            present[person.name] = person
    return tuple(present.values())


def _is_out(person: Person, now: datetime, calendar: Calendar) -> bool:
    if is_away(person, now.astimezone(calendar.zone).date()):
        return True
    duty = next_duty(person, now, calendar)
    return duty is None or duty - now > timedelta(days=7)


def _score(category: str | None, person: Person, experience: Experience, now: datetime, calendar: Calendar) -> float:
    duty = next_duty(person, now, calendar) or now
    days = (duty - now) / timedelta(days=1)
    share = _open(person, experience) / _capacity(person)
    skill = _skill(category, person)
    responsible = _RESPONSIBLE if person.name == experience.responsible else 0.0
    solved = min(_SOLVED * math.log2(1 + experience.solved.get(person.name, 0)), _MOST_SOLVED)
    return skill + responsible + solved - _LOAD * share - _ABSENT_DAY * days


def _excess(person: Person, among: Sequence[Person], experience: Experience) -> float:
    """How far somebody was given more than their share of the last tickets; 1: twice that or more, -1: nothing."""
    fair = _capacity(person) / sum(map(_capacity, among))
    given = sum(experience.lately.get(each.name, 0) for each in among)
    share = (experience.lately.get(person.name, 0) + _FEW * fair) / (given + _FEW)
    return min(share / fair - 1, 1.0)


def _skill(category: str | None, person: Person) -> float:
    if not person.skills:
        return _GENERALIST
    return _SKILL if category in person.skills else 0.0


def _open(person: Person, experience: Experience) -> int:
    return experience.open_tickets.get(person.name, 0)


def _capacity(person: Person) -> int:
    return CAPACITY if person.capacity is None else person.capacity


def _turn(person: Person, among: Sequence[Person], experience: Experience) -> tuple[int, int, int]:
    """Of people whom a ticket suits alike, who has fewer, then who was given fewer, then the first of the file."""
    return -_open(person, experience), -experience.lately.get(person.name, 0), -among.index(person)


def _because(category: str | None, person: Person, experience: Experience, now: datetime, calendar: Calendar) -> str:
    duty = next_duty(person, now, calendar)
    said = [
        f"responsible for {category}" if person.name == experience.responsible else "",
        f"skill {category}" if category and category in person.skills else "",
        f"has solved {experience.solved[person.name]} of {category} lately"
        if experience.solved.get(person.name)
        else "",
        _load_in_words(person, experience),
        f"was given {experience.lately[person.name]} of the last {sum(experience.lately.values())}"
        if experience.lately.get(person.name) and sum(experience.lately.values()) > 1
        else "",
        "on duty now" if is_on_duty(person, now, calendar) else f"on duty from {duty:%Y-%m-%d %H:%M}" if duty else "",
    ]
    return f"{person.name}: {', '.join(filter(None, said))}"


def _load_in_words(person: Person, experience: Experience) -> str:
    """Of those who have not said how many they can carry, only how many they have."""
    has = _open(person, experience)
    most = f" of {person.capacity} that they can carry" if person.capacity is not None else ""
    return f"{has or 'no'} open ticket{'' if has == 1 else 's'}{most}"
