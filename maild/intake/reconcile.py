"""Server against store: what is there and not stored, stored and not there, taken in and not marked."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from maild.doors.credential import Credential
from maild.errors import NotFound
from maild.intake.account import open_account
from maild.settings.values import MailboxSettings
from maild.store.engine import Store
from maild.store.incoming.arrivals import stored_uids
from maild.store.incoming.mailboxes import Mailbox, list_mailboxes
from maild.store.incoming.marking import unmarked_uids

BEFORE_ALL_MAIL = datetime(1971, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One mailbox compared; UIDs ascending. Nothing is changed by comparing."""

    account: str
    mailbox: str
    renumbered: bool
    """The server has another UIDVALIDITY than the store: `maild run` reads the mailbox again."""

    on_server: int
    stored: int
    """Of those on the server."""

    ignored: int
    """On the server, not stored, older than `since`."""

    unstored: tuple[int, ...]
    """On the server, not stored, and not older than `since`: lost until `maild run` stores them."""

    vanished: tuple[int, ...]
    """Stored, and taken from the mailbox by somebody else before maild moved or flagged them."""

    unmarked: tuple[int, ...]
    """Taken in, and not moved or flagged yet."""

    waiting: int
    """Stored, and not taken in yet."""

    @property
    def is_equal(self) -> bool:
        """Whether server and store agree about every mail."""
        return not (self.renumbered or self.unstored or self.vanished or self.unmarked)


def reconcile(settings: MailboxSettings, store: Store, credential: Credential) -> Reconciliation:
    """Compare one mailbox; NotFound where it was never watched, Refused or Deferred where the server cannot tell."""
    known = _known(settings, store)
    with closing(open_account(settings, credential)) as connection:
        selected = connection.select(settings.name)
        everything = connection.search(after_uid=0, since=BEFORE_ALL_MAIL, exists=selected.exists)
        with store.read() as reading:
            stored = stored_uids(reading, known.id, uidvalidity=selected.uidvalidity, uids=everything)
            unmarked = unmarked_uids(reading, known.id, uidvalidity=selected.uidvalidity)
        found = connection.search(after_uid=0, since=known.since, exists=selected.exists)
        listed = connection.list_mails([uid for uid in found if uid not in stored])
        # SEARCH has found by the day alone
        unstored = tuple(mail.uid for mail in listed if mail.is_since(known.since.replace(microsecond=0)))
    there = set(everything)
    return Reconciliation(
        account=settings.account,
        mailbox=settings.name,
        renumbered=known.uidvalidity not in {None, selected.uidvalidity},
        on_server=len(everything),
        stored=len(stored),
        ignored=len(everything) - len(stored) - len(unstored),
        unstored=unstored,
        vanished=tuple(uid for uid in unmarked if uid not in there),
        unmarked=tuple(uid for uid, is_taken_in in unmarked.items() if uid in there and is_taken_in),
        waiting=sum(not is_taken_in for is_taken_in in unmarked.values()),
    )


def _known(settings: MailboxSettings, store: Store) -> Mailbox:
    with store.read() as connection:
        for mailbox in list_mailboxes(connection):
            if (mailbox.account, mailbox.name) == (settings.account, settings.name):
                return mailbox
    raise NotFound(f"{settings.account}/{settings.name} has never been watched: start `maild run` first")
