"""Absences: who is away today by their own note, though no configuration says so."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, tzinfo

from maild.process.people.absence import AHEAD, LONGEST, Absence, find_absences
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.store.engine import Connection
from maild.store.incoming.absences import Note, absence_notes, has_written_after

_REMEMBERED = AHEAD + LONGEST
"""A note of then may still hold: it announced what begins late, and lasts."""


def find_absent(connection: Connection, rules: Rules, now: datetime) -> frozenset[str]:
    """Names of those whose note says that they are away today, and who have not written since they went.

    A newer note takes the place of one whose days it touches; one that names no day says nothing about it.
    """
    if not rules.policy.reassign_absent:
        return frozenset()
    people = {address: person for person in rules.team.people for address in _written(person)}
    if not people:
        return frozenset()
    zone, notes = rules.priorities.calendar.zone, defaultdict[str, list[Note]](list)
    for note in absence_notes(connection, list(people), since=now - _REMEMBERED):
        notes[people[note.author].name].append(note)
    today = now.astimezone(zone).date()
    holding = {name: found for name, theirs in notes.items() if (found := _holding_on(today, theirs, zone))}
    addresses = {name: [address for address, person in people.items() if person.name == name] for name in holding}
    return frozenset(
        name
        for name, (note, absence) in holding.items()
        if not has_written_after(
            connection, addresses[name], note.mail, since=datetime.combine(absence.begins, time(), zone).astimezone(UTC)
        )
    )


def _written(person: Person) -> Sequence[str]:
    """Their addresses as mail may bear them."""
    return tuple(dict.fromkeys(each for address in person.addresses for each in (address, address.casefold())))


def _holding_on(day: date, notes: Iterable[Note], zone: tzinfo) -> tuple[Note, Absence] | None:
    """The note, of these that begin with the newest, whose absence holds on the day."""
    newer: list[Absence] = []
    for note in notes:
        absences = [
            absence
            for absence in find_absences(note.words, note.at.astimezone(zone).date())
            if not any(absence.begins < each.back and each.begins < absence.back for each in newer)
        ]
        if holding := next((absence for absence in absences if absence.begins <= day < absence.back), None):
            return note, holding
        newer.extend(absences)
    return None
