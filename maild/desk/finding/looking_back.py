"""Look back: how far the closing of a ticket has come, when somebody of the client's side writes about it."""

from maild.desk.transaction import Transaction
from maild.knowledge.shift import OLD, Past, find_shift
from maild.mail.message import Address, Mail
from maild.process.closure import reopens_until
from maild.process.decision import Closing
from maild.process.tap import TappedAnswer
from maild.process.thread import Thread
from maild.process.ticket import Role, Status, Ticket, Trust
from maild.replies.subject import base_subject
from maild.store.desk import closures
from maild.store.desk.actions import Action
from maild.store.incoming.findings import participants_of

ASKING = frozenset({"verification", "client_reminder"})
"""Kinds of mail that ask the client whether it works."""

TAPS = ("works", "fails")
"""What a client's tap can say; no command of the house looks like these."""


def read_answer(
    transaction: Transaction, action: Action | None, author: Address | None, thread: Thread | None
) -> tuple[TappedAnswer | None, Action | None, Thread | None]:
    """The tap of a client that the mail is, and the ticket that it is about; any other action and thread stay as they are.

    It is a token for ticket, person and mail, if that person sent it. Whoever was handed it on joins only where they take part:
    they, and whom they name, would read along.
    """
    if action is None or action.orders not in TAPS or action.ticket is None:
        return None, action, thread
    is_by_owner = author is not None and author.key == action.person
    answer = TappedAnswer(token=action.token, says=action.orders, is_used=action.is_used, is_by_owner=is_by_owner)
    trust = Trust.TOKEN if is_by_owner else Trust.CLAIMED
    joins = is_by_owner or (
        author is not None and author.key in participants_of(transaction.connection, action.ticket, (Role.CLIENT,))
    )
    because = "one tap of a mail that asked whether it works"
    return answer, None, Thread(ticket=action.ticket, joins=joins, trust=trust, because=because)


def look_back(
    transaction: Transaction, ticket: Ticket | None, thread: Thread | None, mail: Mail, *, is_tap: bool
) -> Closing | None:
    """What the decision must know; None where the ticket is in work, and nobody taps."""
    if ticket is None or thread is None or not (thread.joins or is_tap):
        return None
    is_ended = ticket.status in {Status.RESOLVED, Status.CLOSED}
    if not (is_ended or is_tap or transaction.now - ticket.opened_at > OLD):
        return None
    connection, number = transaction.connection, ticket.number
    end = closures.last_end(connection, number) if is_ended else None
    closed_at = end.closed_at if end and ticket.status is Status.CLOSED else None
    last_kind = closures.last_kind_to(connection, number, ticket.client) if is_ended else None
    return Closing(
        is_asked=ticket.status is Status.RESOLVED and last_kind in ASKING,
        closed_at=closed_at,
        is_over=closed_at is not None and reopens_until(closed_at, transaction.rules) < transaction.now,
        was_proven=is_ended and closures.was_proven(connection, number, ticket.client),
        shift=None if is_tap else _find_shift(transaction, ticket, mail),
    )


def _find_shift(transaction: Transaction, ticket: Ticket, mail: Mail) -> str | None:
    connection, prefix = transaction.connection, transaction.rules.desk.prefix
    if ticket.status in {Status.GATHERING, Status.WAITING}:
        return None  # we asked them: whatever they write is taken for the answer
    last_at = closures.last_written_at(connection, ticket.number) or ticket.opened_at
    past = Past(
        subject=base_subject(ticket.subject, prefix),
        texts=(ticket.subject, *closures.texts_of(connection, ticket.number)),
        rest=transaction.now - last_at,
        is_closed=ticket.status is Status.CLOSED,
    )
    return find_shift(base_subject(mail.subject, prefix), mail.new_text, past)
