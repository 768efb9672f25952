"""Sets of mails, as IMAP writes them."""

from collections.abc import Iterator, Sequence

SEARCH_WINDOW = 50_000
"""Mails that one SEARCH may answer: imaplib gives up on a line of 1,000,000 octets."""

LISTED_AT_ONCE = 500
"""Mails whose sizes are asked for by one command; keeps the command below 8,192 octets (RFC 7162, 4)."""


def windows(exists: int) -> list[list[str]]:
    """Cut a large mailbox into ranges of sequence numbers, the last first: an expunge meanwhile only moves mails down."""
    if exists <= SEARCH_WINDOW:
        return [[]] if exists else []  # some servers call any sequence set wrong where there is no mail
    starts = range(1, exists + 1, SEARCH_WINDOW)
    ends = ["*", *(str(start - 1) for start in reversed(starts[1:]))]
    return [[f"{start}:{end}"] for start, end in zip(reversed(starts), ends, strict=True)]


def portions(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Give the UIDs in their order, as many at once as one command may name."""
    return (uids[start : start + LISTED_AT_ONCE] for start in range(0, len(uids), LISTED_AT_ONCE))


def uid_set(uids: Sequence[int]) -> str:
    """Name mails by their UIDs."""
    return ",".join(map(str, uids))
