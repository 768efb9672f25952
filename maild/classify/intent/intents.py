"""The table of phrases by which replies are read: `models/reply_intent.json`, both its data and its card."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maild.classify.intent.clause import Turns, read_turns
from maild.classify.intent.harmless import Harmless, read_harmless
from maild.classify.intent.objection import Objections, read_objections
from maild.classify.intent.sign import Entry, Sign
from maild.classify.linear import LinearModel
from maild.classify.phrase import read_phrases
from maild.classify.signature.signature_words import SignatureWords, read_signature_words

PHRASES = ("resolved", "not_resolved", "partly", "new_problem", "question", "information", "thanks", "automatic", None)
"""What the phrases can say, in the order of the rows of `LinearModel.phrases`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """What `reply_intent` looks for."""

    entries: Mapping[str, Sequence[Entry]]
    """By the keys of their phrases."""

    alone: Mapping[str, Sign]
    """A folded clause that is nothing but these words, such as "solved"."""

    turns: Turns
    objections: Objections
    harmless: Harmless
    signature: SignatureWords
    learnt: LinearModel | None = None
    """What the desk's labels have taught beside them."""


_YES = re.compile(r"\b([Ss])[íÍ]\b")


def spell_yes(text: str) -> str:
    """The Spanish yes as `sy`: without its accent it would be "if". As long as `text`."""
    return _YES.sub(r"\1y", text)


def read_intents(file: Path) -> Intents:
    """Read the table. Raises OSError, KeyError, ValueError or TypeError where it is broken."""
    table = json.loads(file.read_text(encoding="utf-8"))
    signs = [(_sign(row), row) for row in table["signs"]]
    phrases = [
        (phrase, sign)
        for sign, row in signs
        for words in _words(row.get("words", {}))
        for phrase in read_phrases(words)
    ]
    alone = {
        phrase.words: sign
        for sign, row in signs
        for words in _words(row.get("alone", {}))
        for phrase in read_phrases(words)
    }
    # Those of signs that come first, then longer phrases before shorter ones.
    phrases.sort(key=lambda pair: (pair[1].is_first, len(pair[0].words)), reverse=True)
    entries: dict[str, list[Entry]] = {}
    for rank, (phrase, sign) in enumerate(phrases):
        entries.setdefault(phrase.key, []).append(Entry(rank=rank, phrase=phrase, sign=sign))
    turns, objections = read_turns(table["grammar"]), read_objections(table["objections"])
    closing = [phrase.words for phrase, sign in phrases if sign.says == "resolved"]
    closing += [words for words, sign in alone.items() if sign.says in ("resolved", "yes")]
    harmless = read_harmless(table["harmless"], closing)
    return Intents(
        entries=entries,
        alone=alone,
        turns=turns,
        objections=objections,
        harmless=harmless,
        signature=_signature(table, harmless),
    )


def _signature(table: Mapping[str, Any], harmless: Harmless) -> SignatureWords:
    """The words of signatures; what replies are read by is no name, and what they complain in no signature."""
    objections = table["objections"]
    trouble = {
        *_single(objections[name] for name in ("gone", "lacking", "taken", "returned")),
        *_single((table["grammar"]["denying"], table["harmless"]["limits"])),
    }
    things = {*harmless.things, *_single((objections["belongings"], objections["faults"]))}
    understood = {*harmless.known, *things}
    understood |= {word for row in table["signs"] for words in _words(row.get("words", {})) for word in words.split()}
    return read_signature_words(table["signature"], understood=understood, things=things, trouble=trouble)


def _single(lists: Iterable[Mapping[str, Sequence[str]]]) -> Iterator[str]:
    """The phrases of one word."""
    return (words.strip("*") for of in lists for line in of.values() for words in line if " " not in words)


def _sign(row: Mapping[str, Any]) -> Sign:
    return Sign(
        name=row["name"],
        says=row["says"],
        points=row.get("points", 0),
        points_at_end=row.get("points_at_end", row.get("points", 0)),
        denied=row.get("denied"),
        is_statement=row.get("statement", False),
        is_first=row.get("first", False),
        is_loose=row.get("loosely", False),
        is_of_ticket=row.get("of_ticket", False),
        is_understood=row.get("understood", False),
    )


def _words(of_languages: Mapping[str, Sequence[str]]) -> list[str]:
    return [spell_yes(words) for of_language in of_languages.values() for words in of_language]
