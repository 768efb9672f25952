"""A table of points over named cues: how urgency and impact are told without honest labels to learn from."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from maild.classify.cue import Cue, Grammar, find
from maild.classify.folding import alternatives, fold, on_one_line, spellings
from maild.classify.linear import LinearModel
from maild.classify.phrase import Phrase, any_of, keys, read_phrases
from maild.classify.verdict import Verdict

_LIMIT = 4_000
"""Characters that are searched for cues."""

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+")
"""Of a mailbox: whoever writes to everybody@acme.example has not said that everybody is hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that the desk knows and the mail does not say, such as the client's service level."""

    name: str
    points: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the desk knows about one mail."""

    urgency: tuple[Fact, ...] = ()
    impact: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The table of one question; `models/<question>.json` is both its data and its card."""

    question: str
    cues: Sequence[Cue]
    """In order: what one cue has matched, a later one does not see ("not urgent" before "urgent")."""

    at_least: Mapping[int, int]
    """Label to the points that it takes; the first one reached counts, and the last label takes the rest."""

    entries: Mapping[str, Sequence[tuple[int, int, Phrase]]]
    """Key of a phrase to the place of its cue in `cues`, that of the phrase in the cue, and the phrase."""

    grammar: Grammar
    languages: tuple[str, ...]
    """Whose words it has."""

    learnt: LinearModel | None = None
    """What the desk's own labels have made of the cues and the words; None: the table alone decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One cue in one text."""

    name: str
    words: str
    """Of the text."""

    points: int
    """What the table gives it; 0 where it is denied, or yields to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All cues of one text."""

    found: tuple[Seen, ...]
    is_critical: bool
    """Whether one of them puts the lowest label out of reach."""


def read_points(file: Path) -> Points:
    """Read a table of cues, points and thresholds. Raises OSError, KeyError, ValueError or TypeError where it is broken."""
    table = json.loads(file.read_text(encoding="utf-8"))
    lists = {
        language: {name: any_of(words) for name, words in of.items()} for language, of in table.get("lists", {}).items()
    }
    cues = tuple(_cue(row, lists) for row in table["cues"])
    return Points(
        question=table["question"],
        cues=cues,
        entries=_entries(cues),
        at_least={int(label): least for label, least in table["at_least"].items()},
        languages=tuple(table["languages"]),
        grammar=Grammar(
            # Between a denying word and what it denies stand at most three words, and none that begins a new statement.
            denying=re.compile(
                rf"(?<!\w)((?:{alternatives(table['denying'])}|\w+n't) (?:(?!(?:{alternatives(table['joining'])}) )[\w'-]+ ){{0,3}})\Z"
            ),
            asking=re.compile(rf"(?:(?:and|or|und|oder|et|ou|y|o) )?(?:{alternatives(table['asking'])})(?!\w)"),
            failing=frozenset(
                spelling for of in table.get("failing", {}).values() for word in of for spelling in spellings(word)
            ),
        ),
    )


def count_points(text: str, points: Points, facts: Sequence[Fact] = ()) -> Verdict:
    """Add up the cues that the text has; each counts once. The reason names them in the words of the mail.

    `text` is the subject, a blank line and the new text. `facts` count like cues and stand first in the reason.
    """
    tally = count_cues(text, points)
    named = [f"{fact.name}: {fact.because} ({fact.points:+d})" for fact in facts]
    named += [f"{one.name}: “{one.words}” ({_in_words(one.points)})" for one in tally.found]
    total = sum(fact.points for fact in facts) + sum(one.points for one in tally.found)
    label = _label(total, points, tally.is_critical)
    because = ", ".join(named) or _silent(label, points)
    return Verdict(question=points.question, label=label, confidence=None, because=because)


def _silent(label: str, points: Points) -> str:
    if int(label) > max(points.at_least):
        because = "no word in it speaks for more or for less: the lowest"
    else:
        because = "no word in it speaks for more or for less: the middle"
    return because


def _in_words(points: int) -> str:
    return f"{points:+d}" if points else "no point"


def count_cues(text: str, points: Points) -> Tally:
    """Find every cue that the text has; what one has matched, a later one does not see."""
    original, folded, present = _read(text[:_LIMIT])
    rest = folded
    seen: list[tuple[Cue, Seen]] = []
    is_critical = False
    for cue, phrases in _candidates(points, folded, present):
        found, rest = find(cue, phrases, folded, rest, points.grammar)
        if found is not None:
            is_critical = is_critical or found.is_critical
            seen.append((cue, Seen(name=cue.name, words=original[found.place].strip(), points=found.points)))
    counting = frozenset(cue.name for cue, one in seen if one.points)
    told = tuple(one if cue.counts_among(counting) else replace(one, points=0) for cue, one in seen)
    return Tally(found=told, is_critical=is_critical)


@lru_cache(maxsize=8)  # urgency, then impact, is counted in the texts of one chunk of mails
def _read(text: str) -> tuple[str, str, frozenset[str]]:
    """The text on one line, the same folded and without addresses, and the keys of the phrases that it may have."""
    original = on_one_line(text)
    folded = _ADDRESS.sub(lambda address: "x" * len(address.group()), fold(original))
    return original, folded, keys(folded)


def _candidates(points: Points, folded: str, present: frozenset[str]) -> Iterator[tuple[Cue, list[Phrase]]]:
    """The cues that a text with these keys may have, in order, each with those of its phrases."""
    entries = points.entries
    found = sorted(
        entry
        for key in entries.keys() & present
        for entry in entries[key]
        if present.issuperset(entry[2].needs) and entry[2].core in folded
    )
    for number, of_cue in groupby(found, key=itemgetter(0)):
        phrases = [phrase for _, _, phrase in of_cue if not phrase.lists or phrase.has_lists(present)]
        if phrases:
            yield points.cues[number], phrases


def _entries(cues: Sequence[Cue]) -> Mapping[str, Sequence[tuple[int, int, Phrase]]]:
    entries: dict[str, list[tuple[int, int, Phrase]]] = {}
    for number, cue in enumerate(cues):
        for place, phrase in enumerate(cue.phrases):
            entries.setdefault(phrase.key, []).append((number, place, phrase))
    return entries


def _label(total: int, points: Points, is_critical: bool) -> str:
    lowest = max(points.at_least) + 1
    reached = next((label for label, least in sorted(points.at_least.items()) if total >= least), lowest)
    return str(min(reached, lowest - 1) if is_critical else reached)


def _cue(row: Mapping[str, Any], lists: Mapping[str, Mapping[str, str]]) -> Cue:
    named = {(word, language if "<" in word else "") for language, of in row["words"].items() for word in of}
    words = sorted(named, key=lambda one: (-len(one[0]), one))  # a set is in another order in each process
    return Cue(
        name=row["name"],
        points=row["points"],
        phrases=tuple(phrase for word, language in words for phrase in read_phrases(word, lists.get(language, {}))),
        asked=row.get("asked"),
        apart=row.get("apart"),
        is_deniable=row.get("deniable", False),
        is_critical=row.get("critical", False),
        early=row.get("early"),
        yields_to=frozenset(row.get("yields_to", ())),
        only_beside=frozenset(row.get("only_beside", ())),
        least=row.get("least"),
        most=row.get("most"),
    )
