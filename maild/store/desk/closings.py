"""What a ticket's end is told with: the words of the client, of the desk and of engineering, and how many mails it took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, bindparam, distinct, func, select

from maild.process.post_mortem.holding import ENDING, TELLING, Said
from maild.process.ticket import Event
from maild.store.desk.tickets import Cause
from maild.store.tables import events, mails, outbox

_WORDS = (
    select(events.c.event, mails.c.new_text)
    .join(mails, mails.c.id == events.c.mail_id)
    .where(events.c.ticket_id == bindparam("number"), events.c.event.in_(bindparam("kinds", expanding=True)))
    .where(events.c.mail_id.not_in(bindparam("besides", expanding=True)))
    .order_by(events.c.id.desc())
    .limit(1)
)
_SAID = (
    select(events.c.event, events.c.mail_id, mails.c.new_text, mails.c.verdicts)
    .outerjoin(mails, mails.c.id == events.c.mail_id)
    .where(
        events.c.ticket_id == bindparam("number"),
        events.c.event.in_([each.value for each in (*TELLING, *ENDING, Event.SPLIT_OFF)]),
    )
    .order_by(events.c.id)
)
_CLOSED_BY = select(events.c.mail_id).where(
    events.c.ticket_id == bindparam("number"), events.c.event == Event.CLOSED.value, events.c.mail_id.is_not(None)
)
_UNDONE = select(events.c.before).where(
    events.c.ticket_id == bindparam("number"), events.c.event == Event.UNDONE.value, events.c.before.is_not(None)
)
_IN = select(func.count()).where(mails.c.ticket_id == bindparam("number"), mails.c.outcome.in_(("ticket", "follow_up")))
_OUT = select(func.count(distinct(outbox.c.mail_id))).where(
    outbox.c.ticket_id == bindparam("number"), outbox.c.kind == "answer"
)
_ASKED_AT = (
    select(events.c.at)
    .where(events.c.ticket_id == bindparam("number"), events.c.event == Event.POST_MORTEM_ASKED.value)
    .order_by(events.c.id.desc())
    .limit(1)
)
_FORM = (
    select(outbox.c.new_text)
    .where(outbox.c.ticket_id == bindparam("number"), outbox.c.kind == "post_mortem")
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_FOLLOWED = (Event.POST_MORTEM_ASKED.value, Event.POST_MORTEM_SKIPPED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What was said in a ticket, as far as it explains its end; empty where nothing was."""

    history: tuple[Said, ...]
    """What the client was told, and whether it helped; the words are whole mails, commands above them included."""

    reason: str
    """The mail that closed it."""

    found: str
    """Engineering's last answer."""

    ended_at: datetime | None
    """When it was asked what the ticket teaches, as it was closed; None: it is being closed now."""


def read_ending(connection: Connection, number: int) -> Ending:
    """Give the last words of each kind; what was taken back has never been said."""
    undone = [before.get("undone", 0) for before in connection.scalars(_UNDONE, {"number": number})]
    # What was said while closing is the reason; what helped was said before.
    closing = [*connection.scalars(_CLOSED_BY, {"number": number}), *undone]
    return Ending(
        history=tuple(_said(connection, number, closing=closing, undone=undone)),
        reason=_last(connection, number, (Event.CLOSED,), besides=undone),
        found=_last(connection, number, (Event.ENGINEERING_ANSWERED,)),
        ended_at=connection.scalar(_ASKED_AT, {"number": number}),
    )


def count_mails(connection: Connection, number: int) -> int:
    """How many mails client and desk have written to each other."""
    return (connection.scalar(_IN, {"number": number}) or 0) + (connection.scalar(_OUT, {"number": number}) or 0)


def sent_form(connection: Connection, number: int) -> str:
    """The text of the last post-mortem form; empty where there was none."""
    return connection.scalar(_FORM, {"number": number}) or ""


def is_followed(connection: Connection, number: int, cause: Cause) -> bool:
    """Whether this closing has brought a form, or been skipped, before."""
    query = select(events.c.id).where(
        events.c.ticket_id == number,
        events.c.event.in_(_FOLLOWED),
        *(column == value if value is not None else column.is_(None) for column, value in _causes(cause)),
    )
    return connection.scalar(query.limit(1)) is not None


def _causes(cause: Cause) -> Iterator[tuple[Column[int | None], int | None]]:
    """What made a closing happen: a mail, a deadline or a word from the tracker, each in its column."""
    yield from (
        (events.c.mail_id, cause.mail),
        (events.c.deadline_id, cause.deadline),
        (events.c.heard_id, cause.heard),
    )


def _said(connection: Connection, number: int, *, closing: Sequence[int], undone: Sequence[int]) -> Iterator[Said]:
    for row in connection.execute(_SAID, {"number": number}):
        event = Event(row.event)
        if row.mail_id not in (closing if event in {Event.TSM_ANSWERED, Event.PROGRESS_REPORTED} else undone):
            verdicts = row.verdicts if event is Event.CLIENT_DENIED and row.verdicts else ()
            is_partly = any(
                each.get("question") == "reply_intent" and each.get("label") == "partly" for each in verdicts
            )
            yield Said(event=event, words=row.new_text or "", is_partly=is_partly)


def _last(connection: Connection, number: int, kinds: Sequence[Event], *, besides: Sequence[int] = ()) -> str:
    wanted = {"number": number, "kinds": [kind.value for kind in kinds], "besides": list(besides)}
    row = connection.execute(_WORDS, wanted).first()
    return (row.new_text or "") if row else ""
