"""Line ends: a file of this machine ends its lines with LF, a mail with CR LF."""

import re

_BARE = re.compile(rb"(?<!\r)\n")


def as_mail(source: bytes) -> bytes:
    """Give the octets that travelled (RFC 5322, 2.3): so the same mail from a mailbox is known again."""
    return _BARE.sub(b"\r\n", source)
