"""Floods: which tickets say nothing of what is usual at a desk, because somebody sends mail by the hundred. Pure."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from maild.knowledge.bursts import Opened

CROWD = 10
"""Clients whose acknowledgements were withheld within an hour, from which nobody without proof counts who wrote then."""

_HOUR = timedelta(hours=1)


def find_flood(opened: Iterable[Opened], withheld: AbstractSet[int]) -> set[int]:
    """Numbers of the tickets that a flood brought, `withheld` those that were spam or had no acknowledgement.

    With each of these goes whatever the same client wrote in the hour of the clock and the one before it, unless it is
    proven that they did: the limits are reached only after some of a flood has passed.
    """
    tickets = list(opened)
    clients: dict[datetime, set[str]] = {}
    for each in tickets:
        if each.number in withheld:
            clients.setdefault(_hour(each.at), set()).add(each.client)
    return {
        each.number for each in tickets if each.number in withheld or (not each.is_proven and _is_in(each, clients))
    }


def _is_in(ticket: Opened, clients: Mapping[datetime, set[str]]) -> bool:
    hour = _hour(ticket.at)
    return any(
        ticket.client in flooding or len(flooding) >= CROWD
        for flooding in (clients.get(hour, ()), clients.get(hour + _HOUR, ()))
    )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
