"""The words of the simulated people: topics, phrases by language, and marks by which each text is known again."""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

MARK = re.compile(r"\b[CPNF]\d{5}\b")
"""C: of a client's issue. P: public words of the desk. N: internal words. F: words of a forger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a client may write about."""

    name: str
    category: str | None
    """Category of the desk, if it is technical."""

    team: str | None
    """The other team that should get it, if it is not."""

    texts: Mapping[str, tuple[str, str]]
    """Language to subject and text."""


@dataclass(slots=True)
class Marks:
    """Numbers marks; the same seed gives the same ones."""

    _numbers: dict[str, "count[int]"] = field(default_factory=dict)

    def next(self, kind: str) -> str:
        """A mark that no other text has; `kind` is C, P, N or F."""
        return f"{kind}{next(self._numbers.setdefault(kind, count(1))):05}"


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, in the order of the file."""
    return tuple(
        Topic(
            name=name,
            category=table.get("category"),
            team=table.get("team"),
            texts={language: (each[0], each[1]) for language, each in table.items() if isinstance(each, list)},
        )
        for name, table in _words()["topics"].items()
    )


def phrase(chance: random.Random, who: str, language: str, meaning: str) -> str:
    """What a `client` or the `desk` says in a language."""
    return str(chance.choice(_words()[who][language][meaning]))


def house_phrase(chance: random.Random, who: str) -> str:
    """What is said inside the house: `note`, `engineer` or `team`."""
    return str(chance.choice(_words()["house"][who]))


def marks_in(text: str, kind: str) -> list[str]:
    """The marks of one kind in a text, in order."""
    return [mark for mark in MARK.findall(text) if mark.startswith(kind)]
