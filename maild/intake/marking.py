"""What people see in the mailbox when a mail has been taken in: moved, flagged, or left as it is."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.doors.imap import ImapConnection
from maild.doors.imap_answers import Selected
from maild.settings.values import MailboxSettings
from maild.store.engine import Store
from maild.store.incoming.marking import Unmarked, mark, unmarked

log = logging.getLogger(__name__)

MARKED_AT_ONCE = 500
"""One command for many: alone, a mail costs up to 7 ms (FIELD.md, section 10)."""

KEYWORD = "$MaildTakenIn"
r"""Says what it means in any mail client. `\Seen` belongs to people, and `\Flagged` tells them that there is work."""

FLAG = r"\Flagged"
"""For servers that keep no keywords: the one flag besides `\\Seen` that every mail client shows."""


@dataclass(frozen=True, kw_only=True)
class Marking:
    """Marks the mails of one mailbox that have been taken in."""

    connection: ImapConnection
    store: Store
    settings: MailboxSettings
    clock: Callable[[], datetime]

    def mark_taken_in(self, mailbox_id: int, selected: Selected) -> int:
        """Mark by UID, in batches, on the server first: what is interrupted is done again, and does no harm twice."""
        count = 0
        while waiting := self._waiting(mailbox_id, selected):
            self._change([mail.uid for mail in waiting], selected)
            ids = [mail.id for mail in waiting]
            self.store.transact(lambda connection, ids=ids: mark(connection, ids, now=self.clock()))  # type: ignore[misc]
            count += len(waiting)
        if count:
            log.info(
                "mails marked", extra={"mailbox": self.settings.name, "count": count, "after": self.settings.after}
            )
        return count

    def _waiting(self, mailbox_id: int, selected: Selected) -> list[Unmarked]:
        with self.store.read() as connection:
            waiting = unmarked(connection, mailbox_id, limit=MARKED_AT_ONCE)
        return [mail for mail in waiting if mail.uidvalidity == selected.uidvalidity]

    def _change(self, uids: Sequence[int], selected: Selected) -> None:
        if self.settings.after == "move":
            self.connection.create(self.settings.processed)
            self.connection.move(uids, self.settings.processed)
        elif self.settings.after == "flag":
            self.connection.flag(uids, KEYWORD if selected.keeps_keywords else FLAG)
