"""The leak guard: what must not go to this client without a second look of whoever wrote it. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from maild.mail.domains import with_ascii_domain
from maild.process.desk import Desk
from maild.process.guarding.overlap import with_changes, word_for_word
from maild.process.guarding.secrets import find_secrets
from maild.process.token import SUBJECT_MARK, TOKEN

MOST_SHOWN = 10
SHOWN_CHARACTERS = 200

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_]|-){1,63}(?:\.(?:[^\W_]|-){1,63}){1,8}")
_QUOTING = re.compile(r"[!#$%&'*/=?^`{|}~]")
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2212), "-")
_UNSEEN = frozenset("\u034f\u115f\u1160\u3164\ufe00\ufe01\ufe0e\ufe0f")
"""Of no width, and no format characters by their category."""


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
    """Key to spelling of each address; what stands before it may be a part of it or not: `'carl@other.example`."""
    found = [match.group().lstrip(".-_+").rstrip(".-") for match in _ADDRESS.finditer(as_read(words))]
    shorter = [each[sign.end() :] for each in found for sign in _QUOTING.finditer(each.partition("@")[0])]
    spelt = [each for each in (*found, *shorter) if not each.startswith("@")]
    keys = {with_ascii_domain(each).casefold(): each for each in reversed(spelt)}
    return {**keys, **{each.casefold(): each for each in reversed(spelt)}}


def tickets_in(words: str, desk: Desk) -> dict[int, str]:
    """Number to spelling of each ticket, such as `T-17`."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(desk.prefix)}[-\u2013](\d{{1,12}})(?![\w-])", re.IGNORECASE)
    return {int(found[1]): found.group() for found in pattern.finditer(as_read(words))}


def find_leaks(words: str, desk: Desk, known: Known) -> tuple[Leak, ...]:
    """All that should be looked at again before the words go to the client; empty almost always."""
    known = replace(known, internal=[*map(as_read, known.internal)], seen=[*map(as_read, known.seen)])
    words, heard = as_read(words), "\n".join(known.seen)
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


def find_house(files: str, addresses: re.Pattern[str] | None, known: Known) -> Iterator[Leak]:
    """Addresses of people of the house in files, which nobody can rewrite; those that the client knows are no news."""
    if addresses is None or "@" not in files:
        return
    heard = "\n".join(known.seen).casefold()
    for spelling in dict.fromkeys(found.group() for found in addresses.finditer(as_read(files))):
        if spelling.casefold() not in heard:
            yield Leak(found=spelling, because="an address of the house, in a file")


def _own_marks(words: str, desk: Desk) -> Iterator[Leak]:
    """Tokens of ours in a file: by them somebody could speak as a person of the house."""
    address = rf"(?:\b|%2B)[at]\d{{1,12}}\.{TOKEN}(?:@|%40){re.escape(desk.domain)}"
    for found in re.finditer(rf"{address}|{SUBJECT_MARK}", words, re.IGNORECASE):
        yield Leak(found=found.group(), because="a mark by which maild knows people of the house")


def _overlaps(words: str, known: Known) -> Iterator[Leak]:
    places = word_for_word(words, known.internal, known.seen)
    because = "internal text of this ticket, word for word"
    if not places:
        places = with_changes(words, known.internal, known.seen)
        because = "internal text of this ticket, with small changes"
    for start, end in places:
        yield Leak(found=" ".join(words[start:end].split())[:SHOWN_CHARACTERS], because=because)


def as_read(words: str) -> str:
    """The words as a reader sees them: without what is not seen, in one form of each letter and hyphen (UAX 15)."""
    normal = unicodedata.normalize("NFKC", words).translate(_HYPHENS)
    if normal.isascii():
        return normal
    return "".join(each for each in normal if unicodedata.category(each) != "Cf" and each not in _UNSEEN)


def in_words(leaks: Iterable[Leak]) -> str:
    """Why the relay waits, without the secrets themselves."""
    return ", ".join(dict.fromkeys(leak.because for leak in leaks))
