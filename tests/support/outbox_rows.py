"""The outbox in tests of the store: each function is one step of its life."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from maild.store.engine import Store
from maild.store.outgoing import outbox
from maild.store.outgoing.settling import drop, settlement
from maild.store.tables import outbox as table
from tests.support.rows import LONG, NOW, due


def claim(
    store: Store, *, holder: str = "me", lease: timedelta = LONG, limit: int = 100, now: datetime = NOW
) -> list[outbox.Due]:
    return store.transact(lambda c: outbox.claim_due(c, holder=holder, lease=lease, limit=limit, now=now))


def begin(store: Store, *ids: int, holder: str = "me", lease: timedelta = LONG) -> set[int]:
    return store.transact(lambda c: {one for one in ids if outbox.sending(one, holder=holder, lease=lease)(c)})


def settle(store: Store, outbox_id: int, state: str, *, holder: str = "me") -> bool:
    return store.transact(settlement(outbox_id, state=state, answer=f"it is {state}", now=NOW, holder=holder))


def state(store: Store, outbox_id: int) -> str:
    with store.read() as connection:
        found: str = connection.execute(select(table.c.state).where(table.c.id == outbox_id)).scalar_one()
        return found


def in_state(store: Store, wanted: str, **difference: Any) -> int:
    """A mail of the outbox that has come into the state by the usual way."""
    if wanted in {"due", "held"}:
        return due(store, state=wanted, **difference)
    outbox_id = due(store, **difference)
    if wanted == "dropped":
        store.transact(lambda c: drop(c, outbox_id, now=NOW))
        return outbox_id
    claim(store)
    if wanted == "deferred":
        later = NOW + timedelta(hours=1)
        store.transact(lambda c: outbox.defer(c, outbox_id, due_at=later, answer="450 later", holder="me"))
    if wanted in {"sending", "sent", "bounced", "uncertain"}:
        begin(store, outbox_id)
    if wanted in {"sent", "bounced", "uncertain"}:
        settle(store, outbox_id, wanted)
    assert state(store, outbox_id) == wanted
    return outbox_id
