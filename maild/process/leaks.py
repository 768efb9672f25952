"""The leak guard: what must not go to this client without a second look of whoever wrote it. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from maild.process.desk import Desk
from maild.process.secrets import find_secrets
from maild.process.token import TOKEN

OVERLAP_WORDS = 12
OVERLAP_CHARACTERS = 60
"""So much in a row, alike in internal text, is no chance. Spaces and punctuation count as one character."""

MOST_SHOWN = 10
SHOWN_CHARACTERS = 200

_ADDRESS = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """One thing that the guard found."""

    found: str
    """The very words."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the guard must know about the ticket."""

    foreign_addresses: AbstractSet[str] = frozenset()
    """Keys of those addresses in the words that are clients' of other tickets, and not of this one's conversation."""

    foreign_tickets: AbstractSet[int] = frozenset()
    """Those tickets in the words that are other clients'."""

    internal: Sequence[str] = ()
    """Texts of this ticket that were for the house."""

    seen: Sequence[str] = ()
    """What this client wrote or got, and what may be said to everybody."""


def addresses_in(words: str) -> dict[str, str]:
    """Key to spelling of each address."""
    return {found.group().casefold().rstrip("."): found.group().rstrip(".") for found in _ADDRESS.finditer(words)}


def tickets_in(words: str, desk: Desk) -> dict[int, str]:
    """Number to spelling of each ticket, such as `T-17`."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(desk.prefix)}-(\d{{1,12}})(?![\w-])", re.IGNORECASE)
    return {int(found[1]): found.group() for found in pattern.finditer(words)}


def find_leaks(words: str, desk: Desk, known: Known) -> tuple[Leak, ...]:
    """All that should be looked at again before the words go to the client; empty almost always."""
    heard = "\n".join(known.seen)
    found = (*_foreign(words, desk, known), *_secret(words, heard), *_own_marks(words, desk), *_overlaps(words, known))
    return tuple(dict.fromkeys(found))[:MOST_SHOWN]


def _foreign(words: str, desk: Desk, known: Known) -> Iterator[Leak]:
    for key, spelling in addresses_in(words).items():
        if key in known.foreign_addresses:
            yield Leak(found=spelling, because="the address of another client")
    for number, spelling in tickets_in(words, desk).items():
        if number in known.foreign_tickets:
            yield Leak(found=spelling, because="the ticket of another client")


def _secret(words: str, heard: str) -> Iterator[Leak]:
    for name, found in find_secrets(words):
        # What the client wrote or got is no secret to them.
        if found not in heard:
            yield Leak(found=found[:SHOWN_CHARACTERS], because=name)


def _own_marks(words: str, desk: Desk) -> Iterator[Leak]:
    """Tokens of ours in a file: by them somebody could speak as a person of the house."""
    pattern = rf"\b[at]\d{{1,12}}\.{TOKEN}@{re.escape(desk.domain)}"
    for found in re.finditer(pattern, words, re.IGNORECASE):
        yield Leak(found=found.group(), because="a mark by which maild knows people of the house")


def _overlaps(words: str, known: Known) -> Iterator[Leak]:
    spans = [found.span() for found in _WORD.finditer(words)]
    folded = [words[start:end].casefold() for start, end in spans]
    internal = set().union(*map(_runs, known.internal)).difference(*map(_runs, known.seen)) if folded else set()
    merged: list[tuple[int, int]] = []
    for place, run in _places(folded) if internal else ():
        if run in internal:
            start, end = spans[place][0], spans[place + run.count(" ")][1]
            merged.append((merged.pop()[0] if merged and start <= merged[-1][1] else start, end))
    for start, end in merged:
        excerpt = " ".join(words[start:end].split())[:SHOWN_CHARACTERS]
        yield Leak(found=excerpt, because="internal text of this ticket, word for word")


def _runs(text: str) -> set[str]:
    return {run for _, run in _places([found.group().casefold() for found in _WORD.finditer(text)])}


def _places(folded: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each run of words that is long enough to be compared, with the place of its first word."""
    for place in range(len(folded)):
        run, length = [], 0
        for word in folded[place : place + OVERLAP_WORDS]:
            run.append(word)
            length += len(word) + 1
            if length > OVERLAP_CHARACTERS:
                break
        if len(run) == OVERLAP_WORDS or length > OVERLAP_CHARACTERS:
            yield place, " ".join(run)


def in_words(leaks: Iterable[Leak]) -> str:
    """Why the relay waits, without the secrets themselves."""
    return ", ".join(dict.fromkeys(leak.because for leak in leaks))
