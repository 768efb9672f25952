"""A linear model's answer in words: its own sums, read aloud, and the languages it has read."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from types import MappingProxyType

from maild.classify.linear import WHOLE, Reading
from maild.classify.terms import is_pair, is_piece, pairs_of, pieces, words_of

_NAMES = MappingProxyType({"en": "English", "de": "German", "fr": "French", "es": "Spanish"})

_WORDS = 4
"""As many as a person takes in at a glance."""


def telling_words(found: Sequence[str], reading: Reading, best: int) -> str:
    """The words that spoke most for the label at place `best`, each with what it added to its lead over the others.

    `found` are all words of the text. A word's sum holds the word, its pieces and half of each pair it stands in;
    pieces that several words share are divided by how often each word has them, so that all the words together make
    the whole lead, but for what a sentence encoder said: that stands under a name of its own.
    """
    shares, labels = reading.shares, reading.shares.shape[1]
    leads = (shares[:, best] - (shares.sum(axis=1) - shares[:, best]) / (labels - 1)) / reading.times
    lead = dict(zip(reading.terms, leads.tolist(), strict=True))
    sums: defaultdict[str, float] = defaultdict(float)
    has_pieces = any(is_piece(term) for term in lead)
    for word, times in Counter(found).items():
        if has_pieces:
            sums[word] += times * sum(lead[term] for term in (word, *pieces(word)) if term in lead)
        elif word in lead:
            sums[word] += times * lead[word]
    for pair in pairs_of(found) if any(map(is_pair, lead)) else ():
        if pair in lead:
            for word in words_of(pair):
                sums[word] += lead[pair] / 2
    if WHOLE in lead:
        sums[WHOLE] = lead[WHOLE]
    strongest = sorted(((value, word) for word, value in sums.items() if value > 0), reverse=True)[:_WORDS]
    return ", ".join(f"{word} ({value:+.1f})" for value, word in strongest)


def name_of(language: str) -> str:
    """A language's name; of one that maild does not write in, its code."""
    return _NAMES.get(language, language)
