"""Mails that wait: to be taken in by a process, or, held, to be looked at by a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Float, RowMapping, func, literal, or_, select, update

from maild.errors import NotFound, Refused
from maild.store.database.bells import ring
from maild.store.database.clock import clock_plus, has_ended
from maild.store.database.packing import unpack
from maild.store.tables import mailboxes, mails, sources

USUAL_LEASE = timedelta(minutes=2)
"""How long mails are claimed for: reading a group takes seconds."""

BYTES_A_CLAIM = 32_000_000
"""One claim brings no more sources into memory than this, unless the first is larger; in turns (`claim_in_turn`) the first of each rank."""

AWAITED = "`maild run` fetches its bytes from the mail server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A mail that has been claimed to be taken in."""

    id: int
    digest: str
    content: bytes
    """Its source as it is kept."""

    size: int
    arrived_at: datetime
    attempts: int
    """How often it has been claimed, this time included: a mail that kills its process is recognised by it."""

    is_sent: bool = False
    """It lies where mail clients put what they send."""

    @property
    def source(self) -> bytes:
        """Unpacked now, and not in the transaction that claims: others wait for that one. Raises Damaged."""
        return unpack(self.content)


def claim_mails(connection: Connection, *, holder: str, lease: timedelta, limit: int) -> list[Waiting]:
    """Take the oldest mails that nobody else is taking in; they are the holder's until the lease ends."""
    query = select(mails.c.id, mails.c.size).where(*free()).order_by(mails.c.id).limit(limit)
    found = connection.execute(query.with_for_update(skip_locked=True))
    return take(connection, _as_many_as_fit([(row.id, row.size) for row in found]), holder=holder, lease=lease)


def free() -> tuple[ColumnElement[bool], ...]:
    """Which mails wait for anybody to take them in."""
    is_nobodys = or_(
        mails.c.lease_until.is_(None), has_ended(mails.c.lease_until, literal(USUAL_LEASE.total_seconds(), Float()))
    )
    return mails.c.outcome.is_(None), mails.c.digest.is_not(None), is_nobodys


def take(connection: Connection, ids: Sequence[int], *, holder: str, lease: timedelta) -> list[Waiting]:
    """Take mails that this transaction has locked; answers them in this order."""
    if not ids:
        return []
    claimed = {"lease_holder": holder, "lease_until": clock_plus(lease), "attempts": mails.c.attempts + 1}
    connection.execute(update(mails).where(mails.c.id.in_(ids)).values(claimed))
    return _read(connection, ids)


def count_waiting(connection: Connection) -> int:
    """How many mails have not been taken in; those that somebody is taking in are among them."""
    waiting = select(func.count()).select_from(mails).where(mails.c.outcome.is_(None), mails.c.digest.is_not(None))
    return connection.scalar(waiting) or 0


def still_claimed(connection: Connection, ids: Iterable[int], *, holder: str) -> set[int]:
    """Give those of the mails that are still the holder's, and keep them so until this transaction ends."""
    ours = (mails.c.id.in_(list(ids)), mails.c.outcome.is_(None), mails.c.lease_holder == holder)
    return set(connection.scalars(select(mails.c.id).where(*ours).with_for_update()))


def release_mails(connection: Connection, ids: Iterable[int]) -> None:
    """Give mails back as if they had never been claimed; those that were taken in meanwhile stay so."""
    unclaimed = {"lease_holder": None, "lease_until": None, "attempts": mails.c.attempts - 1}
    ours = (mails.c.id.in_(list(ids)), mails.c.outcome.is_(None), mails.c.lease_holder.is_not(None))
    connection.execute(update(mails).where(*ours).values(unclaimed))
    ring(connection, "intake")


def hold(connection: Connection, mail_id: int, *, because: str, now: datetime | ColumnElement[datetime]) -> None:
    """Keep a mail for a person, with the reason; rings "marking". One that was taken in meanwhile stays so."""
    held = {"outcome": "held", "because": because, "taken_in_at": now, "lease_holder": None, "lease_until": None}
    connection.execute(update(mails).where(mails.c.id == mail_id, mails.c.outcome.is_(None)).values(held))
    ring(connection, "marking")


def retry_held(connection: Connection, mail_id: int, *, source_bytes: int) -> bool:
    """Let a held mail be taken in once more; rings "intake".

    False: its bytes stayed on the server, where it is watched they are fetched first; rings "marking" for that. Raises
    NotFound when there is no such mail, Refused when it is not held or has more octets than `source_bytes`.
    """
    mail = _held(connection, mail_id)
    if mail["size"] > source_bytes:
        raise Refused(
            f"Mail {mail_id} has {mail['size']:,} octets, and [limits] source_bytes = {source_bytes} in maild.toml still "
            "forbids that; nothing was changed. Raise it, and start `maild run` again."
        )
    waits = None if mail["digest"] else f"{AWAITED}; it was held because: {mail['because']}"
    anew = {"outcome": None, "because": waits, "taken_in_at": None, "attempts": 0}
    connection.execute(update(mails).where(mails.c.id == mail_id).values(anew))
    ring(connection, "intake" if mail["digest"] else "marking")
    return mail["digest"] is not None


def release_held(connection: Connection, mail_id: int, *, now: datetime) -> bool:
    """Let a held mail be taken in once more, vouched for by its author; rings "intake". False: it is not held."""
    held = update(mails).where(mails.c.id == mail_id, mails.c.outcome == "held")
    anew = {"outcome": None, "because": None, "taken_in_at": None, "attempts": 0, "released_at": now}
    is_held = connection.execute(held.values(anew)).rowcount == 1
    ring(connection, "intake")
    return is_held


def settle_copy(connection: Connection, mail_id: int, *, same_as: int, now: datetime) -> None:
    """What was held is the same as another mail, which has been believed."""
    because = f"the same mail as mail {same_as}, which lies in the mailbox of sent mail"
    held = update(mails).where(mails.c.id == mail_id, mails.c.outcome == "held")
    connection.execute(held.values(outcome="duplicate", because=because, taken_in_at=now))
    ring(connection, "marking")


def give_up(connection: Connection, mail_id: int, *, now: datetime) -> bool:
    """As `drop_held`; False: it is not held any more."""
    try:
        drop_held(connection, mail_id, now=now)
    except (NotFound, Refused):
        return False
    return True


def drop_held(connection: Connection, mail_id: int, *, now: datetime) -> None:
    """Give a held mail up; its source stays, its outcome becomes `unrelated`.

    Raises NotFound when there is no such mail, Refused when it is not held.
    """
    _held(connection, mail_id)
    dropped = {
        "outcome": "unrelated",
        "because": "dropped by a person; it was held because: " + mails.c.because,
        "taken_in_at": now,
    }
    connection.execute(update(mails).where(mails.c.id == mail_id).values(dropped))
    ring(connection, "marking")


def _held(connection: Connection, mail_id: int) -> RowMapping:
    """Give a held mail, or one that waits for its bytes."""
    columns = (mails.c.outcome, mails.c.digest, mails.c.size, mails.c.because)
    row = connection.execute(select(*columns).where(mails.c.id == mail_id).with_for_update()).mappings().first()
    if row is None:
        raise NotFound(f"There is no mail {mail_id}; `maild held` lists those that wait for a person.")
    if row["outcome"] != "held" and (row["outcome"] or row["digest"]):
        raise Refused(
            f"Mail {mail_id} is not held ({row['outcome'] or 'it waits to be taken in'}); nothing was changed."
        )
    return row


def _as_many_as_fit(sizes: Sequence[tuple[int, int]]) -> list[int]:
    ids: list[int] = []
    total = 0
    for mail_id, size in sizes:
        total += size
        if ids and total > BYTES_A_CLAIM:
            break
        ids.append(mail_id)
    return ids


def _read(connection: Connection, ids: Sequence[int]) -> list[Waiting]:
    names = ("id", "digest", "size", "arrived_at", "attempts")
    query = (
        select(*(mails.c[name] for name in names), sources.c.content, mailboxes.c.is_sent)
        .join(sources, sources.c.digest == mails.c.digest)
        .outerjoin(mailboxes, mailboxes.c.id == mails.c.mailbox_id)
        .where(mails.c.id.in_(ids))
    )
    rows = connection.execute(query).mappings()
    read = {row["id"]: Waiting(**{**row, "is_sent": bool(row["is_sent"])}) for row in rows}
    return [read[mail_id] for mail_id in ids if mail_id in read]
