"""The audit sample: which sure verdicts a TSM is asked to confirm, because silence is no confirmation."""

import hashlib
import hmac
from collections.abc import Iterable

from maild.classify.verdict import Verdict

AUDITED = ("technical", "category", "team")
"""Questions whose verdicts act without a person."""


def draw(verdicts: Iterable[Verdict], *, key: bytes, digest: str, share: float) -> tuple[Verdict, ...]:
    """The sure verdicts of a mail that are in the sample.

    The same mail is drawn or not each time it is looked at, and no stranger can know it beforehand: a keyed hash of its
    digest decides (RFC 2104). `share`: of all mails, 0 to 1. The verdicts of a mail are drawn together: a person who
    looks at one looks at both.
    """
    if not _is_drawn(key, digest, share):
        return ()
    return tuple(
        verdict
        for verdict in verdicts
        if verdict.question in AUDITED
        and verdict.label is not None
        and verdict.confidence is not None
        and verdict.model
    )


def _is_drawn(key: bytes, digest: str, share: float) -> bool:
    drawn = hmac.digest(key, f"audit {digest}".encode(), hashlib.sha256)
    return int.from_bytes(drawn[:8]) < share * 2**64
