"""What a model may count in a text: words, pairs of words, and pieces of words.

A model counts those of them that are in its vocabulary. The shipped models leave out words that say how people write
and not what about; a desk's own model may need them ("how do I cancel", "why was it cancelled").
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from maild.classify.stopwords import STOPWORDS

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PIECES = (3, 4, 5)
"""Lengths of the pieces in characters; a word's two ends count as characters."""

_LONGEST = 30
"""Longer runs of letters are encoded content, not words."""

_SAME = {
    **dict.fromkeys(("can't", "cant", "couldn't", "couldnt", "unable"), "cannot"),
    **dict.fromkeys(("don't", "doesn't", "doesnt", "didn't", "isn't", "aren't", "wasn't", "won't", "wont"), "not"),
    **dict.fromkeys(("email", "emails", "mails"), "mail"),
}
"""Spellings that one collection of texts has and another lacks, brought together."""


def tokens(text: str) -> list[str]:
    """All words, in order."""
    found = (_SAME.get(word, word) for word in _WORD.findall(text))
    return [word for word in found if len(word) <= _LONGEST]


def telling(word: str) -> bool:
    """Whether it can say what a text is about."""
    return len(word) > 1 and word not in STOPWORDS


def words(text: str) -> list[str]:
    """The words that say what a text is about, in order."""
    return [word for word in tokens(text) if telling(word)]


def pairs(found: Sequence[str]) -> list[str]:
    """Neighbouring words."""
    return [f"{first} {second}" for first, second in pairwise(found)]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """Pieces of one word with its ends marked by `_`; they find a word again in its other forms and misspelt.

    The small words have pieces of their own, so that no model learns "with" from "withdraw".
    """
    marked, kind = f"_{word}_", "~" if telling(word) else "-"
    return tuple(
        f"{kind}{marked[start : start + length]}" for length in _PIECES for start in range(len(marked) - length + 1)
    )


def terms(text: str) -> list[str]:
    """All terms of a text, repeated as often as they occur: the analyzer of every trained vectoriser."""
    return [term for term, _ in terms_of(tokens(text))]


def terms_of(found: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each term with the words that it is made of.

    These are: every word, its pieces, pairs of telling words with nothing telling between them, and neighbours of which
    one is a small word.
    """
    about = [word for word in found if telling(word)]
    for word in found:
        yield word, (word,)
        for piece in pieces(word):
            yield piece, (word,)
    for pair in pairwise(about):
        yield " ".join(pair), pair
    for pair in pairwise(found):
        if not (telling(pair[0]) and telling(pair[1])):
            yield " ".join(pair), pair
