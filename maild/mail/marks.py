"""Marks: what mail clients put before the subject of a mail that somebody forwards."""

import re

# By language of the client; Finnish and Turkish answers have VS and Ynt, of which the first is a forwarded mail in Danish.
FORWARDED = (
    r"(?:fwd?|wg|tr|rv|enc|i|vs|vb|vl|doorst|pd|fs|trs|i\u0307?lt|πρθ|転送|转发|轉寄)(?:\[\d{1,3}\])?\s?[:\uff1a]"
)
"""Pattern of one such mark and its colon, to be compared without regard to case."""

_OUTERMOST = re.compile(rf"\s{{0,9}}(?:\[[^\]]{{1,40}}\]\s?)?{FORWARDED}", re.IGNORECASE)


def is_forwarded(subject: str) -> bool:
    """Whether the outermost mark of a subject, behind a tag of a list, tells a forwarded mail from an answer."""
    return _OUTERMOST.match(subject) is not None
