"""Absences: who is away today by their own note, though no configuration says so."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from maild.process.people.absence import LONGEST, find_return
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.store.engine import Connection
from maild.store.incoming.absences import Note, absence_notes, has_written_after


def find_absent(connection: Connection, rules: Rules, now: datetime) -> frozenset[str]:
    """Names of those whose newest note names a later day of return, and who have not written since."""
    if not rules.policy.reassign_absent:
        return frozenset()
    people = {address: person for person in rules.team.people for address in _written(person)}
    if not people:
        return frozenset()
    newest: dict[str, Note] = {}
    for note in absence_notes(connection, list(people), since=now - LONGEST):
        newest.setdefault(people[note.author].name, note)
    away = [name for name, note in newest.items() if _is_away(note, now, rules.priorities.calendar.zone)]
    return frozenset(
        name
        for name in away
        if not has_written_after(
            connection, [address for address, person in people.items() if person.name == name], newest[name].mail
        )
    )


def _written(person: Person) -> Sequence[str]:
    """Their addresses as mail may bear them."""
    return tuple(dict.fromkeys(each for address in person.addresses for each in (address, address.casefold())))


def _is_away(note: Note, now: datetime, zone: tzinfo) -> bool:
    back = find_return(note.words, note.at.astimezone(zone).date())
    return back is not None and back > now.astimezone(zone).date()
