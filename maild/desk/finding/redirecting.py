"""Redirect: what is written to a merged ticket goes to the one in which it goes on."""

from dataclasses import replace

from maild.desk.transaction import Transaction
from maild.mail.message import Address, Mail
from maild.process.commands.reading import read_commands
from maild.process.people.team import Person
from maild.process.thread import Thread
from maild.process.ticket import Role, Ticket
from maild.store.desk.relations import goes_on_in
from maild.store.incoming.findings import participants_of


def redirect(
    transaction: Transaction, thread: Thread | None, ticket: Ticket | None, person: Person | None, mail: Mail
) -> tuple[Thread | None, Ticket | None]:
    """Thread and ticket as they are now; only who takes the merge back speaks of the merged ticket itself."""
    if ticket is None or ticket.merged_into is None:
        return thread, ticket
    if person is not None and any(each.name == "undo" for each in read_commands(mail.new_text).commands):
        return thread, ticket
    target = goes_on_in(transaction.connection, ticket)
    if thread is None or thread.ticket != ticket.number:
        return thread, target
    show, author = transaction.rules.desk.show, mail.author
    because = f"{thread.because}; {_named(author)} wrote to {show(ticket.number)}, which goes on here"
    heard = participants_of(transaction.connection, target.number, tuple(Role))
    if author is not None and author.key not in heard:
        because = f"{because}; answers here do not reach them, unless you write /cc add {author.address}"
    return replace(thread, ticket=target.number, because=because), target


def _named(author: Address | None) -> str:
    if author is None:
        return "somebody"
    return f"{author.name} <{author.address}>" if author.name else author.address
