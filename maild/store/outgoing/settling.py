"""Settling the outbox: what became of a submitted mail, by its holder, by later evidence, or by a person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType

from sqlalchemy import Connection, Float, Update, and_, bindparam, func, literal, or_, select, update

from maild.errors import NotFound, Refused
from maild.store.database.bells import ring
from maild.store.database.clock import has_ended
from maild.store.database.packing import NOTHING
from maild.store.database.row_changes import RowChange
from maild.store.tables import outbox

SETTLED_FROM: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "sent": ("sending", "uncertain"),
        "bounced": ("claimed", "sending", "uncertain"),
        "uncertain": ("sending",),
    }
)
"""State to the states it may follow. An `uncertain` mail's former holder may still say how it went."""

RETRIED_FROM = ("deferred", "bounced", "uncertain", "held", "dropped")
DROPPED_FROM = ("due", "deferred", "uncertain", "held")

ASKED_AGAIN = "nobody has tried it; a person had it submitted again"

_IN_HAND = ("claimed", "sending")
_WAITING = ("due", "deferred", *_IN_HAND)

NOBODY = {"lease_holder": None, "lease_until": None}


def settlement(outbox_id: int, *, state: str, answer: str, now: datetime, holder: str) -> RowChange:
    """Write down how the submission went, in the server's words: the mail is `sent`, `bounced` or `uncertain`.

    It answers False where the mail was never, or is no more, the holder's.
    """
    row = {"settled": outbox_id, "holder": holder, "said": answer, "now": now}
    return RowChange(statement=_settling(state), row=row)


@cache
def _settling(state: str) -> Update:
    # The holder's name stays: of an uncertain mail it is the one who may still know.
    return (
        update(outbox)
        .where(outbox.c.id == bindparam("settled"), outbox.c.lease_holder == bindparam("holder"))
        # `in_` would be written out anew each time that it is executed.
        .where(or_(*(outbox.c.state == earlier for earlier in SETTLED_FROM[state])))
        .values(state=state, answer=bindparam("said"), settled_at=bindparam("now"), lease_until=None)
    )


def expire_sending(connection: Connection, *, now: datetime, lease: timedelta) -> list[int]:
    """Make mails uncertain whose holder vanished after DATA had begun; they are never resent by themselves.

    `lease`: the longest that anybody asks for while they send.
    """
    # What is sending was due: saying so keeps the index's part that is deferred to later out of it.
    was_due = (outbox.c.settled_at.is_(None), outbox.c.due_at <= now)
    vanished = (
        *was_due,
        outbox.c.state == "sending",
        has_ended(outbox.c.lease_until, literal(lease.total_seconds(), Float())),
    )
    values = {
        "state": "uncertain",
        "answer": "the process that submitted it ended before the server's answer was written down",
        "settled_at": now,
        "lease_until": None,
    }
    expired = update(outbox).where(*vanished).values(values).returning(outbox.c.id)
    return sorted(connection.scalars(expired))


CLOCKS_APART = timedelta(minutes=5)
"""What the clocks of two machines on one database may differ by: no sign that one was put back."""


def bring_forward(connection: Connection, *, now: datetime, pauses: Sequence[timedelta]) -> list[int]:
    """Make mails due now that wait longer than any pause explains: the clock has been put back since. Answers the rows.

    `pauses`: what may lie between an attempt and the next, after the first, second ... of them; the last one repeats. A mail that was
    to leave when it was written waits for nothing, and neither does one that a person has had submitted again (it has an answer), or
    that somebody has, or had.
    """
    attempted = [
        (outbox.c.attempts == attempts, outbox.c.due_at > now + pause + CLOCKS_APART)
        for attempts, pause in enumerate(pauses, start=1)
    ]
    was_due = and_(outbox.c.attempts == 0, or_(outbox.c.due_at <= outbox.c.created_at, outbox.c.answer.is_not(None)))
    often = (outbox.c.attempts > len(pauses), outbox.c.due_at > now + max(pauses, default=timedelta()) + CLOCKS_APART)
    too_far = or_(was_due, outbox.c.state.in_(_IN_HAND), *(and_(*each) for each in (*attempted, often)))
    waiting = (outbox.c.settled_at.is_(None), outbox.c.state.in_(_WAITING), outbox.c.due_at > now)
    forward = update(outbox).where(*waiting, too_far).values(due_at=now).returning(outbox.c.id)
    brought = sorted(connection.scalars(forward))
    if brought:
        ring(connection, "outbox")
    return brought


def settle_by_evidence(
    connection: Connection,
    *,
    message_ids: Iterable[str],
    tokens: Iterable[str],
    evidence: str,
    now: datetime,
    reached: str = "",
) -> list[int]:
    """Settle as sent what nobody knows the fate of: a reply, a report or a copy shows that it got through.

    Also what is `sending` still: if its holder lives, it has nothing else to say. And what is said to have come back, where
    its own recipient `reached` answers it: anybody who has seen its Message-ID can write such a report. Answers the rows.
    """
    named = or_(outbox.c.message_id.in_(sorted(message_ids)), outbox.c.token.in_(sorted(tokens)))
    is_disproved = and_(outbox.c.state == "bounced", func.lower(outbox.c.recipient) == reached)
    unknown = or_(outbox.c.state.in_(("sending", "uncertain")), is_disproved)
    values = {"state": "sent", "answer": evidence, "settled_at": now, **NOBODY}
    return list(connection.scalars(update(outbox).where(named, unknown).values(values).returning(outbox.c.id)))


def retry(connection: Connection, outbox_id: int, *, now: datetime) -> None:
    """Make a mail due at once, because a person says so; rings "outbox".

    An uncertain mail may reach its recipient twice by this. Raises NotFound, or Refused where the state forbids it.
    """
    _expect(connection, outbox_id, RETRIED_FROM, "submitted again")
    if connection.scalar(select(outbox.c.content).where(outbox.c.id == outbox_id)) == NOTHING:
        raise Refused(f"Mail {outbox_id} of the outbox was erased (`maild forget`): there is nothing left to submit.")
    values = {
        "state": "due",
        "due_at": now,
        "settled_at": None,
        "attempts": 0,
        "answer": func.coalesce(outbox.c.answer, ASKED_AGAIN),
        **NOBODY,
    }
    connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))
    ring(connection, "outbox")


def drop(connection: Connection, outbox_id: int, *, now: datetime) -> None:
    """Give a mail up, because a person says so. Raises NotFound, or Refused where the state forbids it."""
    _expect(connection, outbox_id, DROPPED_FROM, "dropped")
    values = {"state": "dropped", "settled_at": now, **NOBODY}
    connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))


def _expect(connection: Connection, outbox_id: int, states: Sequence[str], what: str) -> None:
    state = connection.scalar(select(outbox.c.state).where(outbox.c.id == outbox_id).with_for_update())
    if state is None:
        raise NotFound(f"There is no mail {outbox_id} in the outbox; `maild outbox` lists them.")
    if state not in states:
        raise Refused(
            f"Mail {outbox_id} of the outbox is {state} and cannot be {what}; nothing was changed."
            f" That is possible when it is {', '.join(states[:-1])} or {states[-1]}."
        )
