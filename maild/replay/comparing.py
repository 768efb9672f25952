"""Two sides compared, aspect by aspect. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.replay.decided import ASPECTS, NONE, Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is told of a played mail."""

    place: str
    at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One aspect of one mail that would differ."""

    mail: int
    aspect: str
    now: str
    then: str
    because: str
    """Why the other side decided so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One aspect over all mails."""

    aspect: str
    n: int
    """Mails of which at least one side says something about it."""

    differ: int
    ways: tuple[tuple[str, str, int], ...]
    """(now, then, how often), the most frequent first; none of `words`, which are too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that would differ."""

    mails: Mapping[int, About]
    changes: Sequence[Change]
    differences: Sequence[Difference]
    not_played: int
    """Mails that only the real desk could play: taps, and answers to tickets of before."""

    @property
    def differing(self) -> set[int]:
        """Mails of which something would differ."""
        return {difference.mail for difference in self.differences}

    @property
    def share(self) -> float:
        """Of all that were played, from 0 to 1."""
        return len(self.differing) / len(self.mails) if self.mails else 0.0


def compare(
    mails: Mapping[int, About],
    now: Mapping[int, Decided],
    then: Mapping[int, Decided],
    *,
    not_played: int,
    ignored: Collection[str] = (),
) -> Comparison:
    """Compare what both sides say about each mail; `ignored`: aspects that do not count."""
    differences: list[Difference] = []
    changes = []
    for aspect in (each for each in ASPECTS if each not in ignored):
        sides = [(mail, _said(now.get(mail), aspect), _said(then.get(mail), aspect)) for mail in mails]
        told = [(mail, was, would) for mail, was, would in sides if (was, would) != (None, None)]
        found = [
            Difference(mail=mail, aspect=aspect, now=was or NONE, then=would or NONE, because=_why(then.get(mail)))
            for mail, was, would in told
            if was != would
        ]
        ways = Counter((each.now, each.then) for each in found)
        counted = () if aspect == "words" else tuple((*way, times) for way, times in ways.most_common())
        changes.append(Change(aspect=aspect, n=len(told), differ=len(found), ways=counted))
        differences += found
    return Comparison(mails=mails, changes=changes, differences=differences, not_played=not_played)


def _said(decided: Decided | None, aspect: str) -> str | None:
    return decided.said.get(aspect) if decided else None


def _why(then: Decided | None) -> str:
    return then.because if then else "it answers what the other side has not written"
