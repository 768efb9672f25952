"""A backup is restored: nothing is there twice, and nothing old is told as if it were new."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, text, update

from maild.mail.message import Address, Mail
from maild.store.backing_up.restorations import add_restoration, find_waiting, resume
from maild.store.engine import Connection, Store
from maild.store.incoming.returning import store_returned
from maild.store.tables import mails, metadata
from tests.servers.linear_world import ANA, EVA, STRANGER
from tests.support.making import a_mail
from tests.support.mirrors import MINUTE, Mirrored, house_mail
from tests.support.mirrors import desk as desk  # noqa: PLC0414 - a fixture

CARL = a_mail(
    message_id="<carl@other.example>",
    fingerprint="5" * 64,
    digest="5" * 64,
    author=Address(address="carl@other.example", name="Carl"),
)


def back_up(store: Store) -> Callable[[], None]:
    """All rows of this moment; what is given puts them back."""
    with store.read() as connection:
        rows = {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }

    def put_back(connection: Connection) -> None:
        is_postgresql = connection.dialect.name == "postgresql"
        without_order = (
            "SET LOCAL session_replication_role = replica" if is_postgresql else "PRAGMA defer_foreign_keys=ON"
        )
        connection.execute(text(without_order))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table, kept in rows.items():
            if kept:
                connection.execute(insert(table), kept)

    return lambda: store.transact(put_back)


def restore(desk: Mirrored, put_back: Callable[[], None]) -> None:
    """The machine was lost at this moment; a person lets the desk go on."""
    lost_at, at = desk.now, desk.tell_time() + timedelta(hours=1)
    put_back()

    def work(connection: Connection) -> None:
        add_restoration(connection, backup_at=lost_at, by="Ana", now=at)
        waiting = find_waiting(connection)
        assert waiting is not None
        resume(connection, waiting.id, by="Ana", quiet_until=lost_at, now=at)

    desk.store.transact(work)
    desk.now = at
    desk.mirror = desk.new_mirror(holder="another machine")


def live(desk: Mirrored) -> list[Mail]:
    """What happens after the backup: mail, and work in Linear. Answers the mails, as they lie on the server."""
    world, first = desk.world, desk.world.issue
    notice = desk.newest("assignment", ANA)
    orders = [
        house_mail(notice, words, by=ANA, uid=uid)
        for uid, words in ((801, "/note\nFirst.\n"), (802, "/urgency 1\n/impact 1\n"))
    ]
    for mail in (CARL, *orders):
        desk.now += MINUTE
        desk.arrive(mail, now=desk.tell_time())
        desk.work()
    second = next(issue for issue in world.issues.values() if issue is not first)
    world.say(first, EVA, "The gateway drops idle tunnels.")
    world.move(first, STRANGER, state="Done")
    world.move(second, ANA, state="Done")
    desk.work()
    assert desk.rows("SELECT status, priority FROM tickets ORDER BY id") == [("open", 1), ("closed", 3)]
    return [CARL, *orders]


def test_nothing_is_there_twice_and_what_people_decided_in_the_lost_time_counts(desk: Mirrored) -> None:
    desk.open_ticket()
    put_back = back_up(desk.store)
    lost = live(desk)
    world, first = (
        desk.world,
        desk.world.issues[desk.rows("SELECT issue FROM mirror_issues ORDER BY ticket_id")[0].issue],
    )
    said, decided = world.said(), list(first["history"])
    restore(desk, put_back)

    arrived_at = desk.now - timedelta(hours=2)
    desk.store.transact(lambda connection: store_returned(connection, [(b"x", arrived_at)], now=desk.now))
    asked = len(desk.linear.asked)
    desk.work()
    assert len(desk.linear.asked) == asked, "what the mail ordered is not known yet"
    desk.store.transact(_settle_returned)
    for mail in lost:
        desk.arrive(mail, now=desk.tell_time())
    desk.work()
    desk.work()

    number = desk.rows("SELECT max(id) AS id FROM tickets")[0].id
    assert number > 1_000
    assert [issue["title"].split()[0] for issue in world.issues.values()] == ["T-1", f"T-{number}"]
    assert (world.said(), max(Counter(world.made).values())) == (said, 1)
    assert desk.rows("SELECT status, priority FROM tickets ORDER BY id") == [("open", 1), ("closed", 3)]
    assert first["history"] == decided, "nobody is shown how things stood when the backup was made"
    assert desk.events("tracker_noted") == ["Eva Engineer (Linear) wrote: The gateway drops idle tunnels."]
    assert desk.events("tracker_declined") == ["state Done: Joe Doe is nobody of team.toml"]
    told = desk.rows("SELECT state FROM outbox WHERE kind = 'internal_words'")
    assert {row.state for row in told} == {"uncertain"}, "Ana had them before"


def _settle_returned(connection: Connection) -> Any:
    return connection.execute(update(mails).where(mails.c.outcome.is_(None)).values(outcome="held")).rowcount
