"""The whole story of a mail: what was decided about it and why, and what was written because of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from maild.errors import NotFound
from maild.process.desk import Desk
from maild.process.gathering.sheet import Found, Sheet
from maild.process.ticket import Event
from maild.store.tables import events, mailboxes, mails, outbox, tickets

WITHHELD = Event.ACKNOWLEDGEMENT_WITHHELD.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """A mail that was written because of this one."""

    to: str
    kind: str
    subject: str
    state: str
    answer: str | None
    """The submission server's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story of one mail; the names are CONTRACT's, and some more."""

    digest: str | None
    """None: too large to be stored."""

    message_id: str | None
    outcome: str | None
    """None: it waits to be taken in."""

    ticket: str | None
    trust: str | None
    verdicts: tuple[dict[str, Any], ...]
    replies: tuple[ReplyLine, ...]
    because: str | None
    """Why this outcome, and why there was no acknowledgement."""

    author: str | None
    subject: str | None
    arrived_at: datetime
    mailbox: str | None
    """Name and account."""

    mail: int
    """Row of the arrival, as `maild held` names it."""

    arrivals: int
    """How often this mail has come in."""

    gathered: tuple[Found, ...] = ()
    """What it told that its ticket did not know before."""

    def document(self) -> dict[str, object]:
        """Give CONTRACT's JSON of `trace`."""
        return asdict(self)


def story_of(connection: Connection, desk: Desk, mail_id: int) -> Story:
    """Tell the story of one arrival."""
    return _story(connection, desk, _arrivals(connection, mails.c.id == mail_id)[0], 1)


def trace(connection: Connection, desk: Desk, *, message_id: str | None = None, digests: Sequence[str] = ()) -> Story:
    """Tell the story of the mail with one of these digests, or else with this Message-ID.

    Of several arrivals the one that was decided is told, not its duplicates; of a mail of our own its cause. Raises
    NotFound.
    """
    found = _arrivals(connection, mails.c.digest.in_(digests)) if digests else []
    if not found and message_id is not None:
        found = _arrivals(connection, mails.c.message_id == message_id) or _cause(connection, desk, message_id)
    if not found:
        wanted = " or ".join(
            filter(None, (message_id and f"Message-ID {message_id}", *(f"digest {each}" for each in digests[:1])))
        )
        raise NotFound(f"No mail with {wanted} has come in. `maild reconcile` compares server and store.")
    return _story(connection, desk, min(found, key=_least_telling), len(found))


def list_stories(connection: Connection, desk: Desk) -> list[Story]:
    """Tell all mails that have been decided, each arrival a story."""
    return [_story(connection, desk, row, 1) for row in _arrivals(connection, mails.c.outcome.is_not(None))]


def _arrivals(connection: Connection, wanted: ColumnElement[bool]) -> list[RowMapping]:
    query = (
        select(mails, mailboxes.c.account, mailboxes.c.name)
        .outerjoin(mailboxes, mailboxes.c.id == mails.c.mailbox_id)
        .where(wanted)
        .order_by(mails.c.id)
    )
    return list(connection.execute(query).mappings())


def _least_telling(row: RowMapping) -> tuple[bool, int]:
    return row["outcome"] in (None, "duplicate"), row["id"]


def _cause(connection: Connection, desk: Desk, message_id: str) -> list[RowMapping]:
    query = select(outbox.c.mail_id, outbox.c.ticket_id, outbox.c.kind).where(outbox.c.message_id == message_id)
    ours = connection.execute(query).first()
    if ours is None:
        return []
    if ours.mail_id is None:
        where = f"`maild show {desk.show(ours.ticket_id)}`" if ours.ticket_id else "`maild outbox`"
        raise NotFound(f"{message_id} is a mail of maild's own ({ours.kind}) that no mail caused: see {where}.")
    return _arrivals(connection, mails.c.id == ours.mail_id)


def _story(connection: Connection, desk: Desk, row: RowMapping, arrivals: int) -> Story:
    reasons = [row["because"], *_withheld(connection, row["id"], row["ticket_id"])]
    return Story(
        digest=row["digest"],
        message_id=row["message_id"],
        outcome=row["outcome"],
        ticket=desk.show(row["ticket_id"]) if row["ticket_id"] else None,
        trust=row["trust"],
        verdicts=tuple(row["verdicts"] or ()),
        replies=tuple(_replies(connection, row["id"])),
        because="; ".join(reason for reason in reasons if reason) or None,
        author=row["author"],
        subject=row["subject"],
        arrived_at=row["arrived_at"],
        mailbox=f"{row['name']} of {row['account']}" if row["name"] else None,
        mail=row["id"],
        arrivals=arrivals,
        gathered=tuple(_gathered(connection, row["id"], row["ticket_id"])),
    )


def _gathered(connection: Connection, mail_id: int, ticket_id: int | None) -> list[Found]:
    document = connection.scalar(select(tickets.c.sheet).where(tickets.c.id == ticket_id)) if ticket_id else None
    return [found for found in Sheet.read(document).found if found.mail == mail_id] if document else []


def _replies(connection: Connection, mail_id: int) -> list[ReplyLine]:
    columns = (outbox.c.recipient.label("to"), outbox.c.kind, outbox.c.subject, outbox.c.state, outbox.c.answer)
    query = select(*columns).where(outbox.c.mail_id == mail_id).order_by(outbox.c.id)
    return [ReplyLine(**row) for row in connection.execute(query).mappings()]


def _withheld(connection: Connection, mail_id: int, ticket_id: int | None) -> list[str]:
    """Why a mail was not acknowledged."""
    # By the ticket, whose events are indexed.
    of_it = (events.c.ticket_id == ticket_id, events.c.mail_id == mail_id, events.c.event == WITHHELD)
    return list(connection.scalars(select(events.c.because).where(*of_it).order_by(events.c.id)))
