"""A table of points over named cues: how urgency and impact are told without honest labels to learn from."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from maild.classify.verdict import Verdict

_LIMIT = 4_000
"""Characters that are searched for cues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Something that a person would name as a reason, such as an outage word."""

    name: str
    points: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The table of one question; `models/<question>.json` is both its data and its card."""

    question: str
    cues: Sequence[Cue]
    """In order: what one cue has matched, a later one does not see ("not urgent" before "urgent")."""

    at_least: Mapping[int, int]
    """Label to the points that it takes; the first one reached counts, and the last label takes the rest."""


def read_points(file: Path) -> Points:
    """Read a table of cues, points and thresholds."""
    table = json.loads(file.read_text(encoding="utf-8"))
    cues = tuple(
        Cue(
            name=cue["name"],
            points=cue["points"],
            pattern=_pattern([w for words in cue["words"].values() for w in words]),
        )
        for cue in table["cues"]
    )
    at_least = {int(label): least for label, least in table["at_least"].items()}
    return Points(question=table["question"], cues=cues, at_least=at_least)


def count_points(text: str, points: Points) -> Verdict:
    """Add up the cues that the text has; each counts once. The reason names them in the words of the mail."""
    rest = " ".join(text[:_LIMIT].casefold().split())
    total, named = 0, []
    for cue in points.cues:
        found = cue.pattern.search(rest)
        if found is None:
            continue
        total += cue.points
        named.append(f"{cue.name}: “{found.group()}” ({cue.points:+d})")
        rest = cue.pattern.sub(" | ", rest)
    label = next(
        (label for label, least in sorted(points.at_least.items()) if total >= least), max(points.at_least) + 1
    )
    because = ", ".join(named) or "no cue found: the middle"
    return Verdict(question=points.question, label=str(label), confidence=None, because=because)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """One pattern for all the words of a cue; a `*` stands for the rest of a word."""
    ordered = sorted((re.escape(word.casefold()).replace(r"\*", r"\w*") for word in words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ordered)})(?!\w)")
