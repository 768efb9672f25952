"""The line from the store to the desk: claim, parse, classify, decide; what fails alone is held alone."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from time import sleep

from maild.desk.arriving import take_in
from maild.desk.finding.arrival import Arrival
from maild.desk.telling.quiet import quietly
from maild.desk.transaction import begin
from maild.errors import Refused, Unreadable
from maild.intake.ahead import GROUPS_AHEAD, Ahead, Group, has_room, is_suspect
from maild.intake.ordering import find_early
from maild.intake.reading import Read
from maild.intake.turns import GROUP, Turns
from maild.mail.enclosing import Enclosed
from maild.mail.pool import ParsingPool
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.database.packing import Damaged
from maild.store.engine import Connection, Store
from maild.store.incoming import waiting as store
from maild.store.incoming.waiting import USUAL_LEASE, Waiting

log = logging.getLogger(__name__)

Scan = Callable[[Enclosed], Enclosed]

MOST_ATTEMPTS = 20
"""A mail that was claimed more often is held: a person must look."""

PAUSE_SECONDS = 0.1
"""Between two looks whether the turn of a mail has come."""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Takes in the mails that wait in the store."""

    store: Store
    pool: ParsingPool
    """Classifies and gathers, too (`reading`)."""

    rules: Rules
    voice: Voice
    holder: str
    """Names this process in leases."""

    clock: Callable[[], datetime]
    lease: timedelta = USUAL_LEASE
    group: int = GROUP
    scan: Scan | None = None
    """Looks for viruses in files; None: nobody does."""

    @cached_property
    def turns(self) -> Turns:
        """Who is next."""
        return Turns(rules=self.rules, group=self.group)

    def take_in_all(self, is_stopped: Callable[[], bool] = lambda: False) -> int:
        """Take in until nothing waits."""
        count = 0
        # A decision may release a held mail when what follows has been looked for already: so look again.
        while taken := self._take_in_groups(is_stopped):
            count += taken
            if is_stopped():
                break
        return count

    def _take_in_groups(self, is_stopped: Callable[[], bool]) -> int:
        """Take in group after group; the next ones are read while the desk decides about this one."""
        count, ahead, early = 0, deque[Ahead](), list[Arrival]()
        with ThreadPoolExecutor(GROUPS_AHEAD, "reading") as reader:
            try:
                while self._look_ahead(ahead, early, reader) or early:
                    group = self._next(ahead, early)
                    early = self.decide(group)
                    if ahead:
                        ahead.popleft()
                    count += len(group.mails)
                    if is_stopped():
                        self._give_back(ahead, early)
                        break
            except Exception as error:
                # Of anything else the first may be to blame, so its attempt counts; those behind it are not.
                self._give_back(ahead if isinstance(error, Refused) else list(ahead)[1:], early)
                raise
        return count

    def _next(self, ahead: deque[Ahead], early: Sequence[Arrival]) -> Group:
        """The next group, and before it those whose turn had not come."""
        if not ahead:
            sleep(PAUSE_SECONDS)  # until another process has taken in what comes before them, or its lease has ended
            return Group(arrivals=tuple(early), unreadable=())
        group = ahead[0].group.result()
        return replace(group, arrivals=(*early, *group.arrivals))

    def _look_ahead(self, ahead: deque[Ahead], early: list[Arrival], reader: ThreadPoolExecutor) -> bool:
        """Claim here, and not where mails are read: a claim that waited for the desk's transaction kept the processes idle."""
        while has_room(ahead):
            if not (waiting := self.store.transact(partial(self._claim, is_first=not ahead, early=early))):
                break
            if early and any(is_suspect(mail) for mail in waiting):
                early.clear()
                sleep(PAUSE_SECONDS)  # two suspects that are early, both, would give each other back without a rest
            ahead.append(Ahead(waiting=waiting, group=reader.submit(self._read, waiting)))
        return bool(ahead)

    def _read(self, waiting: Sequence[Waiting]) -> Group:
        worn = [(mail.id, _worn(mail)) for mail in waiting if mail.attempts > MOST_ATTEMPTS]
        opened, damaged = _opened(mail for mail in waiting if mail.attempts <= MOST_ATTEMPTS)
        parsed = list(zip(opened, self.pool.parse_further([source for _, source in opened]), strict=True))
        unreadable = [(mail.id, str(each)) for (mail, _), each in parsed if isinstance(each, Unreadable)]
        arrivals = (
            self._looked_over(each[1]).arrival(
                mail.id, each[0], source, arrived_at=mail.arrived_at, is_sent=mail.is_sent
            )
            for (mail, source), each in parsed
            if not isinstance(each, Unreadable)
        )
        return Group(arrivals=tuple(arrivals), unreadable=(*worn, *damaged, *unreadable))

    def _looked_over(self, read: Read) -> Read:
        """Here, and not where the mail was parsed: waiting for the scanner is no mail's fault."""
        if self.scan is None or not read.enclosed.files:
            return read
        return replace(read, enclosed=self.scan(read.enclosed))

    def _claim(self, connection: Connection, *, is_first: bool, early: Sequence[Arrival] = ()) -> list[Waiting]:
        """The next group; a suspect alone, and only where no other group is claimed: for it the early ones are given back."""
        waiting = self.turns.claim(connection, holder=self.holder, lease=self.lease)
        suspect = next((mail for mail in waiting if is_suspect(mail)), None)
        if suspect is None:
            return waiting
        taken = [suspect] if is_first else []
        others = {mail.id for mail in waiting}
        if is_first:  # one that waited longer than its lease has been claimed anew, and may be the suspect itself
            others |= store.still_claimed(connection, (each.mail_id for each in early), holder=self.holder)
        store.release_mails(connection, others - {mail.id for mail in taken})
        return taken

    def _give_back(self, ahead: Iterable[Ahead], early: Iterable[Arrival]) -> None:
        """Whatever stood in the way was no mail's fault: this attempt does not count, if that can be written down."""
        mails = [*(mail.id for each in ahead for mail in each.waiting), *(arrival.mail_id for arrival in early)]

        def release(connection: Connection) -> None:
            mine = store.still_claimed(connection, mails, holder=self.holder)
            store.release_mails(connection, mine)

        with suppress(Refused):
            self.store.transact(release)

    def decide(self, group: Group) -> list[Arrival]:
        """Give the group to the desk in one transaction; if that fails, each mail alone. Answers those whose turn has not come."""
        try:
            return self._decide(group)
        except Refused:
            raise
        except Exception as error:
            log.warning("group failed, each mail alone now", extra={"because": repr(error), "mails": len(group.mails)})
            return self._decide_each(group)

    def _decide_each(self, group: Group) -> list[Arrival]:
        early: list[Arrival] = []
        for mail_id, reason in group.unreadable:
            self._decide(Group(arrivals=(), unreadable=((mail_id, reason),)))
        for arrival in group.arrivals:
            try:
                early += self._decide(Group(arrivals=(arrival,), unreadable=()))
            except Refused:
                raise
            except Exception as error:
                log.exception("mail held", extra={"mail": arrival.mail_id})
                self._decide(Group(arrivals=(), unreadable=((arrival.mail_id, _failed(error)),)))
        return early

    def _decide(self, group: Group) -> list[Arrival]:
        now = self.clock()
        return self.store.transact(lambda connection: self._in_transaction(connection, group, now), serial=True)

    def _in_transaction(self, connection: Connection, group: Group, now: datetime) -> list[Arrival]:
        # Reading took longer than the lease, perhaps: what somebody else has decided meanwhile stays decided.
        mine = store.still_claimed(connection, group.mails, holder=self.holder)
        for mail_id, reason in group.unreadable:
            if mail_id not in mine:
                continue
            store.hold(connection, mail_id, because=reason, now=now)
            log.warning("mail held", extra={"mail": mail_id, "because": reason})
        # One that waited for its turn longer than its lease has been claimed anew, and stands in the group twice.
        ours = list({arrival.mail_id: arrival for arrival in group.arrivals if arrival.mail_id in mine}.values())
        early = find_early(connection, ours, self.rules, holder=self.holder)
        arrivals = [arrival for arrival in ours if arrival.mail_id not in early]
        if arrivals:
            moments = {arrival.mail_id: arrival.arrived_at for arrival in arrivals}
            with (
                quietly(connection, mails=moments, now=now),
                begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction,
            ):
                take_in(transaction, arrivals)
        return [arrival for arrival in ours if arrival.mail_id in early]


def _opened(waiting: Iterable[Waiting]) -> tuple[list[tuple[Waiting, bytes]], list[tuple[int, str]]]:
    """Each with its source; and the rows of those whose bytes are damaged, with the reason."""
    opened, damaged = [], []
    for mail in waiting:
        try:
            opened.append((mail, mail.source))
        except Damaged as error:
            damaged.append((mail.id, f"{error} Then: maild held retry {mail.id}."))
    return opened, damaged


def _failed(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return f"what it needs cannot be read: {error}"
    return f"maild failed on it ({type(error).__name__}: {error}); a bug: `maild held retry` after an update"


def _worn(mail: Waiting) -> str:
    return (
        f"taking it in was begun {mail.attempts - 1} times and never ended: it may have stopped maild;"
        " look at the source, then `maild held retry`"
    )
