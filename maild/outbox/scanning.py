"""The last look at what leaves the house: no infected file, and none that nobody could look at."""

from maild.doors.clamd import Clamd
from maild.errors import Bounced, Unauthorized, Unavailable

MARKS = (b"\r\nContent-Disposition: attachment", b"\r\nContent-Type: message/rfc822")
"""How our own mails carry files and originals."""


def look_over(clamd: Clamd, content: bytes) -> None:
    """Raises Bounced where something is found, and Unauthorized (tried again, never bounced) where nobody could look."""
    if not any(mark in content for mark in MARKS):
        return
    try:
        virus = clamd.find_virus(content)
    except Unavailable as error:
        raise Unauthorized(f"not submitted yet, for its attachments must be scanned first: {error}") from error
    except Bounced as error:
        raise Bounced(f"not submitted, for nobody can look into its attachments: {error}") from error
    if virus is not None:
        raise Bounced(f"not submitted, for the virus scanner found {virus} in its attachments")
