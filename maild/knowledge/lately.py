"""Lately: what several clients have written about within the last hour, as a fact about the next mail that says the same. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from maild.classify.points import Fact, Facts
from maild.knowledge.bursts import JOINING, History
from maild.knowledge.chance import WEEK
from maild.knowledge.likeness import Vector, count_terms, likeness, middle, weigh
from maild.mail.message import Mail

WINDOW = timedelta(hours=1)
STEPS: Sequence[tuple[int, int, int]] = ((9, 4, 8), (4, 2, 5), (2, 1, 2))
"""Other clients who write the same, and what so many count towards urgency and towards impact; set by hand, as in the tables."""

_FEWEST = min(clients for clients, _, _ in STEPS)

_MOST = 5
"""Topics that are told; what still more clients write about at once is one of them."""

_NEWEST = 200
"""Tickets that are compared; in a flood the newest ones."""


_TIMES_USUAL = 3
"""Clients of a topic, in times of the tickets like it that a usual hour brings: what comes every day is no fact about any mail."""

_HOURS_OF_WEEK = 40
"""In which nearly all mail comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What tickets of several clients share."""

    terms: Vector
    clients: frozenset[str]
    """As in `bursts.Opened`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What the desk remembers of the last hour; small, since it goes to every process that reads mail."""

    topics: tuple[Topic, ...] = ()
    rarity: Mapping[str, float] = field(default_factory=dict)
    """Of the terms at this desk."""

    def facts(self, mail: Mail) -> Facts:
        """How many others write the same as this mail; its own author and their domain are no others."""
        if not self.topics:
            return Facts()
        vector = weigh(count_terms(mail.subject, mail.told), self.rarity)
        alike = [topic for topic in self.topics if likeness(vector, topic.terms) >= JOINING]
        own = {mail.author.key, mail.author.domain} if mail.author else set()
        others = max((len(topic.clients - own) for topic in alike), default=0)
        for least, urgency, impact in STEPS:
            if others >= least:
                because = f"{others} other clients within an hour"
                return Facts(urgency=(_fact(urgency, because),), impact=(_fact(impact, because),))
        return Facts()


def _fact(points: int, because: str) -> Fact:
    return Fact(name="others write the same", points=points, because=because)


def look_back(history: History, now: datetime, *, left_out: AbstractSet[int] = frozenset()) -> Lately:
    """The topics of the last hour, those of most clients first; a ticket belongs to one of them. `left_out`: tickets of floods."""
    topics = tuple(islice(_topics(history, now - WINDOW, left_out), _MOST))
    return Lately(
        topics=topics, rarity=history.rarity.usual(term for topic in topics for term in topic.terms) if topics else {}
    )


def _topics(history: History, since: datetime, left_out: AbstractSet[int]) -> Iterator[Topic]:
    """What is written about more than usual, by enough clients; what shares a ticket with more of them is the same."""
    fresh = [each for each in history.opened[-_NEWEST:] if each.at > since]
    alike = (history.like(history.vector(each.number), since=since) for each in fresh)
    groups = [[each for each in group if each.number not in left_out] for group in alike]
    gone: set[int] = set()
    for group in sorted(groups, key=lambda group: -len({each.client for each in group})):
        numbers, clients = {each.number for each in group}, frozenset(each.client for each in group)
        if len(clients) < _FEWEST or gone & numbers:
            continue
        gone |= numbers
        terms = middle([history.vector(each.number) for each in group])
        if len(clients) >= _TIMES_USUAL * _usual(history, terms, since):
            yield Topic(terms=terms, clients=clients)


def _usual(history: History, terms: Vector, until: datetime) -> float:
    """How many tickets like these a working hour has brought until then."""
    weeks = max((until - history.opened[0].at) / WEEK, 1.0)
    return sum(each.at <= until for each in history.like(terms)) / (weeks * _HOURS_OF_WEEK)
