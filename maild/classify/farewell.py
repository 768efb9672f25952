"""Farewells: whether a line takes leave, and what stands of it without a name."""

import re

from maild.classify.signature_words import SignatureWords, tokens_of
from maild.classify.signed_name import is_own, is_signed_name

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
    last = clauses[-1]
    if (
        len(clauses) > 1
        and set(tokens_of(last.group())) <= known - words.farewells
        and is_own(last.group().split(), words)
    ):
        return line[: clauses[-2].end()]
    if len(clauses) > 1 and is_signed_name(last.group().split(), words, known):
        before = clauses[-2]
        is_left = is_farewell(before.group(), words) and not _only_thanks(before.group(), words)
        return line[: before.end()] if is_left else None
    written = list(re.finditer(r"\S+", last.group()))
    while len(written) > 1 and is_signed_name([written[-1].group()], words, known):
        del written[-1]
    end = last.start() + written[-1].end()
    farewell = line[last.start() : end]
    if not is_farewell(farewell, words):
        return None
    is_named = len(written) < len(last.group().split())
    return line[:end] if is_named and not _only_thanks(farewell, words) else line


def is_farewell(line: str, words: SignatureWords) -> bool:
    """Whether it is nothing but a farewell."""
    tokens = tokens_of(line)
    return bool(set(tokens) & words.farewells) and set(tokens) <= words.farewells | words.parting


def is_thanks(text: str) -> bool:
    """Whether words of it thank."""
    return not _THANKS.isdisjoint(tokens_of(text))


def _only_thanks(text: str, words: SignatureWords) -> bool:
    return words.farewells.intersection(tokens_of(text)) <= _THANKS
