"""Closed tickets with what their clients wrote and were told: what helps with the next one of their kind."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from maild.store.database.together import BESIDE
from maild.store.tables import IS_CLOSED, mails, outbox, tickets

LATELY = 200
"""Closed tickets of a category that are looked at."""

WORDS_TO_CLIENT = ("answer", "verification")
"""Kinds of mail that bring a TSM's words to the client."""

_CLOSED = (
    select(tickets.c.id, tickets.c.subject)
    .where(tickets.c.category == bindparam("of_category"), IS_CLOSED)
    .order_by(tickets.c.id.desc())
    .limit(LATELY)
    .execution_options(**BESIDE)  # a ticket whose row waits is not closed
)
_ASKED = (
    select(mails.c.ticket_id, mails.c.new_text)
    .where(mails.c.ticket_id.in_(bindparam("numbers", expanding=True)), mails.c.outcome == "ticket")
    .order_by(mails.c.id.desc())
)
_LAST = (
    select(func.max(outbox.c.id))
    .where(outbox.c.ticket_id.in_(bindparam("numbers", expanding=True)), outbox.c.kind.in_(WORDS_TO_CLIENT))
    .group_by(outbox.c.ticket_id)
)
# The words as they were written: what maild has set around them in the mail to the client is none of the answer.
_TOLD = (
    select(outbox.c.ticket_id, func.coalesce(mails.c.new_text, outbox.c.new_text).label("words"))
    .select_from(outbox.outerjoin(mails, mails.c.id == outbox.c.mail_id))
    .where(outbox.c.id.in_(_LAST))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedTicket:
    """One of them."""

    number: int
    subject: str
    asked: str
    """The client's first mail."""

    answer: str
    """The last answer to the client, with the commands above it; never empty."""


def closed_tickets(connection: Connection, category: str) -> list[ClosedTicket]:
    """Give the newest closed tickets of a category whose client was answered, newest first."""
    subjects = {row.id: row.subject for row in connection.execute(_CLOSED, {"of_category": category})}
    if not subjects:
        return []
    told = {row.ticket_id: row.words for row in connection.execute(_TOLD, {"numbers": list(subjects)})}
    if not told:
        return []
    asked = {row.ticket_id: row.new_text or "" for row in connection.execute(_ASKED, {"numbers": list(told)})}
    return [
        ClosedTicket(number=number, subject=subject, asked=asked.get(number, ""), answer=told[number])
        for number, subject in subjects.items()
        if number in told
    ]
