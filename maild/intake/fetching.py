"""From the server to the store: size first, then the bytes, and the cursor in the transaction that stores them."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.doors.imap import ImapConnection
from maild.doors.imap_answers import Listed, Selected
from maild.doors.imap_sets import portions
from maild.errors import Deferred, Refused
from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import Arrival, pack_source, store_arrivals
from maild.store.incoming.mailboxes import Mailbox, advance_cursor, reset_cursor

log = logging.getLogger(__name__)

FETCHED_AT_ONCE = 50
FETCHED_BYTES = 8_000_000
"""What one FETCH may bring, unless one mail alone is larger."""

MOST_BREAKS = 4
"""After so many breaks in a row a mail is held: Dovecot hangs up on the client that asks for a mail it cannot read."""

SKEW = timedelta(hours=1)
"""How far the server's clock may be behind ours; at the first look, where old mail lies, nothing is conceded.

Not so in a mailbox that was empty then: its first mail may come from a server whose clock is behind.
"""

STAYS = "the mail stays on the server: cure that, start maild again, then `maild held retry`"
"""What to do with a held mail whose bytes maild does not have (`refetching`)."""


@dataclass(frozen=True, kw_only=True)
class Fetching:
    """Stores what is new in one mailbox."""

    connection: ImapConnection
    store: Store
    source_bytes: int
    """Larger mails are held, and stay on the server."""

    keep_lease: Callable[[Connection], None]
    """Renews our lease of the mailbox inside the transaction; raises where another process has it."""

    breaks: Counter[int]
    """How often the connection broke while the server was to give this UID; outlives the connection."""

    clock: Callable[[], datetime]
    is_stopped: Callable[[], bool]

    def begin(self, mailbox: Mailbox, selected: Selected) -> tuple[Mailbox, datetime]:
        """Give the mailbox with its cursor, and the moment before which mail is left alone."""
        since = mailbox.since.replace(microsecond=0)  # INTERNALDATE knows whole seconds
        if mailbox.uidvalidity != selected.uidvalidity:
            return self._begin_anew(mailbox, selected), since
        return mailbox, since - SKEW

    def search(self, mailbox: Mailbox, selected: Selected, since: datetime) -> list[int]:
        """Give the UIDs above the cursor, ascending."""
        return self.connection.search(after_uid=mailbox.last_uid, since=since, exists=selected.exists)

    def _begin_anew(self, mailbox: Mailbox, selected: Selected) -> Mailbox:
        """Take the first look, or the first after the server renumbered; the desk recognises what it has already."""
        if mailbox.uidvalidity is not None:
            log.warning("mailbox was renumbered by the server, reading it again", extra={"mailbox": mailbox.name})
        else:
            facts = {"mailbox": mailbox.name, "account": mailbox.account, "since": mailbox.since.isoformat()}
            log.info("mailbox is new, older mail is left alone", extra=facts)
        self.breaks.clear()
        self.store.transact(lambda connection: reset_cursor(connection, mailbox.id, uidvalidity=selected.uidvalidity))
        return replace(mailbox, uidvalidity=selected.uidvalidity, last_uid=0)

    def batches(self, uids: Sequence[int], since: datetime) -> Iterator[list[Listed]]:
        """List mails, leave the old ones out, and cut the rest into what one FETCH may bring."""
        for part in portions(uids):
            young = [mail for mail in self._listed(part) if mail.is_since(since)]
            for batch in cut(young, self.source_bytes):
                if self.is_stopped():
                    return
                yield batch

    def _listed(self, uids: Sequence[int]) -> list[Listed]:
        listed = self.connection.list_mails(uids)
        silent = set(uids) - {mail.uid for mail in listed}
        # most have gone since the search; what is still there must not be passed by
        left = self.connection.present(sorted(silent))
        return sorted([*listed, *(Listed(uid=uid, size=0, arrived_at=None) for uid in left)], key=lambda mail: mail.uid)

    def store_batch(self, mailbox: Mailbox, batch: list[Listed], *, last_uid: int | None = None) -> int:
        """Fetch and store a batch, and move the cursor in the same transaction: to its last mail, or to `last_uid`."""
        arrivals, now = self._arrivals(batch), self.clock()
        assert mailbox.uidvalidity is not None  # noqa: S101  # _begin_anew has seen to it
        uidvalidity = mailbox.uidvalidity
        reached = batch[-1].uid if last_uid is None else last_uid

        def work(connection: Connection) -> int:
            self.keep_lease(connection)
            return store_arrivals(
                connection, mailbox.id, uidvalidity=uidvalidity, arrivals=arrivals, last_uid=reached, now=now
            )

        stored = self.store.transact(work)
        for arrival in arrivals:
            self.breaks.pop(arrival.uid, None)
        if stored:
            log.info("mails stored", extra={"mailbox": mailbox.name, "count": stored})
        return stored

    def _arrivals(self, batch: list[Listed]) -> list[Arrival]:
        sources = self._sources([mail.uid for mail in batch if mail.size <= self.source_bytes])
        missing = [mail.uid for mail in batch if mail.size <= self.source_bytes and mail.uid not in sources]
        withheld = self.connection.present(missing)
        now = self.clock()
        return [
            self._arrival(mail, sources.get(mail.uid), now)
            for mail in batch
            if mail.uid in sources or mail.uid in withheld or mail.size > self.source_bytes
        ]

    def _sources(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Fetch a batch, or one by one where that went wrong, so that a broken mail stops no other."""
        if len(uids) == 1 and self.breaks[uids[0]] >= MOST_BREAKS:
            return {}
        if len(uids) > 1 and any(self.breaks[uid] for uid in uids):
            return self._sources_alone(uids)
        try:
            return self.connection.fetch(uids) if uids else {}
        except Deferred:
            self.breaks.update(uids)
            raise
        except Refused:
            return self._sources_alone(uids) if len(uids) > 1 else {}

    def _sources_alone(self, uids: Sequence[int]) -> dict[int, bytes]:
        sources: dict[int, bytes] = {}
        for uid in uids:
            sources |= self._sources([uid])
            if uid in sources:
                del self.breaks[uid]
        return sources

    def _arrival(self, mail: Listed, source: bytes | None, now: datetime) -> Arrival:
        size = mail.size if source is None else len(source)
        held = None
        if size > self.source_bytes:
            held = f"{size} octets are more than [limits] source_bytes = {self.source_bytes}; {STAYS}"
        elif source is None:
            held = f"the server lists this mail, but does not give its bytes; {STAYS}"
        return Arrival(
            uid=mail.uid,
            arrived_at=mail.arrived_at or now,
            size=size,
            source=None if held or source is None else pack_source(source),
            held=held,
        )

    def pass_by(self, mailbox: Mailbox, selected: Selected, uids: Sequence[int]) -> None:
        """Move the cursor over mail that is too old, or has gone, so that it is not looked at again."""
        reached = max(uids, default=0)
        if mailbox.last_uid == 0 and selected.uidnext is not None:
            reached = max(reached, selected.uidnext - 1)
        if reached > mailbox.last_uid:
            self.store.transact(
                lambda connection: advance_cursor(
                    connection, mailbox.id, last_uid=reached, uidvalidity=selected.uidvalidity
                )
            )


def cut(mails: Sequence[Listed], source_bytes: int) -> Iterator[list[Listed]]:
    """Cut a list into batches of bounded number and size; what is too large to be fetched costs nothing."""
    batch: list[Listed] = []
    size = 0
    for mail in mails:
        cost = mail.size if mail.size <= source_bytes else 0
        if batch and (len(batch) == FETCHED_AT_ONCE or size + cost > FETCHED_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += cost
    if batch:
        yield batch
