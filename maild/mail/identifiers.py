"""Message-ID, In-Reply-To and References (RFC 5322 3.6.4)."""

import re

from maild.mail.headers import Headers

ID_OCTETS = 900
"""RFC 5322 2.1.1: a line has 998. In octets, because an index of PostgreSQL takes 2,704 and a letter may have four."""

REFERENCES = 200
"""Kept of a longer list: the last ones, which are the nearest."""

_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_SPACES = re.compile(r"\s+")


def message_id(headers: Headers) -> str | None:
    """The id with its angle brackets, also where the author forgot them; None when there is none."""
    for field in headers.all("message-id"):
        if found := _all(field.written):
            return found[0]
        bare = _SPACES.sub("", field.written).strip("<>")
        if bare and _fits(bare):
            return f"<{bare}>"
    return None


def message_ids(headers: Headers, name: str) -> tuple[str, ...]:
    """Every id of the fields of that name, in order, each once."""
    found = dict.fromkeys(identifier for field in headers.all(name) for identifier in _all(field.written))
    return tuple(found)[-REFERENCES:]


def _all(value: str) -> list[str]:
    """Ids without the spaces that folding and some clients put into them."""
    ids = (_SPACES.sub("", found) for found in _MESSAGE_ID.findall(value))
    return [f"<{identifier}>" for identifier in ids if identifier and _fits(identifier)]


def _fits(identifier: str) -> bool:
    return len(identifier.encode("utf-8", "replace")) <= ID_OCTETS
