r"""The story of one mailbox: from the server to the store, and marked there once it has been taken in.

Size first; BODY.PEEK; source, UID and cursor in one transaction; taken in from the store (`line`); only then moved or
flagged, by UID. The state never lives in `\Seen`: any phone changes it.
"""

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from maild.doors.credential import Credentials
from maild.doors.imap import ImapConnection
from maild.doors.imap_answers import Selected
from maild.doors.oauth import NoToken
from maild.errors import Deferred, MaildError, Refused
from maild.intake.account import open_with
from maild.intake.backlog import Postponed, store_new
from maild.intake.backoff import Backoff
from maild.intake.fetching import Fetching
from maild.intake.marking import Marking
from maild.intake.refetching import fetch_wanted
from maild.intake.ringing import Ringer
from maild.intake.turns import Turns
from maild.mail.message import Limits
from maild.settings.values import MailboxSettings
from maild.store.engine import Connection, Store
from maild.store.incoming.mailboxes import Mailbox, adopt_mailbox, claim_mailbox, note_trouble, release_mailbox

log = logging.getLogger(__name__)

LOOKS_A_SELECT = 100
"""imaplib keeps what servers say by the way until the next SELECT."""

SEEN_EVERY = timedelta(minutes=1)
"""How exactly `maild check` can say when a mailbox was polled the last time."""


class MailboxWatch:
    """Watches one mailbox; `run` is the thread of a daemon, `take_over_once` is for a process that ends."""

    def __init__(
        self,
        settings: MailboxSettings,
        store: Store,
        *,
        credentials: Credentials,
        holder: str,
        limits: Limits,
        clock: Callable[[], datetime],
        stop: threading.Event,
        alarm: Callable[[int, str, str], None] = lambda *_: None,
        backoff: Backoff | None = None,
        turns: Turns | None = None,
        timeout_seconds: float = 60.0,
    ) -> None:
        """Touch nothing yet. `holder` names this process in leases; `timeout_seconds` bounds each wait for an answer.

        `alarm` is told row, name and reason of a mailbox that a server refuses to open: a person must do something. `turns` says
        who is next where many wait.
        """
        self._settings = settings
        self._store = store
        self._credentials = credentials
        self._holder = holder
        self._limits = limits
        self._clock = clock
        self._stop = stop
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._alarm = alarm
        self._backoff = backoff or Backoff(jitter=random.random)
        self._timeout_seconds = timeout_seconds
        self._postponed = Postponed(turns=turns) if turns else None
        self._failures = 0
        self._has_failed = False
        self._breaks: Counter[int] = Counter()
        self._mailbox: Mailbox | None = None
        self._trouble: str | None = None

    def run(self) -> None:
        """Watch until `stop` is set; whatever goes wrong is noted, and tried again after a while."""
        with Ringer(bell=self._store.bell("marking"), stop=self._stop) as ringer:
            while not self._stop.is_set():
                try:
                    self._watch(ringer)
                except MaildError as error:
                    self._warn(error)
                    self._fail(str(error))
                except Exception as error:
                    log.exception("mailbox met an unexpected error", extra={"mailbox": self._name})
                    self._fail(f"unexpected: {error!r}")
        with suppress(Refused):
            self._release()

    def take_over_once(self) -> int:
        """Store all that is there and mark all that has been taken in; answers how many mails were stored.

        Raises what went wrong. Nothing is done while another process watches the mailbox.
        """
        try:
            if not self._claim():
                log.info("mailbox is watched by another process", extra={"mailbox": self._name})
                return 0
            with closing(self._open()) as connection:
                selected = self._select(connection)
                stored = self._fetch(connection, selected)
                while self._is_left and self._is_ours():
                    stored += self._fetch(connection, selected)
                self._marking(connection).mark_taken_in(self._known.id, selected)
        except MaildError as error:
            self._warn(error)
            self._note(str(error))
            raise
        finally:
            with suppress(Refused):
                self._release()
        self._note(None)
        return stored

    @property
    def _name(self) -> str:
        return f"{self._settings.account}/{self._settings.name}"

    @property
    def _known(self) -> Mailbox:
        assert self._mailbox is not None  # noqa: S101  # _claim has filled it in
        return self._mailbox

    def _watch(self, ringer: Ringer) -> None:
        """Poll, mark and wait on one connection, for as long as it lasts and the lease is ours."""
        if self._has_failed:
            # who does not reach the server must not take the mailbox from those who do
            self._open().close()
            self._has_failed = False
        if not self._claim():
            self._stop.wait(self._lease.total_seconds() / 4)
            return
        with closing(self._open()) as connection, ringer.waking(connection):
            while self._is_ours():
                self._follow(connection, self._select(connection))

    def _follow(self, connection: ImapConnection, selected: Selected) -> None:
        """Look whenever the server says something. SELECT is for the polls: 0.25 s in a mailbox of 50,000 mails."""
        for _ in range(LOOKS_A_SELECT):
            self._fetch(connection, selected)
            self._mark(connection, selected)
            seconds = min(self._settings.poll_seconds, self._lease.total_seconds() / 2)
            # Where many waited, what was moved away meanwhile changes the numbers by which the server is asked for the rest.
            if self._is_left or not (connection.wait(seconds) and self._is_ours()):
                return
            # the number is that of the SELECT, and this may be the first mail
            selected = replace(selected, exists=max(selected.exists, 1))

    @property
    def _is_left(self) -> bool:
        """Whether mail waits on the server that the last look left for the next one."""
        return self._postponed is not None and self._postponed.is_left

    def _is_ours(self) -> bool:
        return not self._stop.is_set() and self._claim()

    def _select(self, connection: ImapConnection) -> Selected:
        return connection.select(self._settings.name, reads_only=self._settings.is_sent)

    def _open(self) -> ImapConnection:
        return open_with(self._settings, self._credentials, timeout_seconds=self._timeout_seconds)

    def _fetch(self, connection: ImapConnection, selected: Selected) -> int:
        fetching = Fetching(
            connection=connection,
            store=self._store,
            source_bytes=self._limits.source_bytes,
            keep_lease=self._keep_lease,
            breaks=self._breaks,
            clock=self._clock,
            is_stopped=self._stop.is_set,
        )
        stored = store_new(fetching, self._known, selected, self._postponed)
        fetch_wanted(fetching, self._known, selected)
        return stored

    def _marking(self, connection: ImapConnection) -> Marking:
        return Marking(connection=connection, store=self._store, settings=self._settings, clock=self._clock)

    def _mark(self, connection: ImapConnection, selected: Selected) -> None:
        """Mark what has been taken in; a server that says NO to that does not keep new mail waiting."""
        try:
            self._marking(connection).mark_taken_in(self._known.id, selected)
        except Deferred:
            raise
        except Refused as error:
            self._note(str(error))
        else:
            self._note(None)
        self._failures = 0

    def _claim(self) -> bool:
        """Take or renew the lease, and read the cursor: another process may have moved it."""
        own, since = self._settings, self._settings.since or self._clock()

        def work(connection: Connection) -> tuple[Mailbox, bool]:
            mailbox = adopt_mailbox(connection, account=own.account, name=own.name, since=since, is_sent=own.is_sent)
            return mailbox, claim_mailbox(connection, mailbox.id, holder=self._holder, lease=self._lease)

        self._mailbox, is_ours = self._store.transact(work)
        return is_ours

    def _keep_lease(self, connection: Connection) -> None:
        if not claim_mailbox(connection, self._known.id, holder=self._holder, lease=self._lease):
            raise Deferred(f"{self._name}: another process took the mailbox over; maild leaves it alone for now")

    def _release(self) -> None:
        if self._mailbox is not None:
            self._store.transact(lambda connection: release_mailbox(connection, self._known.id, holder=self._holder))

    def _fail(self, trouble: str) -> None:
        """Note the trouble, and wait: each time longer, with a cap."""
        if self._stop.is_set():
            return  # the connection was broken off to end in time
        self._failures += 1
        self._has_failed = True
        self._note(trouble)
        with suppress(Refused):
            self._release()
        self._stop.wait(self._backoff.seconds(self._failures))

    def _warn(self, error: MaildError) -> None:
        """Alarm somebody about what time does not mend, once until it is something else; of tokens others tell."""
        if self._mailbox and str(error) != self._trouble and not isinstance(error, (Deferred, NoToken)):
            with suppress(Refused):
                self._alarm(self._mailbox.id, self._name, str(error))

    def _note(self, trouble: str | None) -> None:
        """Say once what is wrong, and once that it is over; `maild check` reads it in the store."""
        now, is_news = self._clock(), trouble != self._trouble
        if is_news and trouble:
            log.warning("mailbox is in trouble", extra={"mailbox": self._name, "because": trouble})
        elif is_news:
            log.info("mailbox is well again", extra={"mailbox": self._name})
        self._trouble = trouble
        is_due = self._mailbox and (self._mailbox.seen_at is None or now - self._mailbox.seen_at >= SEEN_EVERY)
        if self._mailbox and (is_news or (trouble is None and (is_due or self._mailbox.trouble))):
            with suppress(Refused):
                self._store.transact(lambda connection: note_trouble(connection, self._known.id, trouble, now=now))
