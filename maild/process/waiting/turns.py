"""Turns: in which order mails are taken in while many wait, so that nobody honest waits behind a flood.

What is known of a mail before it is parsed puts it into a rank, and each rank has its share of every group (`shares`). Within a
rank those who wait take turns: a domain with a thousand mails has three of them taken in where a domain with one has that one, and of
those whose turn it is, who came through a busy network comes later.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from maild.mail.head import Head
from maild.process.desk import Desk
from maild.process.rank import Rank
from maild.process.rules import Rules
from maild.process.token import TOKEN, read_subject_tags
from maild.process.trust import signer, vouched

MOST_OF_NETWORK = 1_000_000
MAILS_A_TURN = 3
"""Of one domain or person: whoever writes again, or has a colleague who does, does not wait behind all who wrote once."""

MOST_NAMES = 200_000
"""Remembered at once, some 40 MB: a flood that never ends brings a new domain with every mail."""

MOST_TOKENS = 20
_CHARACTERS = 4_000

_OURS = re.compile(rf"\bt\d{{1,12}}\.({TOKEN})@", re.IGNORECASE)
_WHERE = ("to", "cc", "delivered-to", "x-original-to", "in-reply-to", "references")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mail stands among those that wait."""

    rank: Rank
    turn: int
    """Within its rank; the smaller, the sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquainted:
    """What the store knows of the authors and tokens of some heads."""

    authors: AbstractSet[str] = frozenset()
    """Addresses in lower case of clients to whom somebody of the desk has written."""

    tokens: Mapping[str, str] = field(default_factory=dict)
    """Token of ours to the address in lower case that it was given to."""


def tokens_of(head: Head, prefix: str) -> tuple[str, ...]:
    """What may be tokens of ours in a head; nothing of it is believed yet."""
    found = (token.lower() for value in head.values(*_WHERE) for token in _OURS.findall(value[-_CHARACTERS:]))
    tags = (token for value in head.values("subject") for _, token in read_subject_tags(value, prefix) if token)
    return tuple(dict.fromkeys((*found, *tags)))[:MOST_TOKENS]


def author_of(head: Head, desk: Desk) -> str | None:
    """Who seems to have written it: From, or whom one of our own lists names in its place; None where two disagree."""
    if len({address.casefold() for address in head.authors}) != 1:
        return None
    lists = desk.list_keys
    people = (address for address in head.reply_to if address.casefold() not in lists)
    return head.authors[0] if head.authors[0].casefold() not in lists else next(people, head.authors[0])


def find_rank(head: Head, rules: Rules, acquainted: Acquainted) -> Rank:
    """How much speaks for the mail."""
    author = author_of(head, rules.desk)
    if author is None:
        return Rank.UNKNOWN
    key = author.casefold()
    if any(acquainted.tokens.get(token) == key for token in tokens_of(head, rules.desk.prefix)):
        return Rank.EXPECTED
    is_known = key in acquainted.authors or rules.team.at(author) is not None
    # a list's From is not the author's own, so nothing vouches for whom it names
    if author in head.authors and vouched(head, author.rpartition("@")[2], rules.trust):
        return Rank.EXPECTED if is_known else Rank.VOUCHED
    return Rank.KNOWN if is_known else Rank.UNKNOWN


@dataclass(kw_only=True)
class Line:
    """Gives turns; it remembers how many it has given to whom, until nobody waits any more."""

    rules: Rules
    given: Counter[tuple[Rank, str]] = field(default_factory=Counter)
    most_names: int = MOST_NAMES

    def place(self, head: Head, acquainted: Acquainted) -> Place:
        """Give the next turn."""
        rank = find_rank(head, self.rules, acquainted)
        turn = self._next(rank, self._side(head, rank)) // MAILS_A_TURN
        of_network = self._next(rank, head.network or "no network")
        return Place(rank=rank, turn=turn * MOST_OF_NETWORK + min(of_network, MOST_OF_NETWORK - 1))

    def forget(self) -> None:
        """Begin anew: nobody waits."""
        self.given.clear()

    def _side(self, head: Head, rank: Rank) -> str:
        """With whom it takes turns: the domain that signed it, or its author's; people of freemail and those whom the desk knows alone."""
        author = author_of(head, self.rules.desk) or "nobody"
        domain = author.rpartition("@")[2]
        is_alone = rank in {Rank.EXPECTED, Rank.KNOWN} or domain in self.rules.policy.limits.freemail
        if is_alone:
            return author.casefold()
        # whoever owns a domain has as many subdomains as they like
        return (signer(head, domain, self.rules.trust) if rank is Rank.VOUCHED else None) or domain

    def _next(self, rank: Rank, name: str) -> int:
        if len(self.given) >= self.most_names:
            self._forget_most()
        self.given[rank, name] += 1
        return self.given[rank, name] - 1

    def _forget_most(self) -> None:
        """Keep the half that had the most turns: a flooder among them is still one, and who had few loses little by a turn too early."""
        self.given = Counter(dict(self.given.most_common(self.most_names // 2)))


def all_tokens(heads: Sequence[Head], rules: Rules) -> Iterator[str]:
    """What may be tokens of ours in any of them."""
    return (token for head in heads for token in tokens_of(head, rules.desk.prefix))


def all_authors(heads: Sequence[Head], rules: Rules) -> set[str]:
    """Who seems to have written any of them, as it is written and in lower case."""
    authors = {author for head in heads if (author := author_of(head, rules.desk))}
    return authors | {author.casefold() for author in authors}
