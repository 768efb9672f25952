"""Word: what of a mail of the house is its author's own, and may be relayed."""

from maild.desk.finding.inside import may_hold_more, told_to, written_inside
from maild.desk.transaction import Transaction
from maild.mail.enclosing import Enclosed, Infected
from maild.mail.message import ARMOUR, Mail
from maild.mail.quoting import CHARACTERS, is_cut
from maild.process.guarding.interleaved import LEAST_ANNOUNCED, find_inside, find_unsaid, points_inside
from maild.process.guarding.leaks import SHOWN_CHARACTERS, Leak
from maild.process.guarding.relaying import relayed_words
from maild.process.people.team import Person
from maild.process.plan import Plan, Refusal
from maild.process.ticket import Ticket
from maild.store.desk.heard import read_heard

_INSIDE = (
    "this is inside the message that you quote, where your mail client does not mark which words are yours; "
    "nothing was sent. Write the answers above, or below lines that begin with >"
)

_SEALED = (
    "it is encrypted, or signed in a way that hides its words, and maild has no key to read it; nothing was sent. Send it "
    "again without that"
)
_TOO_LONG = f"it has more than {CHARACTERS} characters, and the rest would be lost; nothing was sent. Put the long part into a file"
_FILES_ALONE = "it has files but no words of your own, and files are sent only together with words; write a line above them, and send them again"

_LEFT_BEHIND = "this seems to be yours, but is inside the message that you quote, and would be left out"
_UNSAID = "it looks like a quote, but nobody has said it in this ticket, and it would be left out"
_MOST_LINES = 5


def words_in(transaction: Transaction, ticket: Ticket | None, mail: Mail) -> str:
    """The own words, with those lines of the client's between them that they answer."""
    if ticket is None:
        return mail.new_text
    heard = read_heard(transaction.connection, ticket.number) if ">" in mail.text else ()
    return relayed_words(mail.text, heard, transaction.rules.desk)


def words_of_house(transaction: Transaction, ticket: Ticket, person: Person, mail: Mail) -> str:
    """The own words of a mail that stays in the house, with those that stand inside what it quotes."""
    inside = written_inside(transaction, ticket, person.addresses, mail)
    return f"{words_in(transaction, ticket, mail)}\n\n{inside}".strip()


def without_loss(
    transaction: Transaction, ticket: Ticket | None, person: Person | None, mail: Mail, orders: Plan | Refusal | None
) -> Plan | Refusal | None:
    """The orders, or the refusal where they only point to words that a mail client has put among quoted ones."""
    if not isinstance(orders, Plan) or ticket is None or person is None or not points_inside(orders.public_words):
        return orders
    inside = find_inside(mail.text, told_to(transaction, ticket, person.addresses), least=LEAST_ANNOUNCED)
    return Refusal(lines=tuple((f"\u2026 {line}", _INSIDE) for line in inside[:_MOST_LINES])) if inside else orders


def within_reach(orders: Plan | Refusal | None, words: str, mail: Mail, enclosed: Enclosed) -> Plan | Refusal | None:
    """The orders, or the refusal that says why its author's words cannot be read, or not all of them. `words`: in which the orders were read."""
    is_armoured = isinstance(orders, Plan) and orders.public_words.startswith(ARMOUR)
    if is_armoured or (isinstance(orders, Refusal) and not words.strip() and mail.is_sealed):
        return Refusal(lines=(("your message", _SEALED),))
    if isinstance(orders, Plan) and orders.words and is_cut(mail.text, is_beginning=mail.whole is not None):
        return Refusal(lines=(("your message", _TOO_LONG),))
    if isinstance(orders, Refusal) and not words.strip() and enclosed.files:
        return Refusal(lines=(("your message", _FILES_ALONE),))
    return orders


def left_behind(transaction: Transaction, ticket: Ticket, person: Person, mail: Mail) -> tuple[Leak, ...]:
    """Words that seem to stand inside the quoted message, or are quoted from nowhere, and that the client would not get."""
    if not may_hold_more(mail):
        return ()
    told = told_to(transaction, ticket, person.addresses)
    inside, unsaid = find_inside(mail.text, told), find_unsaid(mail.text, told)
    found = [*((line, _LEFT_BEHIND) for line in inside), *((line, _UNSAID) for line in unsaid if line not in inside)]
    return tuple(Leak(found=line[:SHOWN_CHARACTERS], because=because) for line, because in found[:_MOST_LINES])


def within_limits(orders: Plan | Refusal | None, enclosed: Enclosed) -> Plan | Refusal | None:
    """The orders, or the refusal to relay less than was written: nothing is sent then."""
    if not isinstance(orders, Plan) or not orders.public_words or not (enclosed.left_out or enclosed.infected):
        return orders
    if enclosed.infected:
        return Refusal(lines=tuple((each.attachment.name, _infected(each)) for each in enclosed.infected))
    most = enclosed.most_octets / 1_000_000
    trouble = f"all attachments together may have at most {most:.3g} MB ([limits] relay_bytes); nothing was sent"
    return Refusal(
        lines=tuple((f"{each.name} ({each.size / 1_000_000:.1f} MB)", trouble) for each in enclosed.left_out)
    )


def _infected(file: Infected) -> str:
    return f"the virus scanner found {file.virus} in it; nothing was sent"
