"""Factories for tests of the outbox: one valid thing each, and the difference."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import text

from maild.doors.smtp import SmtpDoor
from maild.outbox import Outbox
from maild.store.engine import Connection, Store
from maild.store.outgoing import outbox
from maild.store.outgoing.outbox import NewOutbox

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DESK = "support@acme.test"
_numbers = count(1)


def now() -> datetime:
    return datetime.now(UTC)


def a_mail(**difference: Any) -> NewOutbox:
    message_id = f"<{next(_numbers)}@acme.test>"
    content = f"Message-ID: {message_id}\r\nFrom: {DESK}\r\nSubject: Hello\r\n\r\nHello\r\n".encode()
    mail = NewOutbox(
        ticket_id=None,
        mail_id=None,
        kind="acknowledgement",
        audience="client",
        recipient="bo@client.test",
        envelope_from=DESK,
        message_id=message_id,
        token=None,
        once=None,
        subject="Hello",
        new_text="Hello",
        content=content,
        created_at=now(),
        due_at=now(),
    )
    return replace(mail, **difference)


def put(store: Store, *mails: NewOutbox) -> list[int]:
    """Put mails into the outbox and give their ids."""
    added = store.transact(lambda connection: outbox.add_all(connection, mails))
    return [number for number in added if number is not None]


def states(store: Store) -> list[str]:
    """The states of all mails, oldest first."""
    with store.read() as connection:
        return list(connection.scalars(text("SELECT state FROM outbox ORDER BY id")))


def row(store: Store, outbox_id: int) -> Any:
    with store.read() as connection:
        return connection.execute(text("SELECT * FROM outbox WHERE id = :id"), {"id": outbox_id}).one()


class Notes:
    """Remembers what the outbox says about tickets."""

    def __init__(self) -> None:
        self.notes: list[tuple[int, str, str]] = []

    def __call__(self, _: Connection, outbox_id: int, state: str, answer: str, __: datetime, /) -> None:
        self.notes.append((outbox_id, state, answer))


def an_outbox(store: Store, port: int, **difference: Any) -> Outbox:
    def open_door() -> SmtpDoor:
        return SmtpDoor(host="127.0.0.1", port=port, security="none")

    values: dict[str, Any] = {"holder": "test", "note": Notes(), "clock": now} | difference
    return Outbox(store, values.pop("door_factory", open_door), **values)


@contextmanager
def running(outbox: Outbox, *, limit_seconds: float = 60) -> Iterator[threading.Thread]:
    """Run it in a thread; at the end it must stop in time."""
    stop = threading.Event()
    thread = threading.Thread(target=outbox.run, args=(stop,), name="outbox")
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(timeout=limit_seconds)
        assert not thread.is_alive()


def wait_until(is_true: Callable[[], bool], *, limit_seconds: float = 120) -> None:
    """Await a condition by looking again and again."""
    give_up_at = time.monotonic() + limit_seconds
    while not is_true():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.02)
