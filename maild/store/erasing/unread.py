"""Mails that nobody has read yet: whose they are, as well as their header tells without being parsed."""

import re

_HEADER_BYTES = 200_000
_AUTHOR = re.compile(rb"^(?:from|sender|reply-to):.*(?:\r?\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)


def is_written_by(source: bytes, address: str) -> bool:
    """Whether the address stands in From, Sender or Reply-To."""
    header = re.split(rb"\r?\n\r?\n", source[:_HEADER_BYTES], maxsplit=1)[0]
    wanted = address.encode(errors="replace").lower()
    return any(wanted in field.lower() for field in _AUTHOR.findall(header))
