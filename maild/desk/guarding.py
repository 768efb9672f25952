"""Guard: whether words on their way to the client hold what this client should not see."""

from maild.desk.speaking import guarded_numbers
from maild.desk.transaction import Transaction
from maild.mail.charsets import decode
from maild.mail.enclosing import Enclosed
from maild.process.incident import find_names
from maild.process.leaks import Known, Leak, addresses_in, find_leaks, tickets_in
from maild.process.plan import Plan, Refusal
from maild.process.ticket import Ticket
from maild.store import guarded
from maild.store.tickets import find_tickets

_READ = ("text/", "message/", "application/json", "application/xml", "application/x-sh", "application/x-yaml")
"""Kinds of file whose words are looked at, too; others are opened by nobody here."""

_FILE_OCTETS = 1_000_000


def guard(
    transaction: Transaction, ticket: Ticket | None, orders: Plan | Refusal | None, enclosed: Enclosed, mail_id: int
) -> tuple[Leak, ...]:
    """What must be looked at again; nothing where nothing leaves, or where its author has looked already."""
    if ticket is None or not isinstance(orders, Plan) or not orders.public_words:
        return ()
    transaction.together.write()
    if guarded.held_since(transaction.connection, mail_id):
        return ()
    words = "\n".join([orders.public_words, *_texts(enclosed)])
    if not orders.is_shared:
        return _find(transaction, ticket, words)
    reached = find_tickets(transaction.connection, guarded_numbers(transaction, ticket.number))
    names = [each.client_name for each in reached.values()] if len(reached) > 1 else []
    found = [leak for each in reached.values() for leak in _find(transaction, each, words)]
    return tuple(dict.fromkeys([*find_names(words, names), *found]))


def _find(transaction: Transaction, ticket: Ticket, words: str) -> tuple[Leak, ...]:
    connection, number = transaction.connection, ticket.number
    category = transaction.rules.categories.get(ticket.category or "")
    known = Known(
        foreign_addresses=guarded.other_clients(connection, addresses_in(words), number=number),
        foreign_tickets=guarded.other_clients_tickets(
            connection, tickets_in(words, transaction.rules.desk), number=number
        ),
        internal=guarded.internal_texts(connection, number),
        seen=[*guarded.seen_texts(connection, number), category.guide if category else ""],
    )
    return find_leaks(words, transaction.rules.desk, known)


def _texts(enclosed: Enclosed) -> list[str]:
    return [
        decode(file.content[:_FILE_OCTETS], None)[0]
        for file in enclosed.files
        if file.attachment.media_type.startswith(_READ)
    ]
