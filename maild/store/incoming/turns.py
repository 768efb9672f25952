"""The places of waiting mails while they are many: who stands where, and who is next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Float, LargeBinary, String, bindparam, func, literal, not_, select, update

from maild.mail.head import HEAD_OCTETS
from maild.process.rank import Rank
from maild.process.ticket import Event
from maild.process.waiting.shares import line_up, share_out
from maild.process.waiting.turns import Acquainted, Place
from maild.store.database.clock import has_ended
from maild.store.database.packing import unpack_start
from maild.store.incoming.waiting import BYTES_A_CLAIM, USUAL_LEASE, Waiting, free, take
from maild.store.tables import events, mailboxes, mails, outbox, sources, tickets
from maild.store.tables.columns import storable

HEARD = (
    Event.TSM_ANSWERED,
    Event.ANSWERED_DIRECTLY,
    Event.ASKED,
    Event.PROGRESS_REPORTED,
    Event.RESOLVED,
    Event.IMPORTED,
)
"""After one of these the desk knows a ticket's client. To have written is not enough: whoever is forged has a ticket, too."""

MOST_TICKETS = 200
"""Of a client, the oldest, in which is looked for that: whoever forges a name brings thousands."""

MOST_IN_PROGRESS = 1_000
"""Mails that are looked at: each process has three groups of them in its hands."""

FEW = 2
"""Names that an author is asked about by."""

NAMES_A_QUERY = 1_000
"""Below the limit of parameters of a statement (SQLite 32,766)."""

_TURNS = (
    select(mails.c.id, mails.c.size)
    .where(*free(), mails.c.rank == bindparam("of_rank"), mails.c.turn.is_not(None))
    .order_by(mails.c.turn, mails.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# Without a word about turns: their index knows nothing of who is oldest, and the one of those who wait does.
_OLDEST = (
    select(mails.c.id, mails.c.size)
    .where(*free(), mails.c.rank == bindparam("of_rank"))
    .order_by(mails.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_PLACE = (
    update(mails).where(mails.c.id == bindparam("row")).values(rank=bindparam("in_rank"), turn=bindparam("its_turn"))
)
_OLDEST_TICKETS = (
    select(tickets.c.id)
    .where(tickets.c.client == bindparam("asked", type_=String()))
    .order_by(tickets.c.id)
    .limit(MOST_TICKETS)
    .subquery("oldest")
)
_IS_KNOWN = (
    select(literal(1))
    .select_from(_OLDEST_TICKETS.join(events, events.c.ticket_id == _OLDEST_TICKETS.c.id))
    .where(events.c.event.in_([event.value for event in HEARD]))
    .limit(1)
)
_HAVE_TICKETS = select(tickets.c.client).where(tickets.c.client.in_(bindparam("names", expanding=True))).distinct()
_TOKENS = select(outbox.c.token, outbox.c.recipient).where(outbox.c.token.in_(bindparam("names", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A mail that waits and has no place yet."""

    id: int
    start: bytes
    """Of its source."""

    is_sent: bool
    """It lies where mail clients put what they send in the desk's name."""


def are_many(connection: Connection, many: int) -> bool:
    """Whether more mails wait than that."""
    beyond = select(mails.c.id).where(*free()).order_by(mails.c.id).offset(many).limit(1)
    return connection.scalar(beyond) is not None


def read_unplaced(connection: Connection, limit: int, *, after: int = 0) -> list[Unplaced]:
    """The oldest behind this row of those that have no place, locked for this transaction."""
    start = func.substr(sources.c.content, 1, HEAD_OCTETS, type_=LargeBinary())
    query = (
        select(mails.c.id, start.label("start"), mailboxes.c.is_sent)
        .join(sources, sources.c.digest == mails.c.digest)
        .outerjoin(mailboxes, mailboxes.c.id == mails.c.mailbox_id)
        .where(*free(), mails.c.turn.is_(None), mails.c.id > after)
        .order_by(mails.c.id)
        .limit(limit)
        .with_for_update(of=mails, skip_locked=True)
    )
    return [
        Unplaced(id=row.id, start=unpack_start(bytes(row.start), HEAD_OCTETS), is_sent=bool(row.is_sent))
        for row in connection.execute(query)
    ]


def read_in_progress(connection: Connection, *, before: int, holder: str) -> list[Unplaced]:
    """The mails before this row that others than the holder are taking in now."""
    start = func.substr(sources.c.content, 1, HEAD_OCTETS, type_=LargeBinary())
    is_over = has_ended(mails.c.lease_until, literal(USUAL_LEASE.total_seconds(), Float()))
    query = (
        select(mails.c.id, start.label("start"))
        .join(sources, sources.c.digest == mails.c.digest)
        .where(mails.c.outcome.is_(None), mails.c.id < before, mails.c.lease_holder != holder, not_(is_over))
        .order_by(mails.c.id.desc())
        .limit(MOST_IN_PROGRESS)
    )
    return [
        Unplaced(id=row.id, start=unpack_start(bytes(row.start), HEAD_OCTETS), is_sent=False)
        for row in connection.execute(query)
    ]


def has_place(connection: Connection, mail_id: int) -> bool:
    """Whether that mail has one, or had it until it was taken in."""
    return connection.scalar(select(mails.c.turn).where(mails.c.id == mail_id)) is not None


def write_places(connection: Connection, places: Mapping[int, Place]) -> None:
    """Row to its place."""
    rows = [{"row": row, "in_rank": int(place.rank), "its_turn": place.turn} for row, place in places.items()]
    if rows:
        connection.execute(_PLACE, rows)


def claim_in_turn(connection: Connection, *, holder: str, lease: timedelta, limit: int) -> list[Waiting]:
    """Take those whose turn it is, of every rank its share of mails and octets; as `claim_mails` otherwise."""
    waiting = {rank: _next_of(connection, rank, limit) for rank in Rank}
    chosen = share_out(waiting, limit, octets_of=lambda mail: mail[1], most_octets=BYTES_A_CLAIM)
    return take(connection, [mail_id for mail_id, _ in chosen], holder=holder, lease=lease)


def _next_of(connection: Connection, rank: Rank, most: int) -> list[tuple[int, int]]:
    """The oldest of a rank, and behind it those whose turn it is: row and octets of each."""
    rows = connection.execute(_TURNS, {"of_rank": int(rank), "most": most})
    in_turn = [(row.id, row.size) for row in rows]
    if not in_turn:
        return []
    oldest = connection.execute(_OLDEST, {"of_rank": int(rank)}).first() if len(in_turn) == most else min(in_turn)
    return line_up(in_turn, (oldest[0], oldest[1])) if oldest else in_turn


def find_acquainted(connection: Connection, authors: Collection[str], tokens: Iterable[str]) -> Acquainted:
    """Which of the authors, in these spellings, the desk knows, and whom it gave the tokens to."""
    written = {author: storable(author) for author in authors}
    met = _with_tickets(connection, set(written.values()))
    known = {
        author.casefold()
        for author, name in written.items()
        if name in met and connection.scalar(_IS_KNOWN, {"asked": name})
    }
    given = {
        row.token: row.recipient.casefold()
        for names in _parts({storable(token) for token in tokens})
        for row in connection.execute(_TOKENS, {"names": names})
    }
    return Acquainted(authors=known, tokens=given)


def _with_tickets(connection: Connection, names: set[str]) -> set[str]:
    """Those who have any, so that not each of a thousand strangers is asked about; of few it is not worth it."""
    if len(names) <= FEW:
        return names
    return {client for part in _parts(names) for client in connection.scalars(_HAVE_TICKETS, {"names": part})}


def _parts(names: Collection[str]) -> Iterable[list[str]]:
    ordered = sorted(names)
    return (ordered[start : start + NAMES_A_QUERY] for start in range(0, len(ordered), NAMES_A_QUERY))
