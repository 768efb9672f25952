"""Signature: what of a mail its author's server has signed, so that nobody who sends it again can change it (RFC 6376)."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_PARTIAL = re.compile(r"(?:^|;)\s*l\s*=")
_ONCE = frozenset({"from", "date", "subject", "message-id", "content-type", "content-transfer-encoding"})
"""Fields that may stand once (RFC 5322, 3.6; RFC 2045) and that say who wrote a mail, what it is about and how its text is read."""

_LONGEST_FIELD = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A DKIM-Signature as it is written; whether it is valid our own server says."""

    domain: str
    fields: Counter[str]
    """How often it signs a field of each name: the lowest ones, and one that is not there as empty (RFC 6376 5.4.2)."""

    is_open: bool
    """It signs a beginning of the text alone (`l=`): anybody can write below it."""


def read_signatures(headers: Iterable[tuple[str, str]], domain: str) -> list[Signature]:
    """The signatures that can be those of an author at `domain`, and of their neighbours: what each leaves out, anybody can add.

    Who adds one only loses by it, and the one that is valid cannot be taken away: all are read, or enough others would hide it.
    """
    read = (_read(value[:_LONGEST_FIELD]) for name, value in headers if name == "dkim-signature")
    return [each for each in read if _neighbours(each.domain, domain.casefold())]


def leaves_open(headers: Iterable[tuple[str, str]], domain: str) -> bool:
    """Whether one of them signs a beginning of the text alone; asked of every mail, and almost none has one to read."""
    partial = ((name, value) for name, value in headers if name == "dkim-signature" and _PARTIAL.search(value))
    return any(each.is_open for each in read_signatures(partial, domain))


def has_doubled(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a field that may stand once stands twice: a signature holds for the lowest one, and the upper one is read."""
    once = [name for name, _ in headers if name in _ONCE]
    return len(once) > len(set(once))


def covers(signatures: Iterable[Signature], headers: Iterable[tuple[str, str]], name: str) -> bool:
    """Whether there is one field of this name (lower case), and each of the signatures signs it.

    Two, of fields that may stand once, no honest program writes, also where a signature says that it signs two.
    """
    there = sum(1 for field, _ in headers if field == name)
    return there == 1 and all(each.fields[name] for each in signatures)


def _read(value: str) -> Signature:
    tags = {
        name.strip().lower(): "".join(said.split())
        for name, _, said in (tag.partition("=") for tag in value.split(";"))
    }
    fields = Counter(name.lower() for name in tags.get("h", "").split(":"))
    return Signature(domain=tags.get("d", "").lower(), fields=fields, is_open="l" in tags)


def _neighbours(signer: str, domain: str) -> bool:
    """Whether they end in the same two labels, as those of one organisation do."""
    return signer.split(".")[-2:] == domain.split(".")[-2:]
