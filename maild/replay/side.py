"""One side of a replay: a desk on trial that lives through the past with its own clock, and submits nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from maild.deadlines import Deadlines
from maild.desk.arriving import take_in
from maild.desk.past_arrival import Origin, PastArrival
from maild.desk.remembering import remember
from maild.desk.transaction import begin
from maild.errors import Unreadable
from maild.intake.reading import Read
from maild.mail.message import Mail
from maild.process.past import Ours
from maild.process.rules import Rules
from maild.process.token import make_token, message_id
from maild.replay.clues import Answers, point_to
from maild.replay.past import Played
from maild.replies.voice import Voice
from maild.store import replaying
from maild.store.desk import tickets
from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import store_alone
from maild.store.incoming.waiting import hold
from maild.store.replaying import Answered

log = logging.getLogger(__name__)

KEY = b"lent by a replay, and worth nothing outside of it"
MOST_TURNS = 100_000
"""Of the clock without a mail: more would be a clock that stands still."""

QUIET = timedelta(days=60)
"""So long without mail whatever is due is acted on at its own time. Behind that the clock leaps to the next mail: an archive
may have a mail of another decade, and what nobody answers is repeated every few hours until then."""

Parsed = tuple[Mail, Read] | Unreadable


@dataclass(kw_only=True)
class Side:
    """A desk on trial."""

    store: Store
    """Empty in the beginning, and thrown away in the end."""

    rules: Rules
    voice: Voice
    now: datetime
    tickets: dict[int, int] = field(default_factory=dict)
    """Ticket of the desk to the one on trial."""

    rows: dict[int, int] = field(default_factory=dict)
    """Number of a played mail to its row."""

    is_stopped: Callable[[], bool] = lambda: False
    """Asked before each turn of the clock."""

    def __post_init__(self) -> None:
        """Its clock is the past's."""
        self._deadlines = Deadlines(store=self.store, rules=self.rules, voice=self.voice, clock=lambda: self.now)

    def wait_until(self, at: datetime) -> None:
        """Let time pass, and act on what is due, each at its own time; far from any mail, once at the end."""
        watched = min(at, self.now + QUIET)
        for _ in range(MOST_TURNS):
            due = self._deadlines.next_at()
            if due is None or due > watched or self.is_stopped():
                break
            self.now = max(self.now, due)
            if self._deadlines.act_on_all() == 0:
                break
            self._pretend_sent()
        self.now = max(self.now, at)

    def play(self, number: int, played: Played, parsed: Parsed, answers: Answers) -> bool:
        """Take one mail in as the daemon would; False: it cannot be played, since it answers what was never written here."""
        self.wait_until(played.at)
        if isinstance(parsed, Unreadable):
            self.rows[number] = self.store.transact(lambda connection: self._hold(connection, played, str(parsed)))
            return True
        mail, read = parsed
        is_kept_by_import = played.was is None or played.was.is_moved_in
        if is_kept_by_import and self._is_ours(mail):
            self.store.transact(lambda connection: self._remember(connection, played, mail, read), serial=True)
            return True
        try:
            row = self.store.transact(lambda c: self._take_in(c, played, mail, read, answers), serial=True)
        except Exception as error:
            log.warning("mail not played", extra={"place": played.place, "because": repr(error)})
            words = f"maild failed on it ({type(error).__name__}: {error})"
            row = self.store.transact(lambda connection: self._hold(connection, played, words))
        if row is not None:
            self.rows[number] = row
            self._pretend_sent()
        return row is not None

    def _take_in(self, connection: Connection, played: Played, mail: Mail, read: Read, answers: Answers) -> int | None:
        meant = self._address(connection, mail, answers)
        if meant is None:
            return None
        row = store_alone(connection, played.source, now=self.now)
        if played.was and played.was.is_released:
            replaying.release(connection, row, now=self.now)
        is_sent, is_let_through = bool(played.was and played.was.is_sent), bool(played.was and played.was.is_released)
        arrival = read.arrival(row, meant, played.source, arrived_at=played.at, is_sent=is_sent)
        arrival = replace(arrival, is_let_through=is_let_through)
        with begin(connection, rules=self.rules, voice=self.voice, now=self.now) as transaction:
            take_in(transaction, [arrival])
        ticket = replaying.ticket_of(connection, row)
        if played.was and played.was.ticket is not None and ticket is not None:
            self.tickets.setdefault(played.was.ticket, ticket)
        return row

    def _address(self, connection: Connection, mail: Mail, answers: Answers) -> Mail | None:
        """The mail as an answer to what this desk has written; None: to a ticket that it does not have."""
        if not answers.by_id:
            return mail
        ids = []
        for answered in dict.fromkeys(answers.by_id.values()):
            number = self.tickets.get(answered.ticket)
            if number is None and answered.audience != "client":
                return None
            if number is not None and (known := self._same(connection, number, answered)):
                ids.append(known)
        return point_to(mail, answers.desk, ids, ours=answers.by_id)

    def _same(self, connection: Connection, number: int, answered: Answered) -> str | None:
        known = replaying.find_same(connection, number, answered)
        if known is not None or answered.audience == "client":
            return known
        token = make_token(0, KEY, ticket=number, recipient=answered.recipient, cause=answered.kind)
        lent = message_id(number, token, self.rules.desk.domain)
        replaying.lend(connection, answered, number=number, token=token, message_id=lent, now=self.now)
        tickets.add_participants(connection, number, {answered.recipient.casefold(): answered.role})
        return lent

    def _is_ours(self, mail: Mail) -> bool:
        return mail.author is not None and Ours(rules=self.rules).wrote(mail.author)

    def _remember(self, connection: Connection, played: Played, mail: Mail, read: Read) -> None:
        """What the house wrote is in an archive as a mail; it tells which tickets later mails belong to."""
        past = PastArrival(mail=mail, source=played.source, verdicts=read.classified.verdicts, at=played.at, labels={})
        remember(connection, past, Origin(ours=Ours(rules=self.rules), said_by="replay", now=self.now))

    def _hold(self, connection: Connection, played: Played, because: str) -> int:
        row = store_alone(connection, played.source, now=self.now)
        hold(connection, row, because=because, now=self.now)
        return row

    def _pretend_sent(self) -> None:
        self.store.transact(lambda connection: replaying.pretend_sent(connection, now=self.now))
