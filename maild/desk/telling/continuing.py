"""Continue: the thread in which a recipient reads what is written to them."""

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.mail.message import Address, Mail
from maild.process.ticket import Role
from maild.replies.kinds import KINDS
from maild.store.incoming.findings import thread_of, thread_to


def find_thread(
    transaction: Transaction, happening: Happening, kind: str, role: Role, recipient: Address
) -> tuple[str | None, tuple[str, ...]]:
    """What it answers, and what it refers to: the recipient's own mail, or what we wrote to them about the ticket before."""
    mail = happening.arrival.mail if happening.arrival else None
    # An answer to the mails of an incident goes to all of its clients: they stand in no ticket's own thread.
    if mail and mail.message_id and not KINDS[kind].is_incident_thread and _is_theirs(mail, happening, role, recipient):
        named = [each for each in _named(transaction, happening, mail, recipient) if each != mail.message_id]
        return mail.message_id, (*named, mail.message_id)
    earlier = () if happening.opens else _earlier(transaction, happening, kind, role, recipient)
    return (earlier[-1] if earlier else None), earlier


def _is_theirs(mail: Mail, happening: Happening, role: Role, recipient: Address) -> bool:
    """Whether the recipient wrote the mail that is answered."""
    if role is Role.AUTHOR and recipient.name != happening.undone_of:
        return True
    return mail.author is not None and mail.author.key == recipient.key


def _named(transaction: Transaction, happening: Happening, mail: Mail, recipient: Address) -> tuple[str, ...]:
    """What their mail refers to; a tap is a new mail, which names no other."""
    if happening.findings is None or happening.findings.answer is None:
        return mail.references
    return tuple(thread_of(transaction.connection, happening.ticket.number, recipient.key))


def _earlier(
    transaction: Transaction, happening: Happening, kind: str, role: Role, recipient: Address
) -> tuple[str, ...]:
    connection, ticket = transaction.connection, happening.ticket
    if role is Role.CLIENT:
        return tuple(
            thread_of(connection, ticket.number, ticket.client)
        )  # whoever takes part has the client's mails, too
    # The internal thread stands apart in mail clients, too: nobody must answer a client where engineering reads.
    # And what answers a question about a held mail must not be known from what answers another mail.
    same = [name for name, each in KINDS.items() if each.thread == KINDS[kind].thread and not each.is_about_held]
    return tuple(thread_to(connection, ticket.number, recipient.address, kinds=same))
