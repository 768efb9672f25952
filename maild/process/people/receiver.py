"""Which other team takes a mail whose category nobody knows: the one whose own words the mail uses."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maild.classify.folding import fold
from maild.classify.stopwords import STOPWORDS
from maild.process.people.team import OtherTeam

LEAST = 2.0
"""Points that a team needs: one word alone can stand in any mail."""

MARGIN = 1.0
"""Points by which it must lead the next team."""

_LIMIT = 4_000
"""Characters of a mail that are read: what it is about stands at its beginning."""

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 2
_NAMED = 8
"""Words that the reason names at most."""
_STEM = 4
"""Letters that an ending leaves at least."""

_ENDINGS = (
    "ungen",
    "aciones",
    "ations",
    "ation",
    "acion",
    "ung",
    "ing",
    "ies",
    "ed",
    "es",
    "en",
    "er",
    "s",
    "n",
    "e",
    "y",
)
_SMALL = """
der die das den dem des ein eine einer einen und oder von vom zu zum zur mit fur fuer auf im in an am ist sind wer wenn
nicht was alle andere anderen sowie bei nach uber ueber
le la les un une des du de et ou en au aux pour par sur dans qui que est sont avec ce cette tout tous
el los las una unos unas del y o con por para que es son se su sus al lo otros otras todo todos
without non nobody else desk office
"""
"""Words of the other languages that say nothing about a team (folded), and a few that English mails are full of."""

_SILENT = STOPWORDS | frozenset(_SMALL.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """The team that gets a mail."""

    team: OtherTeam
    because: str


def claim(text: str, teams: Sequence[OtherTeam]) -> Receiver | None:
    """The team whose `takes` and `description` share most words with the mail; None where none leads clearly.

    A word counts one point, shared among all teams that name it; endings do not matter, and neither do accents. The
    leader needs LEAST points and MARGIN more than the next.
    """
    vocabularies = [_vocabulary(team.takes, team.description) for team in teams]
    named_by = Counter(stem for vocabulary in vocabularies for stem in vocabulary)
    said = _stems(text[:_LIMIT])
    points = [sum(1 / named_by[stem] for stem in vocabulary & said.keys()) for vocabulary in vocabularies]
    ranked = sorted(range(len(teams)), key=lambda place: -points[place])
    if not ranked or points[ranked[0]] < LEAST:
        return None
    best, next_best = ranked[0], points[ranked[1]] if len(ranked) > 1 else 0.0
    if points[best] - next_best < MARGIN:
        return None
    words = ", ".join([said[stem] for stem in said if stem in vocabularies[best]][:_NAMED])
    return Receiver(team=teams[best], because=f"words of {teams[best].name}: {words}")


@lru_cache(maxsize=256)
def _vocabulary(takes: tuple[str, ...], description: str) -> frozenset[str]:
    return frozenset(_stems(" ".join((*takes, description))))


def _stems(text: str) -> Mapping[str, str]:
    """Stem to the word as it is first written, in the order of the text."""
    stems: dict[str, str] = {}
    for word in _words(text):
        stems.setdefault(_stem(fold(word)), word)
    return stems


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        folded = fold(word)
        if len(folded) >= _SHORTEST and folded not in _SILENT:
            yield word


def _stem(folded: str) -> str:
    """Without its ending: `Bewerbungen` and `Bewerbung`, `invoices` and `invoiced` come together."""
    return next(
        (folded.removesuffix(end) for end in _ENDINGS if folded.endswith(end) and len(folded) - len(end) >= _STEM),
        folded,
    )
