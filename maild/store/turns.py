"""The places of waiting mails while they are many: who stands where, and who is next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, LargeBinary, bindparam, func, select, update

from maild.mail.head import HEAD_OCTETS
from maild.process.rank import Rank
from maild.process.ticket import Event
from maild.process.turns import Acquainted, Place, share_out
from maild.store.packing import unpack_start
from maild.store.tables import events, mailboxes, mails, outbox, sources, tickets
from maild.store.waiting import Waiting, free, take

HEARD = (
    Event.TSM_ANSWERED,
    Event.ANSWERED_DIRECTLY,
    Event.ASKED,
    Event.PROGRESS_REPORTED,
    Event.RESOLVED,
    Event.IMPORTED,
)
"""After one of these the desk knows a ticket's client. To have written is not enough: whoever is forged has a ticket, too."""

NAMES_A_QUERY = 1_000
"""Below the limit of parameters of a statement (SQLite 32,766)."""

_TURNS = (
    select(mails.c.id, mails.c.size)
    .where(*free(), mails.c.rank == bindparam("of_rank"), mails.c.turn.is_not(None))
    .order_by(mails.c.turn, mails.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_PLACE = (
    update(mails).where(mails.c.id == bindparam("row")).values(rank=bindparam("in_rank"), turn=bindparam("its_turn"))
)
_KNOWN = (
    select(tickets.c.client)
    .where(tickets.c.client.in_(bindparam("names", expanding=True)))
    .where(
        select(events.c.id)
        .where(events.c.ticket_id == tickets.c.id, events.c.event.in_([event.value for event in HEARD]))
        .exists()
    )
    .distinct()
)
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


def read_unplaced(connection: Connection, limit: int) -> list[Unplaced]:
    """The oldest of those that have no place, locked for this transaction."""
    start = func.substr(sources.c.content, 1, HEAD_OCTETS, type_=LargeBinary())
    query = (
        select(mails.c.id, start.label("start"), mailboxes.c.is_sent)
        .join(sources, sources.c.digest == mails.c.digest)
        .outerjoin(mailboxes, mailboxes.c.id == mails.c.mailbox_id)
        .where(*free(), mails.c.turn.is_(None))
        .order_by(mails.c.id)
        .limit(limit)
        .with_for_update(of=mails, skip_locked=True)
    )
    return [
        Unplaced(id=row.id, start=unpack_start(bytes(row.start), HEAD_OCTETS), is_sent=bool(row.is_sent))
        for row in connection.execute(query)
    ]


def write_places(connection: Connection, places: Mapping[int, Place]) -> None:
    """Row to its place."""
    rows = [{"row": row, "in_rank": int(place.rank), "its_turn": place.turn} for row, place in places.items()]
    if rows:
        connection.execute(_PLACE, rows)


def claim_in_turn(connection: Connection, *, holder: str, lease: timedelta, limit: int) -> list[Waiting]:
    """Take those whose turn it is, of every rank its share; as `claim_mails` otherwise."""
    waiting: dict[Rank, Sequence[tuple[int, int]]] = {}
    for rank in Rank:
        rows = connection.execute(_TURNS, {"of_rank": int(rank), "most": limit})
        waiting[rank] = [(row.id, row.size) for row in rows]
    return take(connection, share_out(waiting, limit), holder=holder, lease=lease)


def find_acquainted(connection: Connection, authors: Collection[str], tokens: Iterable[str]) -> Acquainted:
    """Which of the authors, in these spellings, the desk knows, and whom it gave the tokens to."""
    known = {client.casefold() for name in _parts(authors) for client in connection.scalars(_KNOWN, {"names": name})}
    given = {
        row.token: row.recipient.casefold()
        for names in _parts(set(tokens))
        for row in connection.execute(_TOKENS, {"names": names})
    }
    return Acquainted(authors=known, tokens=given)


def _parts(names: Collection[str]) -> Iterable[list[str]]:
    ordered = sorted(names)
    return (ordered[start : start + NAMES_A_QUERY] for start in range(0, len(ordered), NAMES_A_QUERY))
