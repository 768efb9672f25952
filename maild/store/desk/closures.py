"""What is known of a ticket's closing: how it ended last, what was written about it, and how often a closing was wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, func, select

from maild.process.ticket import Event, Status
from maild.process.transitions import TRANSITIONS, without_taken_back
from maild.store.tables import events, mails, outbox

OURS = (Event.CLIENT_CONFIRMED, Event.CLOSED_BY_SILENCE, Event.CLOSED)
"""Events with which the desk says that an issue is behind its client: that can be wrong."""

CLOSING = (*OURS, Event.HAND_OFF_CONFIRMED)
"""Events that end a ticket of a client. Spam and merged tickets end otherwise."""

_COUNTED = (Event.CLOSED_WRONGLY, Event.CLOSED_RIGHTLY)
_LIFE = (*CLOSING, *_COUNTED, Event.RESOLVED, Event.REOPENED, Event.MARKED_SPAM, Event.MERGED)
_CHANGING = tuple(sorted({event.value for _, event in TRANSITIONS}))
_MOST_TEXTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last of the events that end a ticket, begin it again, or count a closing as wrong."""

    event: Event
    at: datetime

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed; None where something else came after that."""
        return self.at if self.event in CLOSING else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongClosures:
    """How many closings there were, and how many of them were wrong."""

    closings: int
    wrong: int

    @property
    def rate(self) -> float | None:
        """Their share; None where nothing was closed."""
        return self.wrong / self.closings if self.closings else None


def last_end(connection: Connection, number: int) -> Ended | None:
    """The newest of a ticket's events of that kind, without what was taken back."""
    query = select(events.c.event, events.c.at).where(events.c.ticket_id == number)
    rows = query.where(events.c.event.in_([event.value for event in _LIFE])).order_by(events.c.id)
    life = without_taken_back(connection.execute(rows), _word)
    return Ended(event=Event(life[-1].event), at=life[-1].at) if life else None


def is_counted_wrong(connection: Connection, number: int, *, since: int) -> bool:
    """Whether the ticket counts as closed wrongly because of this mail, or of one that came after it."""
    query = select(events.c.event, events.c.mail_id).where(events.c.ticket_id == number)
    rows = query.where(events.c.event.in_([event.value for event in _COUNTED])).order_by(events.c.id)
    counted = without_taken_back(connection.execute(rows), _word)
    last = counted[-1].mail_id if counted else None
    return last is not None and last >= since


def found_in(connection: Connection, number: int, mail: int) -> Status | None:
    """The status in which a mail found the ticket that it began again; None where it did not, or more came after that."""
    query = select(events.c.mail_id, events.c.before).where(events.c.ticket_id == number, events.c.event.in_(_CHANGING))
    row = connection.execute(query.order_by(events.c.id.desc()).limit(1)).first()
    if row is None or row.mail_id != mail or not row.before or "status" not in row.before:
        return None
    return Status(row.before["status"])


def last_kind_to(connection: Connection, number: int, client: str) -> str | None:
    """What kind of mail the client was written last about the ticket."""
    query = select(outbox.c.kind).where(outbox.c.ticket_id == number, outbox.c.recipient == client)
    return connection.scalar(query.where(outbox.c.state != "dropped").order_by(outbox.c.id.desc()).limit(1))


def was_proven(connection: Connection, number: int, client: str) -> bool:
    """Whether a mail server has vouched for anything that the client wrote in the ticket."""
    theirs = (mails.c.ticket_id == number, func.lower(mails.c.author) == client.lower())
    return connection.execute(select(mails.c.id).where(*theirs, mails.c.trust == "proven").limit(1)).first() is not None


def last_written_at(connection: Connection, number: int) -> datetime | None:
    """When a person wrote about the ticket last, the client or one of ours."""
    by_people = mails.c.outcome.in_(("ticket", "follow_up", "relay", "command", "hand_off"))
    newest: datetime | None = connection.scalar(
        select(func.max(mails.c.arrived_at)).where(mails.c.ticket_id == number, by_people)
    )
    return newest


def texts_of(connection: Connection, number: int) -> list[str]:
    """Subjects and words of the newest mails of the ticket, and of what its client was written."""
    of_it = (mails.c.ticket_id == number, mails.c.outcome.is_not(None))
    came = select(mails.c.subject, mails.c.new_text).where(*of_it).order_by(mails.c.id.desc()).limit(_MOST_TEXTS)
    own = select(outbox.c.new_text).where(outbox.c.ticket_id == number, outbox.c.audience == "client")
    texts = [f"{row.subject or ''}\n{row.new_text or ''}" for row in connection.execute(came)]
    return texts + [text or "" for text in connection.scalars(own.order_by(outbox.c.id.desc()).limit(_MOST_TEXTS))]


def count_wrong_closures(connection: Connection, *, since: datetime) -> WrongClosures:
    """Closings since then, and those that were wrong: it came back within the window, with the same problem."""
    ours, counted = ([event.value for event in kinds] for kinds in (OURS, _COUNTED))
    closings = select(func.count()).where(events.c.at >= since, events.c.event.in_(ours))
    query = select(events.c.ticket_id, events.c.event).where(events.c.at >= since, events.c.event.in_(counted))
    rows: Iterable[Any] = connection.execute(query.order_by(events.c.ticket_id, events.c.id))
    of_tickets = groupby(rows, attrgetter("ticket_id"))
    wrong = sum(len(without_taken_back(rows, _word)) for _, rows in of_tickets)
    return WrongClosures(closings=connection.execute(closings).scalar_one(), wrong=wrong)


def _word(row: Any) -> str:
    return str(row.event)
