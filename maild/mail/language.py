"""Which of the desk's languages a text is in."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maild.mail.walking import WalkingIdentifier

CHARACTERS = 2_000
"""Read of a text; more changes nothing but the time."""

LETTERS = 20
"""Fewer say nothing."""

SHARE = 0.8
"""Of the probability of all the desk's languages together."""

CERTAINTY = 0.05
"""Of the probability of all languages of KNOWN: below, the text is in none of the desk's."""

_KNOWN = (
    "ar bg ca cs da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv mk ms mt nb nl nn no pl pt ro ru sk sl "
    "sq sr sv th tr uk ur vi zh zxx"
)
KNOWN = frozenset(_KNOWN.split())
"""Told apart, so that mail in none of the desk's languages is seen to be so; `zxx` is what is in no language."""

_LINKS, _ADDRESSES = r"https?://\S+|www\.\S+", r"\S+@\S+"
_LINES = r"^>.*$|[\d_#=*|<>\[\](){}/\\+-]+"
_NOISE = re.compile(f"{_LINKS}|{_ADDRESSES}|{_LINES}", re.MULTILINE)
_NOISE_WITHOUT_ADDRESSES = re.compile(f"{_LINKS}|{_LINES}", re.MULTILINE)
"""To look for an address begins anew at each letter of a word."""


def identify(text: str, languages: Sequence[str]) -> str | None:
    """Name the language; None for a text that is too short, or too unlike all of `languages`."""
    text = text[:CHARACTERS]
    words = " ".join((_NOISE if "@" in text else _NOISE_WITHOUT_ADDRESSES).sub(" ", text).split())
    if sum(1 for _ in islice(filter(str.isalpha, words), LETTERS)) < LETTERS:
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
def _identifier() -> "WalkingIdentifier":
    """The library's table, cut down to the languages of KNOWN: a third of its memory goes into the others."""
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    from maild.mail.walking import WalkingIdentifier

    table, priors, names, moves, rows, outputs = load_model(MODEL_DIR / MODEL_FILE)
    columns = [column for column, name in enumerate(names) if name in KNOWN]
    return WalkingIdentifier(
        np.ascontiguousarray(table[:, columns]),
        priors[columns],
        [names[column] for column in columns],
        moves,
        outputs,
        norm_probs=True,
        tk_row=rows,
    )
