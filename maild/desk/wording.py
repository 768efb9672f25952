"""Word: what of a mail of the house is its author's own, and may be relayed."""

from maild.desk.transaction import Transaction
from maild.mail.enclosing import Enclosed
from maild.mail.message import Mail
from maild.process.plan import Plan, Refusal
from maild.process.relaying import relayed_words
from maild.process.ticket import Ticket
from maild.store.heard import read_heard


def words_in(transaction: Transaction, ticket: Ticket | None, mail: Mail) -> str:
    """The own words, with those lines of the client's between them that they answer."""
    if ticket is None:
        return mail.new_text
    transaction.together.write()
    heard = read_heard(transaction.connection, ticket.number) if ">" in mail.text else ()
    return relayed_words(mail.text, heard, transaction.rules.desk)


def within_limits(orders: Plan | Refusal | None, enclosed: Enclosed) -> Plan | Refusal | None:
    """The orders, or the refusal to relay less than was written: nothing is sent then."""
    if not isinstance(orders, Plan) or not orders.public_words or not enclosed.left_out:
        return orders
    most = enclosed.most_octets / 1_000_000
    trouble = f"all attachments together may have {most:.3g} MB ([limits] relay_bytes); nothing was sent"
    return Refusal(
        lines=tuple((f"{each.name} ({each.size / 1_000_000:.1f} MB)", trouble) for each in enclosed.left_out)
    )
