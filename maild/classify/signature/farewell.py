"""Farewells: whether a line takes leave, and what stands of it without a name."""

import re

from maild.classify.signature.signature_words import SignatureWords, tokens_of
from maild.classify.signature.signed_name import is_own, is_signed_name

_CLAUSE = re.compile(r"(?:[^.!?;:,|/]|[.,:/](?! |\Z))+")
_THANKS = frozenset(["thanks", "thank", "thx", "tks", "ta", "danke", "dank", "dankeschon", "merci", "gracias"])
"""A farewell in such words says something, too."""


def leave_taken(line: str, words: SignatureWords, known: frozenset[str]) -> str | None:
    """The line, without a name behind its farewell, where it ends in one or in thanks; None: it does not.

    Behind thanks the name stays: whom they thank, or in German any noun.
    """
    clauses = [found for found in _CLAUSE.finditer(line) if tokens_of(found.group())]
    if not clauses or "?" in line:
        return None
    before, last = clauses[-2] if len(clauses) > 1 else None, clauses[-1]
    if before is None or not is_signed_name(last.group().split(), words, known):
        return _without_name(line, last, words, known)
    is_left = is_farewell(before.group(), words) and not _only_thanks(before.group(), words)
    return line[: before.end()] if is_left or _is_own(last.group(), words, known) else None


def _is_own(name: str, words: SignatureWords, known: frozenset[str]) -> bool:
    """Whether it is the author's name, whatever stands before it."""
    return set(tokens_of(name)) <= known - words.farewells and is_own(name.split(), words)


def _without_name(line: str, clause: re.Match[str], words: SignatureWords, known: frozenset[str]) -> str | None:
    """The line without a name at the end of its last clause, where that is a farewell: "Kind regards Jan"."""
    written = list(re.finditer(r"\S+", clause.group()))
    all_words = len(written)
    while len(written) > 1 and is_signed_name([written[-1].group()], words, known):
        del written[-1]
    end = clause.start() + written[-1].end()
    farewell = line[clause.start() : end]
    if not is_farewell(farewell, words):
        return None
    return line[:end] if len(written) < all_words and not _only_thanks(farewell, words) else line


def is_farewell(line: str, words: SignatureWords) -> bool:
    """Whether it is nothing but a farewell."""
    tokens = tokens_of(line)
    return bool(set(tokens) & words.farewells) and set(tokens) <= words.farewells | words.parting


def is_thanks(text: str) -> bool:
    """Whether words of it thank."""
    return not _THANKS.isdisjoint(tokens_of(text))


def _only_thanks(text: str, words: SignatureWords) -> bool:
    return words.farewells.intersection(tokens_of(text)) <= _THANKS
