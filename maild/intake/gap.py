"""The gap after a restored backup: mail that the desk had taken in since, found where it had moved it, is stored again."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from maild.doors.credential import Credential
from maild.doors.imap import ImapConnection
from maild.doors.imap_answers import Listed
from maild.errors import Deferred, Refused
from maild.intake.account import open_account
from maild.intake.fetching import cut
from maild.settings.values import MailboxSettings
from maild.store.engine import Store
from maild.store.incoming.past import find_stored
from maild.store.incoming.returning import are_known, store_returned, submitted_among

BEFORE = timedelta(days=7)
"""How long before the backup mail may have arrived that was taken in only after it."""

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What one mailbox of the server has that the backup does not know."""

    account: str
    mailbox: str
    moved: int
    """Mails that had been taken in and moved away since the backup."""

    too_large: int
    """Of those that are over the limit: they stay where they are."""

    sent: tuple[str, ...] = ()
    """Message-IDs, of a mailbox of sent mail: what was due in the backup and has been submitted since."""


@dataclass(frozen=True, kw_only=True)
class GapFinder:
    """Looks through the mailboxes; with `store_returned` nothing is lost, and whatever is known already stays out."""

    store: Store
    backup_at: datetime
    source_bytes: int
    clock: Callable[[], datetime]

    def look(self, settings: MailboxSettings, credential: Credential, *, brings_back: bool) -> Gap:
        """Look into one mailbox, and store what is missing if that is wanted. Raises Refused or Deferred."""
        with closing(open_account(settings, credential)) as connection:
            if settings.is_sent:
                return self._look_at_sent(settings, connection)
            if settings.after != "move":
                return self._gap(settings, 0, 0)  # whatever came since is where it came
            listed = self._listed(connection, settings.processed)
            wanted = [mail for mail in listed if mail.size <= self.source_bytes]
            moved = sum(
                self._bring_back(connection, batch, stores=brings_back) for batch in cut(wanted, self.source_bytes)
            )
            return self._gap(settings, moved, len(listed) - len(wanted))

    def _gap(self, settings: MailboxSettings, moved: int, too_large: int, sent: tuple[str, ...] = ()) -> Gap:
        return Gap(account=settings.account, mailbox=settings.name, moved=moved, too_large=too_large, sent=sent)

    def _look_at_sent(self, settings: MailboxSettings, connection: ImapConnection) -> Gap:
        sent: set[str] = set()
        for batch in cut(self._listed(connection, settings.name), self.source_bytes):
            small = [mail.uid for mail in batch if mail.size <= self.source_bytes]
            for source in connection.fetch(small).values():
                found = _MESSAGE_ID.search(re.split(rb"\r?\n\r?\n", source, maxsplit=1)[0])
                sent |= {found[1].decode(errors="replace")} if found else set()
        with self.store.read() as reading:
            return self._gap(settings, 0, 0, tuple(submitted_among(reading, sorted(sent))))

    def _listed(self, connection: ImapConnection, mailbox: str) -> list[Listed]:
        """Mails there that arrived since a week before the backup, and whose size and time no stored mail has."""
        try:
            selected = connection.select(mailbox, reads_only=True)
        except Deferred:
            raise
        except Refused:
            return []  # it was never made
        since = self.backup_at - BEFORE
        uids = connection.search(after_uid=0, since=since, exists=selected.exists)
        listed = [mail for mail in connection.list_mails(uids) if mail.is_since(since)]
        with self.store.read() as reading:
            known = are_known(reading, since=since)
        return sorted(
            (mail for mail in listed if (mail.arrived_at, mail.size) not in known),
            key=lambda mail: (mail.arrived_at or since, mail.uid),
        )

    def _bring_back(self, connection: ImapConnection, batch: Sequence[Listed], *, stores: bool) -> int:
        """Those of a batch that are missing; each batch is a commit, and what is there already is left alone."""
        arrived = {mail.uid: mail.arrived_at or self.clock() for mail in batch}
        sources = connection.fetch(list(arrived))
        named = {sha256(source).hexdigest(): (source, arrived[uid]) for uid, source in sources.items()}
        with self.store.read() as reading:
            there = find_stored(reading, named.keys())
        missing = [each for digest, each in named.items() if digest not in there]
        if stores and missing:
            now = self.clock()
            self.store.transact(lambda writing: store_returned(writing, missing, now=now))
        return len(missing)
