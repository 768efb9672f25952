"""Guard: whether words on their way to the client hold what this client should not see."""

from maild.desk.finding.speaking import guarded_numbers
from maild.desk.transaction import Transaction
from maild.knowledge.article import read_body
from maild.mail.charsets import decode
from maild.mail.enclosing import Enclosed
from maild.process.guarding.hiding import house_addresses
from maild.process.guarding.leaks import Known, Leak, addresses_in, find_house, find_leaks, tickets_in
from maild.process.incident import find_names
from maild.process.plan import Plan
from maild.process.post_mortem.parts import Part
from maild.process.ticket import Ticket
from maild.store.desk import guarded
from maild.store.desk.tickets import find_tickets
from maild.store.knowledge import suggestions
from maild.store.knowledge.articles import list_articles

_READ = ("text/", "message/", "application/json", "application/xml", "application/x-sh", "application/x-yaml")
"""Kinds of file that are words as they stand; what attached mails and documents say has been taken out where the mail was parsed,
if they were not too large for that."""

_FILE_OCTETS = 1_000_000


def has_looked(transaction: Transaction, ticket: Ticket, orders: Plan, mail_id: int) -> bool:
    """Whether its author has let these words through already, and nobody else may get them since."""
    numbers = guarded_numbers(transaction, ticket.number) if orders.is_shared else ()
    return guarded.held_since(transaction.connection, mail_id, ticket=ticket.number, reaches=numbers)


def guard(transaction: Transaction, ticket: Ticket, orders: Plan, enclosed: Enclosed) -> tuple[Leak, ...]:
    """What of the words that leave must be looked at again."""
    files = "\n".join(_texts(enclosed))
    if not orders.is_shared:
        return _find(transaction, ticket, orders.public_words, files)
    reached = find_tickets(transaction.connection, guarded_numbers(transaction, ticket.number))
    names = [each.client_name for each in reached.values()] if len(reached) > 1 else []
    found = [leak for each in reached.values() for leak in _find(transaction, each, orders.public_words, files)]
    return tuple(dict.fromkeys([*find_names(f"{orders.public_words}\n{files}", names), *found]))


def _find(transaction: Transaction, ticket: Ticket, said: str, files: str) -> tuple[Leak, ...]:
    known = _look_up(transaction, ticket, words := f"{said}\n{files}")
    team, desk = transaction.rules.team, transaction.rules.desk
    return (*find_leaks(words, desk, known), *find_house(files, house_addresses(team, desk), known))


def _look_up(transaction: Transaction, ticket: Ticket, words: str) -> Known:
    connection, number, desk = transaction.connection, ticket.number, transaction.rules.desk
    category = transaction.rules.categories.get(ticket.category or "")
    internal = guarded.internal_texts(connection, number)
    # What helped others is named to a TSM so that they say it.
    others = tickets_in("\n".join(internal), desk).keys() - {number}
    return Known(
        foreign_addresses=guarded.other_clients(connection, addresses_in(words), number=number),
        foreign_tickets=guarded.other_clients_tickets(connection, tickets_in(words, desk), number=number),
        internal=internal,
        seen=[
            *guarded.seen_texts(connection, number),
            *guarded.told_to_clients(connection, others),
            *_fixes(transaction, number),
            category.guide if category else "",
        ],
    )


def _fixes(transaction: Transaction, number: int) -> list[str]:
    """What helped, of the articles that the TSM was shown with the ticket."""
    named = suggestions.named_with(transaction.connection, number)
    articles = list_articles(transaction.connection, names=named) if named else []
    return [read_body(each.body).get(Part.FIX, "") for each in articles]


def _texts(enclosed: Enclosed) -> list[str]:
    """Their names, and the words of those that can be read; what cannot be read is not held for that."""
    names = [file.attachment.name for file in enclosed.files]
    stems = [name.rpartition(".")[0] for name in names]
    inside = (file.words for file in enclosed.files if file.words)
    return [*names, *stems, *inside] + [
        decode(file.content[:_FILE_OCTETS], None)[0]
        for file in enclosed.files
        if not file.words
        and (file.attachment.media_type.startswith(_READ) or file.attachment.name.lower().endswith(".eml"))
    ]
