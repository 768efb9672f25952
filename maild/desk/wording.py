"""Word: what of a mail of the house is its author's own, and may be relayed."""

from maild.desk.transaction import Transaction
from maild.mail.enclosing import Enclosed, Infected
from maild.mail.message import Mail
from maild.process.plan import Plan, Refusal
from maild.process.relaying import find_inside, points_inside, relayed_words
from maild.process.team import Person
from maild.process.ticket import Ticket
from maild.store.heard import read_heard, read_told

_INSIDE = (
    "this stands inside the message that you quote, where your mail client does not tell your words from the quoted ones; "
    "nothing was sent. Write the answers above, or below lines that begin with >"
)


def words_in(transaction: Transaction, ticket: Ticket | None, mail: Mail) -> str:
    """The own words, with those lines of the client's between them that they answer."""
    if ticket is None:
        return mail.new_text
    transaction.together.write()
    heard = read_heard(transaction.connection, ticket.number) if ">" in mail.text else ()
    return relayed_words(mail.text, heard, transaction.rules.desk)


def without_loss(
    transaction: Transaction, ticket: Ticket | None, person: Person | None, mail: Mail, orders: Plan | Refusal | None
) -> Plan | Refusal | None:
    """The orders, or the refusal where they only point to words that a mail client has put among quoted ones."""
    if not isinstance(orders, Plan) or ticket is None or person is None or not points_inside(orders.public_words):
        return orders
    connection, number = transaction.connection, ticket.number
    desk = transaction.rules.desk
    told = [*read_heard(connection, number), *read_told(connection, number, person.addresses)]
    told.append(f"{desk.name} {desk.show(number)}")  # only their HTML says this
    inside = find_inside(mail.text, told)
    return Refusal(lines=((f"\u2026 {inside}", _INSIDE),)) if inside else orders


def within_limits(orders: Plan | Refusal | None, enclosed: Enclosed) -> Plan | Refusal | None:
    """The orders, or the refusal to relay less than was written: nothing is sent then."""
    if not isinstance(orders, Plan) or not orders.public_words or not (enclosed.left_out or enclosed.infected):
        return orders
    if enclosed.infected:
        return Refusal(lines=tuple((each.attachment.name, _infected(each)) for each in enclosed.infected))
    most = enclosed.most_octets / 1_000_000
    trouble = f"all attachments together may have {most:.3g} MB ([limits] relay_bytes); nothing was sent"
    return Refusal(
        lines=tuple((f"{each.name} ({each.size / 1_000_000:.1f} MB)", trouble) for each in enclosed.left_out)
    )


def _infected(file: Infected) -> str:
    return f"the virus scanner found {file.virus} in it; nothing was sent"
