"""Pictures that stand within HTML itself, as data: links (RFC 2397): files that no part of the mail holds."""

import base64
import re
from collections.abc import Iterator
from itertools import islice

MOST = 50
"""Of one text."""

_LETTERS = r"""[A-Za-z0-9+/=%\s]"""
_LEAST = 400
"""Letters of base64: what is smaller is a dot or a line."""

_PICTURE = re.compile(
    rf"""\bsrc\s{{0,20}}=\s{{0,20}}["']?\s{{0,20}}data:(image/[a-z0-9.+-]{{1,30}});base64,({_LETTERS}{{{_LEAST},}})""".encode(),
    re.IGNORECASE,
)
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def pictures_in(html: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Where each stands, its media type, and its content."""
    for found in islice(_PICTURE.finditer(html), MOST):
        letters = _NO_BASE64.sub(b"", found.group(2))
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        yield (
            found.start(),
            found.group(1).decode("ascii").lower(),
            base64.b64decode(letters + b"=" * (-len(letters) % 4)),
        )
