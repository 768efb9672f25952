"""Masks what tells who a client is: their name, addresses, telephone numbers. Not their words themselves."""

import re
from collections.abc import Collection

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,64}@[^\s<>()\[\]\"',;:]{1,255}")
_TELEPHONE = re.compile(r"(?<![\w.])(?!\d{4}-\d\d-\d\d)[+(]{0,2}\d(?:[\s()/\-\u2010-\u2015]{0,3}\d){7,14}(?!\w|\.\d)")
_NAME_PART = re.compile(r"[^\W\d_]{3,}")

SHORTEST = 3
PERSON, ADDRESS, TELEPHONE = "[client]", "[address]", "[number]"


def mask(text: str, *, names: Collection[str]) -> str:
    """Leave out the client's names, every address, and what reads like a telephone number.

    A name is masked whole and by its parts of three letters and more, in any case; a word that contains one stays.
    """
    text = _TELEPHONE.sub(TELEPHONE, _ADDRESS.sub(ADDRESS, text))
    parts = {part.casefold() for name in names for part in _NAME_PART.findall(name)}
    for name in sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", PERSON, text, flags=re.IGNORECASE)
    if parts:
        pattern = rf"(?<!\w)(?:{'|'.join(re.escape(part) for part in sorted(parts, key=len, reverse=True))})(?!\w)"
        text = re.sub(pattern, PERSON, text, flags=re.IGNORECASE)
    return text
