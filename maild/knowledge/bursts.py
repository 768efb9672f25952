"""Bursts: so many different clients write the same at once that it is no chance. Pure.

Each new ticket is asked: how many different clients wrote the like of it within the last half hour, two hours, eight hours,
and how probable is that? The budget of false alarms a week is shared out among all questions of a week, so that the expected
number of false alarms stays within it however the questions hang together (linearity of the expectation; Bonferroni).
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from sys import intern

from maild.knowledge.chance import WEEK, Expectation, hour_of_week, share_of_alike
from maild.knowledge.comparing import Compared
from maild.knowledge.likeness import Rarity, Vector, likeness, middle, shared_words, weigh_by
from maild.knowledge.usual import Came, Usual

WINDOWS = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
ALIKE = 0.18
"""Cosine from which two mails say the same."""

SEEN_TIMES = 20
"""What is usual in a window is known once the history is so many times as long; until then only the shortest is asked."""

JOINING = 0.25
"""Cosine with what an incident's tickets share from which a new one joins it."""

SAME = 0.5
"""Cosine from which two bursts are about the same."""

MOST_WORDS = 5
MEMORY = 8 * WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ticket as it came."""

    number: int
    at: datetime
    client: str
    """Who counts as one: an address for whom something vouches, else a domain."""

    is_proven: bool
    category: str | None
    mail: int
    terms: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """When a burst is told."""

    false_alarms_a_week: float
    least_clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Tickets that say the same, and why that is no chance."""

    tickets: tuple[Opened, ...]
    """Oldest first."""

    clients: int
    proven: int
    window: timedelta
    usual: float
    """Mails like these that are expected in such a window."""

    once_in_weeks: float
    """Chance alone brings as much less often."""

    words: tuple[str, ...]


@dataclass(kw_only=True)
class History:
    """What a desk has seen: the tickets of the last eight weeks."""

    zone: tzinfo
    opened: list[Opened] = field(default_factory=list)
    """Oldest first; their terms stand in `_terms`, which takes less room."""

    rarity: Rarity = field(default_factory=Rarity)
    _moments: list[datetime] = field(default_factory=list)
    """When each came, and not before the one before it: tickets of the past are moved in later."""

    _hours: list[int] = field(default_factory=list)
    """Of the week, in which each came."""

    _terms: "list[tuple[tuple[str, ...], array[int]]]" = field(default_factory=list)
    """The terms of each, and how often it has them."""

    _places: dict[int, int] = field(default_factory=dict)
    """Number of each ticket to its place in all these."""

    _compared: Compared = field(default_factory=Compared)

    def see(self, ticket: Opened) -> None:
        """Add the next ticket."""
        terms = {intern(term): count for term, count in ticket.terms.items()}
        self.rarity.see(terms)
        self._compared.add(weigh_by(terms, self.rarity))
        self._places[ticket.number] = len(self.opened)
        self._moments.append(max(ticket.at, self._moments[-1]) if self._moments else ticket.at)
        self._hours.append(hour_of_week(ticket.at, self.zone))
        self._terms.append((tuple(terms), array("I", terms.values())))
        self.opened.append(replace(ticket, terms={}))

    def newest(self, most: int) -> "History":
        """Forget all but so many tickets."""
        kept = History(zone=self.zone)
        for ticket, (terms, counts) in list(zip(self.opened, self._terms, strict=True))[-most:]:
            kept.see(replace(ticket, terms=dict(zip(terms, counts, strict=True))))
        return kept

    def vector(self, number: int) -> Vector:
        """What the ticket says."""
        place = self._places.get(number)
        return {} if place is None else self._compared.vector(place)

    def like(self, vector: Vector, *, least: float = ALIKE, since: datetime | None = None) -> list[Opened]:
        """All tickets since then that say the same, oldest first."""
        first = bisect_left(self._moments, since) if since else 0
        return [self.opened[place] for place in self._compared.alike(vector, least=least, first=first)]

    def usual(self, left_out: AbstractSet[int]) -> Usual:
        """All but those tickets, counted."""
        pairs = zip(self.opened, self._hours, strict=True)
        return Usual(
            (Came(each.at, each.category, hour) for each, hour in pairs if each.number not in left_out), self.zone
        )


def find_burst(
    anchor: Opened,
    history: History,
    alarm: Alarm,
    *,
    usual: Usual,
    left_out: AbstractSet[int] = frozenset(),
    taken: AbstractSet[int] = frozenset(),
) -> Burst | None:
    """The burst that this ticket ends, if chance does not explain it; of several windows the least probable one.

    `left_out`: tickets of declared incidents and of floods, which are not usual. `taken`: what holds one of these is no news.
    """
    vector = history.vector(anchor.number)
    lately = history.like(vector, since=anchor.at - WINDOWS[-1])
    if len({each.client for each in lately if each.at <= anchor.at}) < alarm.least_clients:
        return None
    alike = [each for each in history.like(vector) if each.at <= anchor.at]
    rate, weeks = usual.rate(anchor.at)
    asked = [window for window in WINDOWS if window <= max(WINDOWS[0], weeks * WEEK / SEEN_TIMES)]
    found = [_measure(anchor, alike, usual, window, left_out) for window in asked]
    questions = rate * len(WINDOWS)
    told = [each for each in found if each.clients >= alarm.least_clients]
    told = [each for each in told if each.chance <= alarm.false_alarms_a_week / questions]
    if not told:
        return None
    best = min(told, key=lambda each: each.chance)
    if not taken.isdisjoint(each.number for each in best.tickets):
        return None
    return Burst(
        tickets=best.tickets,
        clients=best.clients,
        proven=len({each.client for each in best.tickets if each.is_proven}),
        window=best.window,
        usual=best.usual,
        once_in_weeks=1 / max(best.chance * questions, 1e-9),
        words=shared_words([history.vector(each.number) for each in best.tickets], most=MOST_WORDS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """One window."""

    window: timedelta
    tickets: tuple[Opened, ...]
    clients: int
    usual: float
    chance: float


def _measure(
    anchor: Opened, alike: Sequence[Opened], usual: Usual, window: timedelta, left_out: AbstractSet[int]
) -> _Measured:
    since = anchor.at - window
    within = tuple(each for each in alike if each.at > since)
    _, weeks = usual.rate(since)
    past = [each.at for each in alike if each.at <= since and each.number not in left_out]
    share = share_of_alike(past, usual.rhythm(since).share(since, anchor.at), since=since, until=anchor.at)
    expectation = Expectation(
        alike=len(past),
        weekly=(1 + usual.of_category(anchor.category, anchor.at)) / (weeks + share),
        weeks=weeks,
    )
    clients = len({each.client for each in within})
    return _Measured(
        window=window,
        tickets=within,
        clients=clients,
        usual=expectation.mean(share),
        # The anchor itself is why we ask; the others are the surprise.
        chance=expectation.tail(clients - 1, share),
    )


def common_terms(tickets: Sequence[int], history: History) -> tuple[Vector, dict[str, float]]:
    """What an incident's tickets share, and the rarity of terms by which a new ticket is compared with it."""
    shared = middle([vector for number in tickets if (vector := history.vector(number))])
    return shared, history.rarity.usual(shared)


def find_bursts(
    fresh: Sequence[Opened],
    history: History,
    alarm: Alarm,
    *,
    taken: set[int],
    left_out: Iterable[int] = (),
    dismissed: Sequence[Vector] = (),
) -> list[Burst]:
    """What to propose after new tickets, which the history has seen.

    `taken`: tickets that are or were in an incident or a proposal: whatever holds one of them is more of the same.
    `dismissed`: what was proposed and dismissed lately.
    """
    found: list[Burst] = []
    apart, gone = set(left_out), set(taken)
    usual = history.usual(apart)
    for anchor in fresh:
        if anchor.number in gone:
            continue
        burst = find_burst(anchor, history, alarm, usual=usual, left_out=apart, taken=gone)
        if burst is None or _is_dismissed(burst, dismissed, history):
            continue
        found.append(burst)
        gone |= {each.number for each in burst.tickets}
    return found


def _is_dismissed(burst: Burst, dismissed: Sequence[Vector], history: History) -> bool:
    shared = middle([history.vector(each.number) for each in burst.tickets]) if dismissed else {}
    return any(likeness(shared, other) >= SAME for other in dismissed)
