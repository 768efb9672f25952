"""Name others: which open tickets a client has beside this one, for whoever gets it; never for the client."""

from maild.desk.telling.happening import Happening
from maild.desk.telling.limiting import is_telephone
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.replies.others import Other, Others
from maild.store.incoming.still_open import MOST


def find_others(transaction: Transaction, happening: Happening, kind: str) -> Others | None:
    """Only who works on it may read that: whoever writes in a client's name learns nothing."""
    if kind != "assignment":
        return None
    ticket = happening.ticket
    if is_telephone(transaction, happening, Address(address=ticket.client)):
        return None  # everybody who calls has that address
    found = transaction.still_open.find(ticket.client)
    named = [each for each in found.newest if each.number != ticket.number][:MOST]
    if not named:
        return None
    others = tuple(Other(number=each.number, subject=each.subject, holder=each.holder) for each in named)
    return Others(named=others, more=found.count - 1 - len(others))
