"""Words: a text as search knows it, one spelling for what people write in several. Pure."""

import re

from maild.classify.folding import fold
from maild.classify.stopwords import STOPWORDS

CHARACTERS = 20_000
"""Indexed of a mail: logs of any length may stand below what an issue is about."""

LONGEST = 64
"""Characters of a word; what is longer is data."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> str:
    """The folded words of a text with a space between them: letters and digits only, so that no query has a syntax."""
    return " ".join([word for word in _folded(text[:CHARACTERS]) if word not in STOPWORDS])


def query_of(text: str) -> tuple[str, ...]:
    """What is looked for, each word once; stop words count where there is nothing else."""
    words = tuple(dict.fromkeys(_folded(text[:CHARACTERS])))
    return tuple(word for word in words if word not in STOPWORDS) or words


def _folded(text: str) -> list[str]:
    found = _WORD.findall(fold(text).replace("\N{LATIN SMALL LETTER SHARP S}", "ss"))
    return [word for word in found if len(word) <= LONGEST]
