"""Forgetting: a copy of what was erased comes back from the mail server, and nothing of it is kept."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from maild.desk.finding.arrival import Arrival
from maild.desk.transaction import Transaction
from maild.mail.message import Mail
from maild.process.desk import Desk
from maild.process.people.author import find_author
from maild.store.erasing.returned import erase_returned
from maild.store.erasing.tombstones import Copy, find_forgotten

log = logging.getLogger(__name__)


def without_forgotten(transaction: Transaction, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Leave out, and erase, what is known by a tombstone."""
    desk = transaction.rules.desk
    copies = [a_copy(arrival.mail, desk, at=arrival.arrived_at) for arrival in arrivals]
    forgotten = find_forgotten(transaction.connection, copies)
    for place in sorted(forgotten):
        erase_returned(transaction.connection, arrivals[place].mail_id, now=transaction.now)
        log.info("mail of somebody forgotten not kept", extra={"mail": arrivals[place].mail_id})
    return [arrival for place, arrival in enumerate(arrivals) if place not in forgotten]


def a_copy(mail: Mail, desk: Desk, *, at: datetime) -> Copy:
    """What a mail that arrived at `at` may be known by."""
    whose = frozenset(_whose(mail, desk))
    return Copy(digest=mail.digest, message_id=mail.message_id, addresses=whose, at=at, written_at=mail.written_at)


def _whose(mail: Mail, desk: Desk) -> Iterator[str]:
    """Addresses, in lower case, of whom the mail is: its author, or to whom the desk itself had written it."""
    author = find_author(mail, desk).address
    if author is None:
        return
    yield author.key
    if desk.owns(author.address):
        yield from (each.key for each in (*mail.to, *mail.cc))
