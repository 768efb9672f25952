"""A disk gave other bytes back than it got: one mail waits for a person, and no other does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from maild.history.forgetting import forget
from maild.mail.pool import ParsingPool
from maild.store.database.packing import pack
from maild.store.engine import Store
from maild.store.incoming.waiting import retry_held
from maild.store.tables import mails, outbox, sources
from tests.history.test_forgetting import WISH
from tests.support.intakes import an_intake, lay_down
from tests.support.mail_making import a_source
from tests.support.outbox_rows import claim, state
from tests.support.rows import NOW, due

SOURCES = [a_source(Message_ID=f"<{number}@client.example>", Subject=f"Matter {number}") for number in range(3)]
WAYS = [b"x\x01garbage", pack(SOURCES[1])[:20], pack(SOURCES[1])[:-9] + b"?" + pack(SOURCES[1])[-8:], b""]


def damage(store: Store, packed: bytes) -> str:
    """The second mail; its digest."""
    with store.read() as connection:
        digest: str = connection.execute(select(mails.c.digest).order_by(mails.c.id).offset(1)).scalars().first() or ""
    put(store, digest, packed)
    return digest


def put(store: Store, digest: str, packed: bytes) -> None:
    store.transact(lambda c: c.execute(update(sources).where(sources.c.digest == digest).values(content=packed)))


@pytest.mark.parametrize("packed", WAYS, ids=["none of ours", "ends early", "an octet", "empty"])
def test_a_mail_whose_bytes_are_damaged_is_held_and_stops_no_other(
    store: Store, pool: ParsingPool, packed: bytes
) -> None:
    intake = an_intake(store, pool)
    lay_down(store, *SOURCES)
    digest = damage(store, packed)
    intake.take_in_all()
    query = select(mails.c.id, mails.c.outcome, mails.c.because).order_by(mails.c.id)
    with store.read() as connection:
        rows = connection.execute(query).all()
    assert [row.outcome for row in rows] == ["ticket", "held", "ticket"]
    assert "bytes in the database are damaged" in rows[1].because
    assert f"maild held retry {rows[1].id}" in rows[1].because
    put(store, digest, pack(SOURCES[1]))
    store.transact(lambda c: retry_held(c, rows[1].id, source_bytes=10_000_000))
    intake.take_in_all()
    with store.read() as connection:
        assert [row.outcome for row in connection.execute(query)] == ["ticket"] * 3


def test_a_reply_whose_bytes_are_damaged_is_held_and_stops_no_other(store: Store) -> None:
    first, second, third = (due(store) for _ in range(3))
    broken = update(outbox).where(outbox.c.id == second).values(content=pack(b"whatever")[:-2])
    store.transact(lambda c: c.execute(broken))
    assert [each.id for each in claim(store)] == [first, third]
    assert state(store, second) == "held"
    assert claim(store, now=NOW + timedelta(days=1)) == []
    with store.read() as connection:
        assert "damaged" in (connection.scalar(select(outbox.c.answer).where(outbox.c.id == second)) or "")


def test_a_reply_with_a_text_whose_bits_have_changed_is_held_and_stops_no_other(sqlite_url: str) -> None:
    """Only SQLite gives such a text back."""
    store = Store(sqlite_url)
    first, second, third = (due(store) for _ in range(3))
    broken = text("UPDATE outbox SET recipient = CAST(x'ff68656c6c6f' AS TEXT) WHERE id = :second")
    store.transact(lambda c: c.execute(broken, {"second": second}))
    assert [each.id for each in claim(store)] == [first, third]
    assert state(store, second) == "held"
    assert claim(store, now=NOW + timedelta(days=1)) == []
    store.close()


def test_damaged_mails_before_another_one_do_not_look_as_if_nothing_were_due(store: Store) -> None:
    damaged = [due(store, recipient=f"{name}@client.example") for name in ("bea", "cyd", "dan")]
    last = due(store, recipient="eve@client.example")
    broken = update(outbox).where(outbox.c.id.in_(damaged)).values(content=pack(b"whatever")[:-2])
    store.transact(lambda connection: connection.execute(broken))
    assert [one.id for one in claim(store, limit=2)] == [last]
    assert [state(store, one) for one in damaged] == ["held"] * 3
    assert claim(store, limit=2) == []


def test_who_is_forgotten_is_forgotten_though_something_is_damaged(store: Store, pool: ParsingPool) -> None:
    """A mail that nobody could read, a reply, and what is looked at for the proof."""
    intake = an_intake(store, pool)
    lay_down(store, *SOURCES)
    damage(store, b"")
    intake.take_in_all()
    store.transact(lambda c: c.execute(update(outbox).values(content=b"x\x01garbage")))
    store.transact(lambda c: c.execute(update(sources).values(content=b"x\x01garbage")))
    forgotten = forget(store, replace(WISH, address="ana@client.example"), now=NOW)
    assert forgotten.erasure.counts
