"""What a calendar says about a mail: an invitation, or the answer to one (iMIP, RFC 6047)."""

import re
from collections.abc import Iterable

from maild.mail.tree import Leaf, parameters

OCTETS = 65_536
"""Read of a calendar; its method stands at the top, a comment with the first event."""

_METHOD = re.compile(r"(?im)^METHOD[ \t]*:[ \t]*([A-Z-]{1,40})[ \t]*$")
_COMMENT = re.compile(r"(?im)^COMMENT(?:;[^:\n]{0,200})?:(.*)$")
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\[nN]")


def answered_invitation(parts: Iterable[Leaf]) -> str | None:
    """The method of a calendar that answers an invitation and nothing else, lower case; None: there is none, or words with it.

    Outlook writes what its author adds into COMMENT (RFC 5545 3.8.1.4): such a mail is a person's. A calendar that is attached
    as a file is what the mail is about.
    """
    leaf = next((leaf for leaf in parts if _is_told(leaf)), None)
    if leaf is None:
        return None
    lines = _FOLD.sub("", leaf.decode()[:OCTETS].decode("utf-8", "replace")).replace("\r\n", "\n")
    found = _METHOD.search(lines)
    method = (found[1] if found else parameters(leaf.part).get("method", "")).strip().lower()
    comment = _COMMENT.search(lines)
    has_words = comment is not None and bool(_ESCAPED.sub(" ", comment[1]).strip())
    return method if method in {"reply", "counter"} and not has_words else None


def _is_told(leaf: Leaf) -> bool:
    return leaf.media_type == "text/calendar" and leaf.disposition != "attachment"
