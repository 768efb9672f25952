"""One cause: what tickets of two languages name alike, though they have no words in common. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from maild.process.gathering.sheet import Found
from maild.process.ticket import Ticket

APART = timedelta(hours=8)
"""Between two bursts of one cause, at most."""

LOOKED_BACK, USUAL = 200, 0.05
"""Tickets before both, and the share of them from which on it says nothing that they name a thing."""

_LEAST_SHARE = 0.5
"""Of the tickets of each of the two that name it."""

_NAMED = frozenset({"host", "ip address", "url", "error code"})
_PRODUCT = "application"
"""Tells one cause only where both are of one category: a product has many ways to fail."""

Fact = tuple[str, str]
"""Kind and value, in small letters; a URL is the host that it names."""


def find_one_cause(fresh: Sequence[Ticket], there: Sequence[Ticket], before: Sequence[Ticket]) -> Fact | None:
    """What most of the fresh ones and most of those there name, and next to none before; None where they are in one language.

    In one language their words have been compared already, and were not alike.
    """
    if not fresh or not there or _most_usual(fresh, "language") == _most_usual(there, "language"):
        return None
    both = _facts_of_most(fresh) & _facts_of_most(there)
    if _most_usual(fresh, "category") != _most_usual(there, "category"):
        both = {fact for fact in both if fact[0] != _PRODUCT}
    usual = Counter(fact for ticket in before for fact in set(_facts(ticket)))
    telling = sorted(fact for fact in both if usual[fact] <= USUAL * len(before))
    return min(telling, key=lambda fact: fact[0] == _PRODUCT, default=None)


def _facts_of_most(tickets: Sequence[Ticket]) -> set[Fact]:
    counted = Counter(fact for ticket in tickets for fact in set(_facts(ticket)))
    return {fact for fact, count in counted.items() if count >= _LEAST_SHARE * len(tickets)}


def _facts(ticket: Ticket) -> Iterator[Fact]:
    for found in ticket.sheet.found if ticket.sheet else ():
        if found.kind == _PRODUCT or found.kind in _NAMED:
            yield _fact(found)


def _fact(found: Found) -> Fact:
    value = found.value.casefold()
    if found.kind != "url":
        return found.kind, value
    try:
        host = urlsplit(value).hostname
    except ValueError:
        host = None
    return ("host", host) if host else ("url", value)


def _most_usual(tickets: Sequence[Ticket], name: str) -> object:
    return Counter(getattr(ticket, name) for ticket in tickets).most_common(1)[0][0]
