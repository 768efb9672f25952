"""Mails that nobody has read yet: whose they are, as well as their header tells without being parsed."""

import re

from maild.mail.naming import pattern_of

_HEADER_BYTES = 200_000
_AUTHOR = re.compile(rb"^(?:from|sender|reply-to):.*(?:\r?\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)


def is_written_by(source: bytes, address: str) -> bool:
    """Whether the address stands in From, Sender or Reply-To."""
    header = re.split(rb"\r?\n\r?\n", source[:_HEADER_BYTES], maxsplit=1)[0]
    pattern = pattern_of(address)
    return any(pattern.search(field.decode("utf-8", "replace")) for field in _AUTHOR.findall(header))
