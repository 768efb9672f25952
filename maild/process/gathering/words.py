"""Lists of words, looked up word by word: a pattern of a hundred alternatives at every letter would be slow."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maild.process.gathering.material import Material, Place

_WORD = re.compile(r"(?<![\w@./-])[^\W_][\w!]{0,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """Words and groups of words, whatever their case."""

    first: frozenset[str]
    """The first word of each, in lower case."""

    pattern: re.Pattern[str]


def any_of(words: Sequence[str], behind: str = "") -> WordList:
    """List the words, the longest first, and what may stand `behind` one of them (a pattern); all in lower case."""
    ordered = sorted((re.escape(word) for word in words), key=len, reverse=True)
    pattern = re.compile(rf"(?:{'|'.join(ordered)}){behind}(?![\w@])")
    return WordList(first=frozenset(_WORD.match(word)[0] for word in words), pattern=pattern)  # type: ignore[index]


def find_words(words: WordList, material: Material) -> Iterator[Place]:
    """Give every one in the order of the text."""
    for word, start in _words_of(material.lower):
        if word in words.first:
            found = words.pattern.match(material.lower, start)
            if found:
                yield Place.of(material, found.span())


@lru_cache(maxsize=1)  # several finders ask about one text
def _words_of(lower: str) -> Sequence[tuple[str, int]]:
    return [(word[0], word.start()) for word in _WORD.finditer(lower)]


def find_all(pattern: re.Pattern[str], material: Material) -> Iterator[Place]:
    """Give every match of a pattern in the order of the text."""
    for found in pattern.finditer(material.text):
        value = found[0].strip()
        yield Place(value, found.start(), found.start() + len(value))
