"""What is written as names are: the one place that says so, for greetings, signatures and places."""

import re
from collections.abc import Sequence

_PROPER = re.compile(r"[^\W\d_](?:[\w'\N{RIGHT SINGLE QUOTATION MARK}-]|\.(?=\w))*\.?")
_INITIALS = 2


def is_proper(word: str) -> bool:
    """Whether a capital begins it and nothing but letters follow, a hyphen or an apostrophe between them aside."""
    return word[:1].isupper() and _PROPER.fullmatch(word) is not None and not any(map(str.isdigit, word))


def are_proper(words: Sequence[str]) -> bool:
    """Whether all are; whatever stands in capitals alone is none, initials aside."""
    return all(is_proper(word) and not is_shouted(word) for word in words)


def is_shouted(word: str) -> bool:
    """Whether it is in capitals and longer than initials are."""
    return word.isupper() and len(word.strip(".")) > _INITIALS
