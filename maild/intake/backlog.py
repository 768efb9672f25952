"""A backlog on the server: heads first, then the mails whose turn it is; the cursor never passes what still waits there."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from maild.doors.imap_answers import Selected
from maild.errors import Deferred, MaildError, Refused
from maild.intake.fetching import Fetching
from maild.intake.turns import Turns
from maild.mail.head import read_head
from maild.process.rank import Rank
from maild.process.waiting.queue import Queue
from maild.process.waiting.turns import Place
from maild.store.incoming.arrivals import stored_uids
from maild.store.incoming.mailboxes import Mailbox

log = logging.getLogger(__name__)

GROUPS_OF_HEADS = 10
"""Groups whose heads are asked for by one command. After each command one group is stored, so that the desk has work."""

GROUPS_STORED = 5
"""Groups that are stored, once all have their place, before it is looked who has come meanwhile."""

ROUNDS = 20
"""Of these, before the mailbox is marked and its lease renewed: a flood may go on for days."""

NOBODYS = Place(rank=Rank.UNKNOWN, turn=0)


@dataclass(kw_only=True)
class Postponed:
    """What is known of a mailbox's backlog beyond one look at it, and beyond the connection of the moment."""

    turns: Turns
    uidvalidity: int | None = None
    queue: Queue = field(default_factory=Queue)
    """UIDs with a place."""

    done: set[int] = field(default_factory=set)
    """UIDs: stored, too old, or gone."""

    headless: set[int] = field(default_factory=set)
    """UIDs with whose heads the connection broke: they are not asked for again, and wait with those who are nobody."""

    since: datetime | None = None
    """Mail that arrived before is left alone: as at the first look at those who wait, which concedes nothing to the server's clock."""

    is_left: bool = False
    """Whether somebody waits still: the look ended, and the next one should not be long."""

    def meet(self, uidvalidity: int) -> None:
        """What is known of UIDs says nothing of those of another UIDVALIDITY."""
        if uidvalidity != self.uidvalidity:
            self.forget()
            self.uidvalidity = uidvalidity

    def forget(self) -> None:
        """Nobody waits."""
        self.turns.line.forget()
        self.queue.clear()
        self.done.clear()
        self.headless.clear()
        self.since, self.is_left = None, False


def store_new(fetching: Fetching, mailbox: Mailbox, selected: Selected, postponed: Postponed | None) -> int:
    """Store all mail above the cursor that arrived at `since` or later; answers how many were new.

    In the order of arrival, unless many wait, of whom a part is left (`is_left`); None: always so.
    """
    mailbox, since = fetching.begin(mailbox, selected)
    if postponed is not None:
        postponed.meet(selected.uidvalidity)
        since = postponed.since = postponed.since or since
    uids: Sequence[int] = fetching.search(mailbox, selected, since)
    if postponed is None or len(uids) <= postponed.turns.many:
        stored = sum(fetching.store_batch(mailbox, batch) for batch in fetching.batches(uids, since))
        if postponed is not None:
            postponed.forget()
    else:
        backlog = Backlog(fetching=fetching, postponed=postponed, mailbox=mailbox, selected=selected, since=since)
        stored, uids = backlog.store_some(uids)
    if not fetching.is_stopped() and not (postponed and postponed.is_left):
        fetching.pass_by(mailbox, selected, uids)
    return stored


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Stores what waits in one mailbox, in turns."""

    fetching: Fetching
    postponed: Postponed
    mailbox: Mailbox
    selected: Selected
    since: datetime

    def store_some(self, uids: Sequence[int]) -> tuple[int, Sequence[int]]:
        """Store these and what comes meanwhile, for some rounds; how many were new, and all UIDs that were found."""
        self.queue.keep_only(set(uids))
        self.postponed.done.intersection_update(uids)  # nobody asks again for what the cursor has passed
        count, group, left = 0, self.postponed.turns.group, self._without_place(uids)
        log.info("many mails wait on the server", extra={"mailbox": self.mailbox.name, "count": len(left)})
        for _ in range(ROUNDS):
            if self.fetching.is_stopped() or not (left or self.queue.places):
                break
            heads, left = left[: GROUPS_OF_HEADS * group], left[GROUPS_OF_HEADS * group :]
            self._place(heads)
            count += self._store(self.queue.next(group if heads else GROUPS_STORED * group), left)
            if not left:
                new = self._come_since(uids[-1])
                uids, left = [*uids, *new], self._without_place(new)
        self.postponed.is_left = bool(left or self.queue.places)
        if not self.postponed.is_left:
            self.postponed.forget()
        return count, uids

    @property
    def queue(self) -> Queue:
        """Who waits, and has a place."""
        return self.postponed.queue

    def _come_since(self, uid: int) -> list[int]:
        found = self.fetching.search(replace(self.mailbox, last_uid=uid), self.selected, self.since)
        return [each for each in found if each > uid]

    def _without_place(self, uids: Sequence[int]) -> list[int]:
        """Those that wait and have none, ascending: what a killed process had stored out of turn is not fetched again."""
        unknown = [uid for uid in uids if uid not in self.postponed.done]
        if unknown:
            validity = self.selected.uidvalidity
            with self.fetching.store.read() as connection:
                self._end(stored_uids(connection, self.mailbox.id, uidvalidity=validity, uids=unknown))
        return [uid for uid in unknown if uid not in self.postponed.done and uid not in self.queue.places]

    def _end(self, uids: set[int]) -> None:
        self.postponed.done.update(uids)
        self.queue.remove(uids)

    def _place(self, uids: Sequence[int]) -> None:
        asked = [uid for uid in uids if uid not in self.postponed.headless]
        try:
            heads = self.fetching.connection.heads(asked, also=self.postponed.turns.trusted_field) if asked else {}
        except Deferred:
            self.postponed.headless.update(asked)
            raise
        except Refused as refusal:
            log.warning("heads refused", extra={"mailbox": self.mailbox.name, "because": str(refusal)})
            heads = {}
        self.queue.add(dict(zip(uids, self._places([heads.get(uid, b"") for uid in uids]), strict=True)))

    def _places(self, heads: Sequence[bytes]) -> Sequence[Place]:
        """Their places; where that fails by a mistake of maild's, as if nothing were known of anybody."""
        with self.fetching.store.read() as connection:
            try:
                return self.postponed.turns.places(connection, [read_head(head) for head in heads])
            except MaildError:
                raise
            except Exception:
                log.exception("heads not understood", extra={"mailbox": self.mailbox.name})
                return [NOBODYS for _ in heads]

    def _store(self, uids: Sequence[int], left: Sequence[int]) -> int:
        """Store them; the cursor stands before the first that waits, and moves on when that one is stored."""
        count, order = 0, {uid: place for place, uid in enumerate(uids)}
        first = min(uid for uid in (self.queue.oldest(), *left[:1]) if uid is not None)
        for batch in self.fetching.batches(uids, self.since):
            in_turn = sorted(batch, key=lambda mail: order[mail.uid])
            count += self.fetching.store_batch(self.mailbox, in_turn, last_uid=first - 1)
            self._end({mail.uid for mail in batch})
        if not self.fetching.is_stopped():
            self._end(set(uids))
        return count
