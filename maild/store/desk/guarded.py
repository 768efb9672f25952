"""What the leak guard looks up: whose addresses and tickets they are, and what of a ticket was for the house."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from maild.process.ticket import Event, Role
from maild.store.desk.actions import QUESTIONS, is_let_through
from maild.store.desk.heard import read_heard
from maild.store.tables import events, incident_members, mails, mirror_heard, outbox, participants, tickets

_INTERNAL = (Event.NOTED, Event.ENGINEERING_ANSWERED, Event.CONSULTED, Event.STAFF_WROTE)
_NEW_READERS = tuple(
    event.value
    for event in (
        Event.CLIENT_CHANGED,
        Event.PARTICIPANT_ADDED,
        Event.UNDONE,
        Event.INCIDENT_DECLARED,
        Event.INCIDENT_JOINED,
        Event.TOOK_IN,
    )
)
"""After one of these somebody else may get what is written to the client."""

_REPEATS = ("confirm", "leak", "refused_commands", "not_relayed", "colleague_answered", "client_in_copy", "undone")
"""Internal mails that show people of the house their own words."""

_MOST, _MOST_HELPING = 500, 20


def other_clients(connection: Connection, addresses: Collection[str], *, number: int) -> set[str]:
    """Of the address keys those that belong to other tickets alone."""
    wanted = sorted(addresses)[:_MOST]
    if not wanted:
        return set()
    client = Role.CLIENT.value
    rows = connection.execute(
        select(participants.c.address, participants.c.ticket_id).where(
            participants.c.address.in_(wanted), participants.c.role == client
        )
    ).all()
    ours = {row.address for row in rows if row.ticket_id == number}
    return {row.address for row in rows} - ours


def other_clients_tickets(connection: Connection, numbers: Collection[int], *, number: int) -> set[int]:
    """Of the tickets those that nobody of this one's client side takes part in."""
    wanted = sorted(set(numbers) - {number})[:_MOST]
    if not wanted:
        return set()
    side = select(participants.c.address).where(
        participants.c.ticket_id == number, participants.c.role == Role.CLIENT.value
    )
    shared = select(participants.c.ticket_id).where(
        participants.c.ticket_id.in_(wanted), participants.c.role == Role.CLIENT.value, participants.c.address.in_(side)
    )
    existing = set(connection.scalars(select(tickets.c.id).where(tickets.c.id.in_(wanted))))
    return existing - set(connection.scalars(shared))


def internal_texts(connection: Connection, number: int) -> list[str]:
    """Notes, mails of engineering, reasons, and what the house was told of the ticket."""
    noted = (
        select(mails.c.new_text)
        .join(events, events.c.mail_id == mails.c.id)
        .where(events.c.ticket_id == number, events.c.event.in_([event.value for event in _INTERNAL]))
        .where(mails.c.new_text.is_not(None))
    )
    told = select(outbox.c.new_text).where(
        outbox.c.ticket_id == number, outbox.c.audience == "internal", outbox.c.kind.not_in(_REPEATS)
    )
    because = select(events.c.because).where(events.c.ticket_id == number)
    heard = select(mirror_heard.c.said).where(mirror_heard.c.ticket_id == number, mirror_heard.c.kind == "comment")
    return [text for query in (noted, told, because, heard) for text in connection.scalars(query)]


def seen_texts(connection: Connection, number: int) -> list[str]:
    """What the client's side wrote in the ticket, and what it got from us."""
    got = select(outbox.c.new_text).where(outbox.c.ticket_id == number, outbox.c.audience == "client")
    return [*read_heard(connection, number), *connection.scalars(got)]


def told_to_clients(connection: Connection, numbers: Collection[int]) -> list[str]:
    """What people of the desk wrote to the clients of these tickets."""
    wanted = sorted(numbers)[:_MOST_HELPING]
    if not wanted:
        return []
    told = select(outbox.c.new_text).where(
        outbox.c.ticket_id.in_(wanted), outbox.c.kind.in_(("answer", "verification"))
    )
    return list(connection.scalars(told))


def held_since(connection: Connection, mail_id: int, *, ticket: int, reaches: Collection[int] = ()) -> bool:
    """Whether the guard held this mail in this ticket, and the person let it through then.

    `reaches`: other tickets whose clients would get it, too. The guard looks at it anew where they were asked for another reason after that, or somebody else may get it by now.
    """
    asked = and_(events.c.ticket_id == ticket, events.c.mail_id == mail_id, events.c.event.in_(QUESTIONS))
    widened = and_(events.c.ticket_id.in_(sorted({ticket, *reaches})), events.c.event.in_(_NEW_READERS))
    newest = select(events.c.event, events.c.at).where(or_(asked, widened)).order_by(events.c.id.desc())
    last = connection.execute(newest.limit(1)).first()
    if last is None or last.event != Event.RELAY_HELD:
        return False
    return is_let_through(connection, mail_id, ticket=ticket, since=last.at)


def changed_since(
    connection: Connection, mail_id: int, *, ticket: int, reaches: Collection[int] = (), by: Collection[str] = ()
) -> datetime | None:
    """When others first came to get what is written to the client, after this mail had come in; None: it has not changed.

    What another mail of later number did counts as well, and, with `reaches` as in `held_since`, whoever joined the incident.
    `by`: keys of its author's addresses; what they had ordered before, in mails that nobody had to confirm, they knew of.
    """
    came = select(mails.c.stored_at).where(mails.c.id == mail_id).scalar_subquery()
    numbers = sorted({ticket, *reaches})
    is_later = or_(events.c.mail_id > mail_id, and_(events.c.at > came, events.c.mail_id.is_distinct_from(mail_id)))
    changed = (events.c.ticket_id.in_(numbers), events.c.event.in_(_NEW_READERS), is_later, _is_news(mail_id, by))
    found = [connection.scalar(select(func.min(events.c.at)).where(*changed))]
    if reaches:  # who joins what is but proposed joins it without an event
        joined = (incident_members.c.ticket_id.in_(numbers), incident_members.c.joined_at >= came)
        found.append(connection.scalar(select(func.min(incident_members.c.joined_at)).where(*joined)))
    return min((at for at in found if at is not None), default=None)


def _is_news(mail_id: int, by: Collection[str]) -> ColumnElement[bool]:
    """Whether the event is not what the author of this mail had ordered before it themselves: both may come in one fetch."""
    asked = events.alias()
    was_asked = select(asked.c.id).where(asked.c.mail_id == mails.c.id, asked.c.event.in_(QUESTIONS)).exists()
    before = (mails.c.id == events.c.mail_id, mails.c.id < mail_id, func.lower(mails.c.author).in_(sorted(by)))
    return ~select(mails.c.id).where(*before, mails.c.released_at.is_(None), ~was_asked).exists()
