"""The one text of a mail that models read, for training and for service alike (STYLE 14)."""

import re
from functools import lru_cache

LIMIT = 4_000
"""Characters that a model reads; what a mail is about stands at its beginning."""

_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d+")
_EMAIL = re.compile(r"\be-mail")
_PREFIX = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|sv|tr|antw)\s*:\s*)+", re.IGNORECASE)


def model_text(subject: str, body: str) -> str:
    """What the models see: lower case, links, addresses and numbers gone, one space between words.

    Numbers, addresses and links name one case and not its kind; the largest training set has none of them either.
    """
    return _cleaned(f"{_PREFIX.sub('', subject)}\n{body[:LIMIT]}"[:LIMIT])


@lru_cache(maxsize=8)  # several models ask about the texts of one chunk of mails
def _cleaned(text: str) -> str:
    text = text.lower().replace("’", "'")  # noqa: RUF001 - what phones write for an apostrophe
    # Looked for only where there may be some: each expression looks at every letter of the text.
    if "http" in text or "www." in text:
        text = _LINK.sub(" ", text)
    if "@" in text:
        text = _ADDRESS.sub(" ", text)
    text = _NUMBER.sub(" ", text)
    if "e-mail" in text:
        text = _EMAIL.sub("email", text)
    return " ".join(text.split())
