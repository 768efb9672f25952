"""Forget a person: find what is theirs, erase it in one transaction, mark it, and prove it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.errors import ConfigurationError, Refused
from maild.mail.addresses import read_address
from maild.mail.naming import pattern_of
from maild.process.retention import ERASED_DOMAIN
from maild.process.rules import Rules
from maild.store.engine import Connection, Store
from maild.store.erasing.digest import digest_of_theirs
from maild.store.erasing.elsewhere import erase_elsewhere
from maild.store.erasing.erasures import Erasure, add_erasure, complete_erasure, list_erasures
from maild.store.erasing.models import count_models, erase_models
from maild.store.erasing.remains import Remaining, find_remains
from maild.store.erasing.rows import erase_rows
from maild.store.erasing.theirs import Theirs, find_theirs
from maild.store.erasing.tombstones import add_tombstones, find_key, make_key, mark_of
from maild.store.mirror.issues import list_urls

FILES, MODELS = "files", "models"
"""Steps that follow the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who is to be forgotten, and who says so."""

    address: str
    """In lower case."""

    said_by: str
    because: str | None
    ours: frozenset[str]
    """The desk's own addresses, in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is kept of a person, before anything is erased."""

    counts: Mapping[str, int]
    open_tickets: tuple[int, ...]
    under_way: int
    """Mails of the outbox that are being submitted at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was erased, and what is left to do or remains."""

    erasure: Erasure
    closed: tuple[int, ...]
    """Tickets that were open."""

    articles: int
    """Versions that stand on their tickets: somebody should read what is left of them."""

    under_way: int
    remains: tuple[Remaining, ...]
    issues: tuple[str, ...] = ()
    """Of their tickets in the tracker: where they are."""


def check_wish(address: str, rules: Rules, *, even_team: bool, because: str | None = None) -> str:
    """Give the address in lower case and A-labels.

    Raises ConfigurationError for what is none, Refused for one of the desk's own, or unasked of its people.
    """
    read = read_address(address)
    if read is None:
        raise ConfigurationError(f"{address!r} is no address such as bea@client.example; nothing was erased.")
    key = read.key
    if because and pattern_of(key).search(because):
        raise Refused(
            "--because names the address that is to be forgotten, and it is kept: give the number of a request, say. "
            "Nothing was erased."
        )
    if key in rules.desk.keys:
        raise Refused(f"{address} is the desk's own address; nothing was erased.")
    if (ours := rules.team.at(key)) and not even_team:
        raise Refused(
            f"{address} belongs to {ours.name} of team.toml: their mails are the desk's work, and nothing was "
            "erased. Take them out of team.toml first, or say --even-team."
        )
    return key


def look_at(store: Store, wish: Wish) -> Holding:
    """Find what is kept; nothing is changed."""
    with store.read() as connection:
        theirs = _find(connection, wish, find_key(connection) or b"")
        counts = {
            "tickets": len(theirs.tickets),
            "mails": len(theirs.mails),
            "outbox": len(theirs.outbox),
            "examples": len(theirs.examples),
            "articles": len(theirs.articles),
            "models": count_models(connection, theirs),
        }
    return Holding(counts=counts, open_tickets=theirs.open_tickets, under_way=len(theirs.under_way))


def forget(store: Store, wish: Wish, *, now: datetime) -> Forgotten:
    """Erase in one transaction: all of it, or nothing. Steps that an earlier run left undone are taken over."""
    theirs, number = store.transact(lambda connection: _forget(connection, store, wish, now), serial=True)
    with store.read() as connection:
        (erasure,) = (each for each in list_erasures(connection) if each.id == number)
        remains = find_remains(connection, wish.address)
        issues = list_urls(connection, theirs.tickets)
    return Forgotten(
        erasure=erasure,
        closed=theirs.open_tickets,
        articles=len(theirs.articles),
        under_way=len(theirs.under_way),
        remains=tuple(remains),
        issues=tuple(issues),
    )


def _forget(connection: Connection, store: Store, wish: Wish, now: datetime) -> tuple[Theirs, int]:
    key = make_key(connection, now=now)
    mark = mark_of(key, "address", wish.address)
    undone = [each for each in list_erasures(connection, mark=mark) if each.done_at is None]
    theirs = _find(connection, wish, key)
    number = add_erasure(
        connection, mark=mark, at=now, said_by=wish.said_by, because=wish.because, counts={}, left={},
        before=digest_of_theirs(connection, theirs), after="",
    )  # fmt: skip
    add_tombstones(connection, key, number, address=wish.address, copies=theirs.copies, now=now)
    questions, models = erase_models(connection, theirs, actor=wish.said_by, now=now)
    elsewhere = dict(erase_elsewhere(connection, theirs))
    counts = {**erase_rows(connection, theirs, now=now), "models": models, **elsewhere}
    left = _steps(undone, questions, writes_files=not store.is_postgresql)
    complete_erasure(
        connection,
        number,
        counts={what: count for what, count in counts.items() if count},
        left=left,
        after=digest_of_theirs(connection, theirs),
        done_at=None if left else now,
    )
    for each in undone:
        complete_erasure(connection, each.id, left={}, done_at=now)
    return theirs, number


def _steps(undone: Sequence[Erasure], questions: Collection[str], *, writes_files: bool) -> dict[str, list[str]]:
    wanted = {*questions, *(question for each in undone for question in each.left.get(MODELS, ()))}
    return {**({FILES: []} if writes_files else {}), **({MODELS: sorted(wanted)} if wanted else {})}


def _find(connection: Connection, wish: Wish, key: bytes) -> Theirs:
    # Without a mailbox below it (RFC 2606): whatever is written to it never leaves the house.
    pseudonym = f"erased-{mark_of(key, 'address', wish.address)[:16]}@{ERASED_DOMAIN}"
    return find_theirs(connection, wish.address, pseudonym=pseudonym, ours=wish.ours)
