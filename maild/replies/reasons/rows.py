"""The rows of reasons: files of text that hold each one in English and, below that, in every other language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from maild.replies.typography import french

LANGUAGES = ("de", "fr", "es")
"""In the order in which they stand below the English."""

_FOLDER = Path(__file__).parent
_WORDS = "words.txt"
_SLOT = re.compile(r"\{([*+~]?)(\w+)\}")
_MOST_WORDS = 4
"""Of a name, on either side of its comma."""

JOINTS = ("; ", ": ", ", ")
"""What several reasons in one are joined by, the widest first; behind a colon stands one only."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that differs from one reason to the next."""

    name: str
    mark: str
    """`*`: a reason itself, or a word, which is said in the language, too; `+`: any words; `~`: somebody's name; nothing: one thing."""

    @property
    def is_said(self) -> bool:
        """Whether what stands there is said in the language, too."""
        return self.mark == "*"

    def holds(self, value: str) -> bool:
        """Whether the value can stand there: one thing has nothing in it by which reasons are joined.

        A name may have a comma, as directories write it: `Ruiz, Ana`.
        """
        if self.mark in {"*", "+"}:
            return bool(value)
        last, comma, first = value.partition(", ") if self.mark == "~" else (value, "", "")
        is_name = not comma or (_is_called(last) and _is_called(first))
        return bool(value) and is_name and not any(joint in part for part in (last, first) for joint in JOINTS)


def _is_called(text: str) -> bool:
    """Whether a name may be so: few words, of which one begins with a capital."""
    words = text.split()
    return len(words) <= _MOST_WORDS and any(word[0].isupper() for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reason; between the fixed parts stand the slots, one fewer."""

    fixed: tuple[str, ...]
    slots: tuple[Slot, ...]
    said: Mapping[str, str]
    """Language to the sentence, with its slots."""

    @property
    def weight(self) -> int:
        """How much of it is fixed: of several that fit, the one that says most is meant."""
        return sum(map(len, self.fixed))


@cache
def read_reasons() -> tuple[Row, ...]:
    """Every row but those of single words, the one that says most first."""
    files = (file for file in sorted(_FOLDER.glob("*.txt")) if file.name != _WORDS)
    rows = [_row(block) for file in files for block in _blocks(file)]
    return tuple(sorted(rows, key=lambda row: -row.weight))


@cache
def read_words() -> Mapping[str, Mapping[str, str]]:
    """Each word that a reason may name, in every language."""
    return MappingProxyType({row.fixed[0]: row.said for row in map(_row, _blocks(_FOLDER / _WORDS))})


def cut(sentence: str) -> tuple[tuple[str, ...], tuple[Slot, ...]]:
    """The fixed parts of a sentence, and the slots between them."""
    parts = _SLOT.split(sentence)
    marks, names = parts[1::3], parts[2::3]
    return tuple(parts[0::3]), tuple(Slot(name, mark) for mark, name in zip(marks, names, strict=True))


def _blocks(file: Path) -> Iterator[list[str]]:
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            yield lines


def _row(lines: list[str]) -> Row:
    """Raises ValueError where a language is missing or there is one too many."""
    english, *others = lines
    said = dict(zip(LANGUAGES, others, strict=True))
    fixed, slots = cut(english)
    return Row(fixed=fixed, slots=slots, said=MappingProxyType({**said, "fr": french(said["fr"])}))
