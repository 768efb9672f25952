"""Bytes that stayed on the mail server, fetched by UID because a person has asked for them (`maild held retry`)."""

import logging
from collections.abc import Callable
from typing import TypeVar

from maild.doors.imap_answers import Selected
from maild.errors import Deferred, Refused
from maild.intake.fetching import MOST_BREAKS, Fetching
from maild.store.engine import Connection
from maild.store.incoming.mailboxes import Mailbox
from maild.store.incoming.waiting import hold
from maild.store.incoming.wanted import Wanted, bring_bytes, list_wanted

T = TypeVar("T")

log = logging.getLogger(__name__)

CURE = "if it was moved out and back in, it has come in as another mail; `maild held drop` this one"


def fetch_wanted(fetching: Fetching, mailbox: Mailbox, selected: Selected) -> int:
    """Bring each wanted mail its bytes, or hold it again with the reason; the number that got theirs.

    The cursor stays where it is.
    """
    with fetching.store.read() as connection:
        wanted = list_wanted(connection, mailbox.id)
    return sum(_bring(fetching, mail, selected) for mail in wanted if not fetching.is_stopped())


def _bring(fetching: Fetching, mail: Wanted, selected: Selected) -> bool:
    try:
        source = _source(fetching, mail, selected)
    except Deferred:
        raise
    except Refused as refusal:
        fetching.breaks.pop(mail.uid, None)
        because, now = str(refusal), fetching.clock()
        _write(fetching, lambda connection: hold(connection, mail.id, because=because, now=now))
        log.warning("mail held", extra={"mail": mail.id, "because": because})
        return False
    _write(fetching, lambda connection: bring_bytes(connection, mail.id, source))
    log.info("bytes of held mail fetched", extra={"mail": mail.id, "octets": len(source)})
    return True


def _source(fetching: Fetching, mail: Wanted, selected: Selected) -> bytes:
    """Raises Refused, with words for `maild held`, where the bytes cannot be had."""
    if mail.uidvalidity != selected.uidvalidity:
        raise Refused(f"the mail server has renumbered the mailbox, what was UID {mail.uid} cannot be told; {CURE}")
    if fetching.breaks[mail.uid] >= MOST_BREAKS:
        raise Refused("the mail server hangs up, or puts maild off again and again, when it is asked for this mail")
    listed = _counted(fetching, mail.uid, lambda: fetching.connection.list_mails([mail.uid]))
    if not listed:
        raise Refused(f"the mail is no longer in its mailbox (UID {mail.uid}): somebody moved or deleted it; {CURE}")
    if listed[0].size > fetching.source_bytes:
        raise Refused(f"{listed[0].size} octets are more than [limits] source_bytes = {fetching.source_bytes}")
    source = _counted(fetching, mail.uid, lambda: fetching.connection.fetch([mail.uid]).get(mail.uid))
    del fetching.breaks[mail.uid]
    if source is None or len(source) > fetching.source_bytes:
        raise Refused("the mail server lists this mail, but does not give its bytes, or gives more than it said")
    return source


def _counted(fetching: Fetching, uid: int, ask: Callable[[], T]) -> T:
    """Count what the server puts off: what it puts off for ever must not keep the mailbox."""
    try:
        return ask()
    except Deferred:
        fetching.breaks[uid] += 1
        raise


def _write(fetching: Fetching, work: Callable[[Connection], None]) -> None:
    def within_lease(connection: Connection) -> None:
        fetching.keep_lease(connection)
        work(connection)

    fetching.store.transact(within_lease)
