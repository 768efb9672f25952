"""Once: what may be written only once to somebody, by its name and its Message-ID."""

from collections.abc import Callable
from hashlib import sha256

from maild.desk.telling.house_row import house_row
from maild.desk.transaction import Transaction
from maild.mail.message import Address
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
    row = house_row(transaction, mail, kind, to=to, message_id=message_id, once=name_once(what, to))
    return outbox.add(transaction.connection, row) is not None


def write_to_leads(transaction: Transaction, kind: str, what: str, compose: Callable[[Address, str], HouseMail]) -> int:
    """Write to each lead once about `what`; how many had not been written to. `compose`: for recipient and Message-ID."""
    written = 0
    for lead in transaction.rules.team.leads:
        to = Address(address=lead.addresses[0], name=lead.name)
        message_id = id_once(what, to.address, transaction.rules.desk.domain)
        mail = compose(to, message_id)
        written += write_once(transaction, mail, kind, to=to.address, what=what, message_id=message_id)
    return written
