"""The order of one person's mails, also where several machines take them in: an answer never overtakes the one before it."""

from collections.abc import Collection, Sequence

from maild.desk.finding.arrival import Arrival
from maild.mail.head import read_head
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.store.engine import Connection
from maild.store.incoming.turns import read_in_progress


def find_early(connection: Connection, arrivals: Sequence[Arrival], rules: Rules, *, holder: str) -> Collection[int]:
    """Rows of those that another process must not be overtaken by: it is still taking in an earlier mail of the same person.

    Asked only about mails of the desk's people: what they write goes to clients, and a correction belongs behind what it corrects.
    """
    theirs = {arrival.mail_id: person for arrival in arrivals if (person := _person(rules, arrival))}
    if not theirs:
        return ()
    elsewhere = read_in_progress(connection, before=max(theirs), holder=holder)
    first: dict[str, int] = {}
    for each in elsewhere:
        for author in read_head(each.start).authors:
            if person := rules.team.person_at(author):
                first[person.name] = min(each.id, first.get(person.name, each.id))
    return {row for row, person in theirs.items() if first.get(person.name, row) < row}


def _person(rules: Rules, arrival: Arrival) -> Person | None:
    return rules.team.person_at(arrival.mail.author.address) if arrival.mail.author else None
