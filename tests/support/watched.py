"""A watched mailbox: one user on a real Dovecot, and the store that its mail comes into."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Row, select, update

from maild.doors.credential import Password
from maild.intake.backoff import Backoff
from maild.intake.mailbox import MailboxWatch
from maild.intake.turns import Turns
from maild.mail.message import Limits
from maild.settings.values import MailboxSettings, Secret
from maild.store.database.bells import ring
from maild.store.engine import Connection, Store
from maild.store.incoming.mailboxes import Mailbox, adopt_mailbox, list_mailboxes
from maild.store.tables import mails
from tests.servers.dovecot import PASSWORD, PATIENCE_SECONDS, Dovecot, until

LAST_YEAR = datetime(2025, 6, 1, tzinfo=UTC)
SOON = Backoff(jitter=lambda: 0.0, first_seconds=0.2, most_seconds=0.8)


def now() -> datetime:
    return datetime.now(UTC)


def a_mail(number: int = 1, *, size: int = 0) -> bytes:
    return b"Message-ID: <%d@client.example>\r\nSubject: mail %d\r\n\r\n%s\r\n" % (number, number, b"x" * size)


class Watched:
    """Tell the server what happens, run watches, and look at what came into the store."""

    def __init__(self, server: Dovecot, store: Store, user: str) -> None:
        self.server = server
        self.store = store
        self.user = user
        self.stop = threading.Event()
        self.settings = MailboxSettings(
            host="localhost",
            port=server.port,
            security="none",
            username=user,
            secret=Secret(key="mailbox.password_env"),
            poll_seconds=20.0,
        )

    def watch(
        self,
        *,
        holder: str = "this process",
        limits: Limits | None = None,
        password: Callable[[], str] = lambda: PASSWORD,
        alarm: Callable[[int, str, str], None] = lambda *_: None,
        backoff: Backoff = SOON,
        timeout_seconds: float = 60.0,
        turns: Turns | None = None,
        clock: Callable[[], datetime] = now,
    ) -> MailboxWatch:
        return MailboxWatch(
            self.settings,
            self.store,
            credentials=lambda: Password(password()),
            holder=holder,
            limits=limits or Limits(),
            clock=clock,
            stop=self.stop,
            alarm=alarm,
            backoff=backoff,
            timeout_seconds=timeout_seconds,
            turns=turns,
        )

    @contextmanager
    def running(self, watch: MailboxWatch) -> Iterator[None]:
        """Watch in a thread, as the daemon does."""
        thread = threading.Thread(target=watch.run)
        thread.start()
        try:
            yield
        finally:
            self.stop.set()
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()

    def deliver(self, *numbers: int, at: datetime | None = None, size: int = 0) -> None:
        for number in numbers:
            self.server.deliver(self.user, a_mail(number, size=size), at=at)

    def begin(self, since: datetime) -> None:
        """Let the first start have been then."""
        self.store.transact(
            lambda connection: adopt_mailbox(connection, account=self.settings.account, name="INBOX", since=since)
        )

    def take_in(self) -> None:
        """Stand in for the line from the store to the desk."""

        def work(connection: Connection) -> None:
            waiting = update(mails).where(mails.c.outcome.is_(None))
            connection.execute(waiting.values(outcome="ticket", taken_in_at=now()))
            ring(connection, "marking")

        self.store.transact(work)

    @property
    def known(self) -> Mailbox | None:
        """The mailbox as the store knows it."""
        with self.store.read() as connection:
            return next(iter(list_mailboxes(connection)), None)

    @property
    def rows(self) -> list[Row[tuple[int, str | None, str | None, datetime | None]]]:
        """What came into the store: UID, digest, outcome, when marked."""
        with self.store.read() as connection:
            columns = (mails.c.uid, mails.c.digest, mails.c.outcome, mails.c.marked_at)
            return list(connection.execute(select(*columns).order_by(mails.c.id)))

    @property
    def uids(self) -> list[int]:
        return [row.uid for row in self.rows]

    def until_stored(self, count: int) -> None:
        until(lambda: len(self.rows) >= count, f"{count} mails were not stored")
        assert len(self.rows) == count

    def until_trouble(self, words: str) -> None:
        until(lambda: words in (self.trouble or ""), f"no trouble with {words!r} was noted, but {self.trouble!r}")

    def until_well(self) -> None:
        until(lambda: self.known is not None and self.known.seen_at is not None and self.trouble is None, "not well")

    @property
    def trouble(self) -> str | None:
        return self.known.trouble if self.known else None
