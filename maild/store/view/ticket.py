"""One ticket with its events, mails and links."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, not_, select

from maild.errors import NotFound
from maild.process.desk import Desk
from maild.process.gathering.sheet import Sheet
from maild.process.ticket import Event, Role
from maild.store.tables import events, links, mails, outbox, participants, threads, tickets
from maild.store.view.clocks import ClockLine, list_clocks
from maild.store.view.tickets import TicketLine, find_line


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """What happened to the ticket."""

    at: datetime
    event: str
    actor: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A mail of the ticket."""

    direction: str
    """`in` or `out`."""

    audience: str
    """`client` or `internal`."""

    author: str | None
    to: str
    """Addresses, with commas between them."""

    subject: str | None
    message_id: str | None
    new_text: str | None
    at: datetime
    """When it arrived, or was written."""

    state: str | None
    """Of a mail in the outbox; None for one that arrived."""

    mail: int | None = None
    """Row of the arrival, as the sheet names it; None for one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """Another ticket that has to do with this one."""

    kind: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeTicket:
    """A ticket and all that belongs to it; mails and events oldest first."""

    line: TicketLine
    events: tuple[EventLine, ...]
    mails: tuple[MailLine, ...]
    links: tuple[LinkLine, ...]
    sheet: Sheet | None
    """None: from before maild gathered."""

    eta_at: datetime | None
    """The estimate that the client was given."""

    merged_into: str | None
    """The ticket in which it goes on."""

    escalation_level: int | None
    """How far it is escalated, 1 the first level; None: it is not."""

    clocks: tuple[ClockLine, ...] = ()
    """Oldest first."""

    def document(self) -> dict[str, object]:
        """Give CONTRACT's JSON of `show`."""
        whole = asdict(self)
        line = whole.pop("line")
        return {**line, **whole, "sheet": self.sheet.document() if self.sheet else None}


_MORE = (tickets.c.sheet, tickets.c.eta_at, tickets.c.merged_into, tickets.c.escalation_level)


def find_ticket(connection: Connection, desk: Desk, number: int) -> WholeTicket:
    """Give the whole ticket. Raises NotFound."""
    line = find_line(connection, desk, number)
    if line is None:
        raise NotFound(f"There is no ticket {desk.show(number)}; `maild tickets` lists them.")
    more = connection.execute(select(*_MORE).where(tickets.c.id == number)).one()
    mails_of_it = [*_arrived(connection, number), *_written(connection, number, desk)]
    return WholeTicket(
        line=line,
        clocks=list_clocks(connection, number),
        events=tuple(_events(connection, number)),
        mails=tuple(sorted(mails_of_it, key=lambda mail: mail.at)),
        links=tuple(_links(connection, number, desk)),
        sheet=Sheet.read(more.sheet) if more.sheet else None,
        eta_at=more.eta_at,
        merged_into=desk.show(more.merged_into) if more.merged_into else None,
        escalation_level=more.escalation_level,
    )


def _events(connection: Connection, number: int) -> list[EventLine]:
    columns = (events.c.at, events.c.event, events.c.actor, events.c.because)
    query = select(*columns).where(events.c.ticket_id == number).order_by(events.c.id)
    return [EventLine(**row) for row in connection.execute(query).mappings()]


def _links(connection: Connection, number: int, desk: Desk) -> list[LinkLine]:
    query = select(links.c.kind, links.c.other_id).where(links.c.ticket_id == number).order_by(links.c.other_id)
    return [LinkLine(kind=row.kind, ticket=desk.show(row.other_id)) for row in connection.execute(query)]


def _arrived(connection: Connection, number: int) -> list[MailLine]:
    columns = (
        mails.c.id,
        mails.c.author,
        mails.c.facts,
        mails.c.subject,
        mails.c.message_id,
        mails.c.new_text,
        mails.c.arrived_at,
    )
    # What is held because nothing vouches for its author has not joined the ticket: it stands in `maild held`.
    is_forged = and_(mails.c.outcome == "held", mails.c.trust == "claimed")
    query = select(*columns).where(mails.c.ticket_id == number, not_(is_forged)).order_by(mails.c.id)
    rows = connection.execute(query).all()
    staff, ours = _staff(connection, number), _ours(connection, number)
    noted, direct = (_caused(connection, number, event) for event in (Event.NOTED, Event.ANSWERED_DIRECTLY))
    inside = {row.id for row in rows if row.id in noted or (row.author or "").casefold() in staff} - direct
    return [
        MailLine(
            direction="out" if row.message_id in ours or row.id in direct else "in",
            audience="internal" if row.id in inside else "client",
            author=row.author,
            to=", ".join((row.facts or {}).get("to", ())),
            subject=row.subject,
            message_id=row.message_id,
            new_text=row.new_text,
            at=row.arrived_at,
            state=None,
            mail=row.id,
        )
        for row in rows
    ]


def _ours(connection: Connection, number: int) -> set[str]:
    """Message-IDs of what the desk wrote; of those, mails of the past have come in all the same."""
    written = (threads.c.ticket_id == number, threads.c.kind == "out")
    return set(connection.scalars(select(threads.c.message_id).where(*written)))


def _caused(connection: Connection, number: int, event: Event) -> set[int]:
    """Mails behind such events: notes of the house, whoever wrote them; what went straight from a person to the client."""
    query = select(events.c.mail_id).where(events.c.ticket_id == number, events.c.event == event.value)
    return set(connection.scalars(query.where(events.c.mail_id.is_not(None))))


def _staff(connection: Connection, number: int) -> set[str]:
    """Addresses of the ticket's participants who are not clients."""
    ours = (participants.c.ticket_id == number, participants.c.role != Role.CLIENT.value)
    return set(connection.scalars(select(participants.c.address).where(*ours)))


def _written(connection: Connection, number: int, desk: Desk) -> list[MailLine]:
    columns = (
        outbox.c.audience,
        outbox.c.recipient,
        outbox.c.subject,
        outbox.c.message_id,
        outbox.c.new_text,
        outbox.c.created_at,
        outbox.c.state,
    )
    query = select(*columns).where(outbox.c.ticket_id == number).order_by(outbox.c.id)
    return [
        MailLine(
            direction="out",
            audience=row.audience,
            author=desk.address,
            to=row.recipient,
            subject=row.subject,
            message_id=row.message_id,
            new_text=row.new_text,
            at=row.created_at,
            state=row.state,
        )
        for row in connection.execute(query)
    ]
