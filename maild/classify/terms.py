"""What a model counts in a text: words, pairs of words, and pieces of words."""

import re
from collections.abc import Sequence
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


def words(text: str) -> list[str]:
    """The words that say what a text is about, in order."""
    found = (_SAME.get(word, word) for word in _WORD.findall(text))
    return [word for word in found if 1 < len(word) <= _LONGEST and word not in STOPWORDS]


def pairs(found: Sequence[str]) -> list[str]:
    """Neighbouring words."""
    return [f"{first} {second}" for first, second in pairwise(found)]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """Pieces of one word with its ends marked by `_`; they find a word again in its other forms and misspelt."""
    marked = f"_{word}_"
    return tuple(
        f"~{marked[start : start + length]}" for length in _PIECES for start in range(len(marked) - length + 1)
    )


def terms(text: str) -> list[str]:
    """All terms of a text, repeated as often as they occur: the analyzer of the trained vectoriser."""
    found = words(text)
    return [*found, *pairs(found), *(piece for word in found for piece in pieces(word))]
