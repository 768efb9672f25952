"""Accompany: the client's side beside the client; who belongs to the conversation, and who is only shown."""

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.addressing import find_doubt_of_addressing
from maild.process.decision import Findings
from maild.process.participants import named_beside
from maild.process.ticket import Event, Role, Trust
from maild.store.desk import tickets
from maild.store.desk.relations import taken_out
from maild.store.incoming.findings import participants_of

MOST_OFFERED = 5


def add_named(transaction: Transaction, happening: Happening) -> None:
    """Whom a proven mail of somebody who takes part names takes part from now on; an unproven one could name anybody.

    Whom a TSM has taken out stays out: a reply to all names them for as long as anybody has an old mail.
    """
    findings = happening.findings
    fresh, _ = _parted(transaction, happening)
    if findings is None or not fresh:
        return
    number = happening.ticket.number
    tickets.add_participants(transaction.together, number, {address.key: Role.CLIENT for address in fresh})
    transaction.add_event(
        number,
        Event.PARTICIPANT_ADDED,
        actor=findings.mail_author,
        because=f"in copy of a mail that is proven: {', '.join(address.address for address in fresh)}",
        cause=happening.cause,
    )


def offered_beside(transaction: Transaction, happening: Happening) -> tuple[str, ...]:
    """Addresses that the client's mail names and that take no part: a TSM may add them."""
    if happening.arrival is None:
        return ()
    _, offered = _parted(transaction, happening)
    return tuple(address.address for address in offered)[:MOST_OFFERED]


def _parted(transaction: Transaction, happening: Happening) -> tuple[list[Address], list[Address]]:
    """Who takes part from now on because the mail names them, and who only may."""
    findings, fresh = happening.findings, _fresh(transaction, happening)
    if findings is None or not fresh or not _is_believed(transaction, happening, findings):
        return [], fresh
    out = set() if happening.opens else taken_out(transaction.connection, happening.ticket.number)
    return [each for each in fresh if each.key not in out], [each for each in fresh if each.key in out]


def _is_believed(transaction: Transaction, happening: Happening, findings: Findings) -> bool:
    """Whether the author is proven, writes to the desk and takes part: what is written to a merged ticket comes from people of that one, too."""
    author = findings.author
    if author is None or findings.trust is not Trust.PROVEN:
        return False
    if find_doubt_of_addressing(findings.mail, author, transaction.rules, opens=happening.opens):
        return False
    return author.key in _taking_part(transaction, happening)


def _fresh(transaction: Transaction, happening: Happening) -> list[Address]:
    findings = happening.findings
    if findings is None or findings.person is not None:
        return []
    named = named_beside(findings.mail, findings.author, transaction.rules)
    if not named:
        return []
    there = _taking_part(transaction, happening)
    return [address for address in named if address.key not in there]


def _taking_part(transaction: Transaction, happening: Happening) -> set[str]:
    """Keys of all who take part. With a ticket that opens it is its client: the others are of the house."""
    ticket = happening.ticket
    if happening.opens:
        return {ticket.client.casefold()}
    return participants_of(transaction.connection, ticket.number, tuple(Role))
