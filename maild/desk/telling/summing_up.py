"""Too many notices to one person of the desk: beyond a limit they are gathered, and one summary stands for all."""

import logging
from datetime import UTC, datetime, timedelta

from maild.desk.telling.happening import Happening
from maild.desk.telling.house_row import write_to_house
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.ticket import Role
from maild.replies.summary import KIND, Line, compose_summary
from maild.replies.voice import Voice
from maild.store.desk import tickets
from maild.store.outgoing import notices

log = logging.getLogger(__name__)

GATHERED = frozenset(
    {
        "assignment",
        "reassigned",
        "confirm",
        "update_due_soon",
        "update_overdue",
        "client_silent",
        "gathering_ended",
        "service_level_breached",
        "hand_off_unclaimed",
        "taken_back",
        "delivery_failed",
        "incident_joined",
    }
)
"""Kinds of mail that strangers can bring to a person of the desk in any number; what clients and TSMs write is none."""

EVERY = timedelta(minutes=15)

MOST_LINES = 1_000
"""Of one summary; what is more is in the next one, at once."""


def is_gathered(transaction: Transaction, happening: Happening, role: Role, kind: str, recipient: Address) -> bool:
    """Gather a notice where one more mail to this person would be too many; answers whether that was so."""
    if kind not in GATHERED:
        return False
    limits = transaction.rules.policy.limits
    is_question = kind == "confirm"
    # Apart, because whoever forges a name must not use up what that person hears of their work.
    name = f"{'confirm' if is_question else 'person'} {recipient.key}"
    most = limits.confirmations if is_question else limits.per_person
    if transaction.count_in(name, most=most):
        return False
    number = happening.ticket.number
    due_at = _next_summary_at(transaction.now)
    notices.add_notice(
        transaction.together,
        number,
        recipient=recipient.address,
        name=recipient.name,
        kind=kind,
        created_at=transaction.now,
        due_at=due_at,
    )
    tickets.add_participants(transaction.together, number, {recipient.key: role})
    log.info("notice gathered", extra={"ticket": number, "kind": kind, "recipient": recipient.address})
    return True


def sum_up(transaction: Transaction) -> int:
    """Write the summary that is due longest, if one is; the number of notices in it."""
    recipient = notices.next_recipient(transaction.connection, now=transaction.now, every=EVERY)
    if recipient is None:
        return 0
    found = notices.list_notices(transaction.connection, recipient, limit=MOST_LINES)
    _write(transaction, Address(address=recipient.address, name=recipient.name), found, transaction.voice)
    notices.settle_notices(transaction.connection, found, recipient, now=transaction.now)
    log.info("summary written", extra={"recipient": recipient.address, "notices": len(found)})
    return len(found)


def _write(transaction: Transaction, recipient: Address, found: list[notices.Notice], voice: Voice) -> None:
    message_id = f"<summary.{found[0].id}.{found[-1].id}@{voice.desk.domain}>"
    lines = [Line(number=each.ticket, kind=each.kind, client=each.client, subject=each.subject) for each in found]
    summary = compose_summary(lines, voice, recipient=recipient, message_id=message_id, now=transaction.now)
    write_to_house(transaction, summary, KIND, to=recipient.address, message_id=message_id)


def _next_summary_at(now: datetime) -> datetime:
    """The next quarter of an hour of the clock."""
    seconds = EVERY.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, tz=UTC)
