"""Word: what of a mail of the house is its author's own, to be obeyed and relayed."""

from maild.desk.transaction import Transaction
from maild.mail.message import Mail
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
