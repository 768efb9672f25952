"""Help: solved tickets like this one, for whoever gets it."""

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.knowledge.similar import Solved, find_similar
from maild.mail.message import Mail
from maild.process.commands.reading import read_commands
from maild.process.ticket import Status
from maild.replies.reply import Similar
from maild.store.knowledge.solved import closed_tickets

WORDS_NAMED = 5
"""Because of which a ticket is named."""


def find_help(transaction: Transaction, happening: Happening, kind: str, mail: Mail | None) -> tuple[Similar, ...]:
    """What earlier tickets of the category, about the same, ended with."""
    ticket = happening.ticket
    if kind != "assignment" or mail is None or ticket.category is None or ticket.status is Status.NEW:
        return ()
    solved = transaction.solved.get(ticket.category)
    if solved is None:
        solved = transaction.solved[ticket.category] = [
            Solved(
                number=each.number,
                subject=each.subject,
                text=f"{each.subject}\n{each.asked}",
                answer=read_commands(each.answer).words,
            )
            for each in closed_tickets(transaction.connection, ticket.category)
        ]
    found = find_similar(f"{mail.subject}\n{mail.new_text}", [each for each in solved if each.number != ticket.number])
    return tuple(
        Similar(number=each.number, subject=each.subject, answer=each.answer, shared=shared[:WORDS_NAMED])
        for each, shared in found
    )
