"""Sets of mails, as IMAP writes them."""

from collections.abc import Sequence

SEARCH_WINDOW = 50_000
"""Mails that one SEARCH may answer: imaplib gives up on a line of 1,000,000 octets."""


def windows(exists: int) -> list[list[str]]:
    """Cut a large mailbox into ranges of sequence numbers, the last first: an expunge meanwhile only moves mails down."""
    starts = range(1, max(exists, 1) + 1, SEARCH_WINDOW)
    if len(starts) == 1:
        return [[]]
    ends = ["*", *(str(start - 1) for start in reversed(starts[1:]))]
    return [[f"{start}:{end}"] for start, end in zip(reversed(starts), ends, strict=True)]


def uid_set(uids: Sequence[int]) -> str:
    """Name mails by their UIDs."""
    return ",".join(map(str, uids))
