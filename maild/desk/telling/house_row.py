"""A mail to the house that belongs to no one ticket, as a row of the outbox."""

from maild.desk.transaction import Transaction
from maild.replies.reply import HouseMail
from maild.store.outgoing.outbox import NewOutbox


def house_row(
    transaction: Transaction,
    mail: HouseMail,
    kind: str,
    *,
    to: str,
    message_id: str,
    once: str | None = None,
    mail_id: int | None = None,
) -> NewOutbox:
    """Give the row, due now. `mail_id`: the mail that it is about."""
    voice, now = transaction.voice, transaction.now
    return NewOutbox(
        ticket_id=None,
        mail_id=mail_id,
        kind=kind,
        audience=mail.audience,
        recipient=to,
        envelope_from="" if voice.null_sender else voice.desk.address,
        message_id=message_id,
        token=None,
        once=once,
        subject=mail.subject,
        new_text=mail.text,
        content=mail.content,
        created_at=now,
        due_at=now,
    )
