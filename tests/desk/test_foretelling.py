"""How long such tickets took: told to whoever gets one where the admin wants it, and never to its client."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert

from maild.process.policy import Forecast
from maild.store import tables
from maild.store.engine import Store
from tests.support.desks import Desk
from tests.support.making import ANA, NOON, a_mail, a_policy, a_team, some_rules

TSM, CLIENT = ANA.addresses[0], "bea@client.example"


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


def moved_through(store: Store, hours: Sequence[float], *, weeks_ago: float = 10, first: int = 1001) -> None:
    """Network tickets of priority 3 that were opened then, an hour apart, and solved after so many hours."""
    begin = NOON - timedelta(weeks=weeks_ago)
    rows, happened = [], []
    for number, lasted in enumerate(hours, start=first):
        at = begin + timedelta(hours=number - first)
        words = {"client": "old@client.example", "client_name": "", "language": "en", "subject": "Old"}
        kind = {"category": "network", "priority": 3, "technical": True, "assignee": "Ana Ruiz", "status": "closed"}
        rows.append({"id": number, "opened_at": at, **words, **kind})
        for event, after in (("opened", 0.0), ("resolved", lasted), ("client_confirmed", lasted + 1)):
            row = {"ticket_id": number, "at": at + timedelta(hours=after), "actor": "x", "event": event, "because": "x"}
            happened.append(row)

    def write(connection: Connection) -> None:
        connection.execute(insert(tables.tickets), rows)
        connection.execute(insert(tables.events), happened)

    store.transact(write)


def told(store: Store, *, is_on: bool = True) -> tuple[str, str]:
    """What TSM and client read of a new ticket."""
    desk = Desk(
        store, some_rules(team=a_team(people=(*a_team().people, ANA)), policy=a_policy(forecast=Forecast(to_tsm=is_on)))
    )
    desk.arrive(a_mail())
    assert desk.rows("SELECT priority FROM tickets ORDER BY id DESC")[0].priority == 3
    return str(desk.newest("assignment", TSM)), str(desk.newest("acknowledgement", CLIENT))


def test_the_tsm_reads_it_and_the_client_never_does(store: Store) -> None:
    moved_through(store, [float(hours) for hours in range(1, 100)])
    to_tsm, to_client = told(store)
    assert "Similar tickets took: 10 hours to 4 days in 8 of 10 cases (99 tickets;" in " ".join(
        to_tsm.replace("=\n", "").split()
    )
    assert "of 10 cases" not in to_client


@pytest.mark.parametrize(
    ("tickets", "weeks_ago", "is_on"), [(99, 10, False), (39, 10, True), (99, 3, True)], ids=["off", "few", "young"]
)
def test_nothing_is_told_where_it_is_off_or_too_little_is_known(
    on_sqlite: Store, tickets: int, weeks_ago: float, *, is_on: bool
) -> None:
    moved_through(on_sqlite, [float(hours) for hours in range(1, tickets + 1)], weeks_ago=weeks_ago)
    assert "of 10 cases" not in told(on_sqlite, is_on=is_on)[0]


def test_nothing_is_told_where_what_was_told_has_not_held(on_sqlite: Store) -> None:
    """What took an hour takes two weeks now: the interval of the old ones is of no use for the new ones."""
    moved_through(on_sqlite, [1.0 + number / 100 for number in range(60)], weeks_ago=22)
    moved_through(on_sqlite, [200.0 + number for number in range(60)], weeks_ago=12, first=2001)
    assert "of 10 cases" not in told(on_sqlite)[0]
