"""The words by which signatures are known: lists of all languages, in `models/reply_intent.json`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maild.classify.folding import fold, spellings

EDGE = " .,;:!*_'\"\u201c\u201d\u201e\u00ab\u00bb()[]<>#/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureWords:
    """The folded words of all languages that stand in signatures."""

    farewells: frozenset[str]
    parting: frozenset[str]
    """Beside a farewell."""

    given: frozenset[str]
    """Common first names, by which one at the very end is known, whatever the From line says."""

    particles: frozenset[str]
    degrees: frozenset[str]
    titles: frozenset[str]
    fields: frozenset[str]
    """Beside a title: what its bearer works at."""

    firms: frozenset[str]
    labels: frozenset[str]
    legal: frozenset[str]
    streets: frozenset[str]
    countries: frozenset[str]
    confidential: frozenset[str]
    """Of which each sentence of a notice has one."""

    confessed: frozenset[str]
    """Or one of those, where it begins with one of `conditions`."""

    missives: frozenset[str]
    """What a notice is about: the mail itself."""

    enclosures: frozenset[str]
    """What a notice names beside a mail; alone they are somebody's files."""

    conditions: frozenset[str]
    confiding: frozenset[str]
    """All other words of notices."""

    slogans: frozenset[str]
    pronouns: frozenset[str]
    shouts: frozenset[str]
    """What people write in a line of its own, as names are written, and want something."""

    understood: frozenset[str]
    """What is no name, though a capital begins it: the words by which replies are read."""

    things: frozenset[str]
    """What works, fails or is lost: no name has one of those."""

    trouble: frozenset[str]
    """With one of those no line is of a signature, whatever else it looks like."""


LISTS = tuple(name for name in SignatureWords.__slots__ if name not in ("understood", "things", "trouble"))


def read_signature_words(
    table: Mapping[str, Mapping[str, Sequence[str]]],
    *,
    understood: Iterable[str],
    things: Iterable[str],
    trouble: Iterable[str],
) -> SignatureWords:
    """Make the lists. Raises KeyError where one is missing."""
    lists = {name: _spelt(word for line in table[name].values() for word in line) for name in LISTS}
    return SignatureWords(**lists, understood=_spelt(understood), things=_spelt(things), trouble=_spelt(trouble))


def tokens_of(text: str) -> list[str]:
    """Its folded words."""
    return [bare for token in text.split() if (bare := fold(token).strip(EDGE)) and re.search(r"\w", bare)]


def _spelt(words: Iterable[str]) -> frozenset[str]:
    return frozenset(spelling for word in words for spelling in spellings(word))
