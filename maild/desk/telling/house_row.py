"""A mail to the house that belongs to no one ticket: a row of the outbox."""

from maild.desk.transaction import Transaction
from maild.replies.kinds import INTERNAL
from maild.replies.reply import HouseMail
from maild.store.database.bells import ring
from maild.store.outgoing.outbox import NewOutbox, add_together


def write_to_house(
    transaction: Transaction, mail: HouseMail, kind: str, *, to: str, message_id: str, mail_id: int | None = None
) -> None:
    """Put the mail into the outbox. `mail_id`: as in `house_row`."""
    row = house_row(transaction, mail, kind, to=to, message_id=message_id, mail_id=mail_id)
    add_together(transaction.together, row)
    ring(transaction.connection, "outbox")


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
        audience=INTERNAL,
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
