"""Once: what may be written only once to somebody, by its name and its Message-ID."""

from hashlib import sha256

from maild.desk.transaction import Transaction
from maild.replies.reply import HouseMail
from maild.store.outgoing import outbox

LONGEST = 200
"""Characters that the outbox keeps of it; an address may have more."""


def name_once(what: str, address: str) -> str:
    """Give the name of a mail about `what` to this address."""
    name = f"{what} {address.casefold()}"
    return name if len(name) <= LONGEST else f"{what} {_digest(address)}"


def id_once(what: str, address: str, domain: str) -> str:
    """Give its Message-ID: of letters and digits, whatever the address is made of (RFC 5322 3.6.4)."""
    return f"<{what.replace(' ', '.')}.{_digest(address)[:20]}@{domain}>"


def _digest(address: str) -> str:
    return sha256(address.casefold().encode()).hexdigest()


def write_once(transaction: Transaction, mail: HouseMail, kind: str, *, to: str, what: str, message_id: str) -> bool:
    """Put a mail about no ticket into the outbox; False: it was written before, by this process or another."""
    voice, now = transaction.voice, transaction.now
    row = outbox.NewOutbox(
        ticket_id=None,
        mail_id=None,
        kind=kind,
        audience=mail.audience,
        recipient=to,
        envelope_from="" if voice.null_sender else voice.desk.address,
        message_id=message_id,
        token=None,
        once=name_once(what, to),
        subject=mail.subject,
        new_text=mail.text,
        content=mail.content,
        created_at=now,
        due_at=now,
    )
    return outbox.add(transaction.connection, row) is not None
