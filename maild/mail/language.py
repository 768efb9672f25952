"""Which of the desk's languages a text is in."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

CHARACTERS = 2_000
"""Read of a text; more changes nothing but the time."""

LETTERS = 20
"""Fewer say nothing."""

SHARE = 0.8
"""Of the probability of all the desk's languages together."""

CERTAINTY = 0.05
"""Of the probability of all languages there are: below, the text is in none of the desk's."""

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|^>.*$|[\d_#=*|<>\[\](){}/\\+-]+", re.MULTILINE)


def identify(text: str, languages: Sequence[str]) -> str | None:
    """Name the language; None for a text that is too short, or too unlike all of `languages`."""
    words = " ".join(_NOISE.sub(" ", text[:CHARACTERS]).split())
    if sum(letter.isalpha() for letter in words) < LETTERS:
        return None
    probabilities: Mapping[str, float] = dict(_identifier().rank(words))
    ours = {language: probabilities.get(language, 0.0) for language in languages}
    best = max(ours, key=ours.__getitem__, default=None)
    if best is None or ours[best] < CERTAINTY or ours[best] < SHARE * sum(ours.values()):
        return None
    return best


def load() -> None:
    """Read the table now (0.5 s), so that the processes of the pool share it."""
    _identifier()


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
