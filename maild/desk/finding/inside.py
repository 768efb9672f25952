"""Inside: what somebody wrote between the lines of the mail that they quote, also where no mark says that it is theirs."""

from collections.abc import Sequence

from maild.desk.transaction import Transaction
from maild.mail.message import Mail
from maild.process.guarding.interleaved import LEAST, LEAST_ANNOUNCED, points_inside, read_inside
from maild.process.ticket import Ticket
from maild.store.desk.heard import read_heard, read_told


def may_hold_more(mail: Mail) -> bool:
    """Whether there is any text beside the new one."""
    return len(mail.text.strip()) > len(mail.new_text)


def told_to(transaction: Transaction, ticket: Ticket, addresses: Sequence[str]) -> list[str]:
    """All that a mail about the ticket to one of these addresses may have said, or quoted."""
    connection, desk = transaction.connection, transaction.rules.desk
    only_in_html = f"{desk.name} {desk.show(ticket.number)}"
    return [*read_heard(connection, ticket.number), *read_told(connection, ticket.number, addresses), only_in_html]


def written_inside(transaction: Transaction, ticket: Ticket, addresses: Sequence[str], mail: Mail) -> str:
    """The author's words in there, each below the line that it answers; empty almost always."""
    if not may_hold_more(mail):
        return ""
    least = LEAST_ANNOUNCED if points_inside(mail.new_text) else LEAST
    inside = read_inside(mail.text, told_to(transaction, ticket, addresses), least=least)
    return "" if inside in mail.new_text else inside
