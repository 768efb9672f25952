"""A backlog on the server: heads first, then the mails whose turn it is; the cursor never passes what still waits there."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from maild.doors.imap_answers import Selected
from maild.errors import Deferred, Refused
from maild.intake.fetching import Fetching
from maild.intake.turns import Turns
from maild.mail.head import read_head
from maild.process.rank import Rank
from maild.process.turns import Place, share_out
from maild.store.arrivals import stored_uids
from maild.store.mailboxes import Mailbox

log = logging.getLogger(__name__)

GROUPS_OF_HEADS = 10
"""Groups whose heads are asked for by one command. After each command one group is stored, so that the desk has work."""

GROUPS_STORED = 5
"""Groups that are stored, once all have their place, before it is looked who has come meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Postponed:
    """What is known of a mailbox's backlog beyond the connection of the moment."""

    turns: Turns
    headless: set[int] = field(default_factory=set)
    """UIDs with whose heads the connection broke: they are not asked for again, and wait with those who are nobody."""


def store_new(fetching: Fetching, mailbox: Mailbox, selected: Selected, postponed: Postponed | None) -> int:
    """Store all mail above the cursor that arrived at `since` or later; answers how many were new.

    In the order of arrival, unless many wait; None: always so.
    """
    mailbox, since = fetching.begin(mailbox, selected)
    uids: Sequence[int] = fetching.search(mailbox, selected, since)
    if postponed is None or len(uids) <= postponed.turns.many:
        stored = sum(fetching.store_batch(mailbox, batch) for batch in fetching.batches(uids, since))
    else:
        backlog = Backlog(fetching=fetching, postponed=postponed, mailbox=mailbox, selected=selected, since=since)
        stored, uids = backlog.store_all(uids)
    if not fetching.is_stopped():
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
    places: dict[int, Place] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    """Stored, too old, or gone."""

    def store_all(self, uids: Sequence[int]) -> tuple[int, Sequence[int]]:
        """Store these and what comes meanwhile; how many were new, and the UIDs that were found in the end."""
        count, group = 0, self.postponed.turns.group
        left = self._waiting(uids)
        log.info("many mails wait on the server", extra={"mailbox": self.mailbox.name, "count": len(left)})
        while left and not self.fetching.is_stopped():
            unplaced = [uid for uid in left if uid not in self.places][: GROUPS_OF_HEADS * group]
            if unplaced:
                self._place(unplaced)
            placed = [uid for uid in left if uid in self.places]
            chosen = self._next(placed, group if unplaced else GROUPS_STORED * group)
            count += self._store(chosen, first=left[0])
            if not unplaced:
                uids = self.fetching.search(self.mailbox, self.selected, self.since)
            left = self._waiting(uids)
        if not left:
            self.postponed.turns.line.forget()
            self.postponed.headless.clear()
        return count, uids

    def _waiting(self, uids: Sequence[int]) -> list[int]:
        """Those that are not stored yet, ascending: what a killed process had stored out of turn is not fetched again."""
        unknown = [uid for uid in uids if uid not in self.done and uid not in self.places]
        if unknown:
            validity = self.selected.uidvalidity
            with self.fetching.store.read() as connection:
                self.done.update(stored_uids(connection, self.mailbox.id, uidvalidity=validity, uids=unknown))
        return [uid for uid in uids if uid not in self.done]

    def _place(self, uids: Sequence[int]) -> None:
        asked = [uid for uid in uids if uid not in self.postponed.headless]
        try:
            heads = self.fetching.connection.heads(asked, also=self.postponed.turns.trusted_field)
        except Deferred:
            self.postponed.headless.update(asked)
            raise
        except Refused as refusal:
            log.warning("heads refused", extra={"mailbox": self.mailbox.name, "because": str(refusal)})
            heads = {}
        with self.fetching.store.read() as connection:
            places = self.postponed.turns.places(connection, [read_head(heads.get(uid, b"")) for uid in uids])
        self.places.update(zip(uids, places, strict=True))

    def _next(self, uids: Sequence[int], most: int) -> list[int]:
        """Those whose turn it is, in this order."""
        ordered = sorted(uids, key=lambda uid: (self.places[uid].turn, uid))
        waiting = {rank: [uid for uid in ordered if self.places[uid].rank is rank] for rank in Rank}
        return share_out(waiting, most)

    def _store(self, uids: Sequence[int], *, first: int) -> int:
        """Store them; the cursor stands before the first that waits, and moves on when that one is stored."""
        count, order = 0, {uid: place for place, uid in enumerate(uids)}
        for batch in self.fetching.batches(uids, self.since):
            in_turn = sorted(batch, key=lambda mail: order[mail.uid])
            count += self.fetching.store_batch(self.mailbox, in_turn, last_uid=first - 1)
        if not self.fetching.is_stopped():
            self.done.update(uids)
        return count
