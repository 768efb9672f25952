"""Name others: which open tickets a client has beside this one, and their colleagues, for whoever gets it; never for the client."""

from collections.abc import Iterable

from maild.desk.telling.happening import Happening
from maild.desk.telling.limiting import is_telephone
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.rules import Rules
from maild.replies.others import Colleagues, Other, Others
from maild.store.incoming.still_open import MOST, OpenTicket, OpenTickets


def organisation_of(rules: Rules, client: str) -> str | None:
    """The domain from which only one organisation writes; None where anybody does, or the house itself."""
    domain = client.rpartition("@")[2].casefold()
    return None if not domain or domain in {*rules.policy.limits.freemail, *rules.desk.domains} else domain


def find_others(transaction: Transaction, happening: Happening, kind: str) -> Others | None:
    """Only who works on it may read that: whoever writes in a client's name learns nothing."""
    if kind != "assignment":
        return None
    ticket = happening.ticket
    if is_telephone(transaction, happening, Address(address=ticket.client)):
        return None  # everybody who calls has that address
    own = transaction.still_open.find(ticket.client)
    named = [each for each in own.newest if each.number != ticket.number][:MOST]
    colleagues = _find_colleagues(transaction, ticket.client, own)
    if not named and colleagues is None:
        return None
    return Others(named=_named(named), more=own.count - 1 - len(named) if named else 0, colleagues=colleagues)


def _find_colleagues(transaction: Transaction, client: str, own: OpenTickets) -> Colleagues | None:
    """Who else of the organisation has open tickets: each where they are few."""
    organisation = organisation_of(transaction.rules, client)
    if organisation is None:
        return None
    found = transaction.still_open.find(f"@{organisation}")
    theirs = [each for each in found.newest if each.client != client.casefold()]
    count = found.count - own.count
    is_short = count == len(theirs) <= MOST
    return (
        Colleagues(organisation=organisation, named=_named(theirs) if is_short else (), count=count)
        if count > 0
        else None
    )


def _named(tickets: Iterable[OpenTicket]) -> tuple[Other, ...]:
    return tuple(Other(number=each.number, subject=each.subject, holder=each.holder) for each in tickets)
