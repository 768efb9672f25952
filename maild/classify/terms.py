"""What a model may count in a text: words, pairs of words near and farther apart, and pieces of words.

A model counts those of them that are in its vocabulary. The shipped models leave out words that say how people write
and not what about; a desk's own model may need them ("how do I cancel", "why was it cancelled").
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, compress, pairwise

from maild.classify.stopwords import STOPWORDS

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PIECES = (3, 4, 5)
"""Lengths of the pieces in characters; a word's two ends count as characters."""

FARTHEST = 4
"""How many telling words further the other word of a pair may stand: "reset the old password of the VPN" has reset and VPN."""

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


@lru_cache(maxsize=20_000)
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


def about(text: str) -> list[str]:
    """The telling words of a text and their pairs, repeated as often as they occur: what the shipped models count."""
    return about_of(tokens(text))


def about_of(found: Sequence[str]) -> list[str]:
    """Likewise, of a text of these words."""
    telling_words = [word for word in found if telling(word)]
    return [*telling_words, *pairs(telling_words)]


def is_piece(term: str) -> bool:
    """Whether it is no word and no pair."""
    return term[:1] in ("~", "-")


def is_pair(term: str) -> bool:
    """Whether it is two words."""
    return " " in term or "+" in term


def words_of(pair: str) -> list[str]:
    """The two words of a pair."""
    return pair.replace("+", " ").split(" ")


def is_about(term: str) -> bool:
    """Whether it is a telling word, or a pair of neighbouring ones."""
    return not is_piece(term) and "+" not in term and all(map(telling, term.split(" ")))


def terms(text: str) -> list[str]:
    """All terms of a text, repeated as often as they occur: what a desk's own model may count."""
    return list(terms_of(tokens(text)))


def terms_of(found: Sequence[str]) -> Iterator[str]:
    """All terms of a text of these words: every word, its pieces, and the pairs."""
    return chain(found, pairs_of(found), chain.from_iterable(map(pieces, found)))


def pairs_of(found: Sequence[str]) -> list[str]:
    """All pairs: near ones, and far ones."""
    return [*_near_pairs(found), *_far_pairs([word for word in found if telling(word)])]


def _far_pairs(found: Sequence[str]) -> Iterator[str]:
    """Pairs of telling words with one to three of these between them, in alphabetical order."""
    for distance in range(2, FARTHEST + 1):
        for one, other in zip(found, found[distance:], strict=False):
            yield f"{one}+{other}" if one < other else f"{other}+{one}"


def _near_pairs(found: Sequence[str]) -> list[str]:
    """Pairs of telling words with nothing telling between them, and neighbours of which one is a small word."""
    tells = list(map(telling, found))
    neighbours = zip(found, found[1:], tells, tells[1:], strict=False)
    loose = [
        f"{first} {second}" for first, second, tells_one, tells_other in neighbours if not (tells_one and tells_other)
    ]
    return [*pairs(list(compress(found, tells))), *loose]
