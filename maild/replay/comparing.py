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
        ways: Counter[tuple[str, str]] = Counter()
        n = 0
        for mail in mails:
            mine, theirs = now.get(mail), then.get(mail)
            said = (mine.said.get(aspect) if mine else None, theirs.said.get(aspect) if theirs else None)
            if said == (None, None):
                continue
            n += 1
            if said[0] != said[1]:
                was, would = said[0] or NONE, said[1] or NONE
                ways[was, would] += 1
                because = theirs.because if theirs else "it answers what the other side has not written"
                differences.append(Difference(mail=mail, aspect=aspect, now=was, then=would, because=because))
        told = () if aspect == "words" else tuple((*way, times) for way, times in ways.most_common())
        changes.append(Change(aspect=aspect, n=n, differ=ways.total(), ways=told))
    return Comparison(mails=mails, changes=changes, differences=differences, not_played=not_played)
