"""One-tap actions: what happens when a person taps a link that maild wrote to them, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, update

from maild.process.ticket import Event
from maild.store.database.adding import add_missing
from maild.store.database.together import Writer
from maild.store.desk.offers import take_up
from maild.store.tables import actions, events, mails

QUESTIONS = (Event.RELAY_HELD.value, Event.CONFIRMATION_ASKED.value)
"""Events with which a person is shown all of a held mail, and who would get its words."""

_INSTANT = timedelta(microseconds=1)
"""The least that both databases tell apart."""

_IS_CHOICE = actions.c.ticket_id.is_(None)
"""Whoever is asked whose ticket a mail is, is asked before it has any; few are, and the index finds them."""

_ACTIONS = select(actions, mails.c.outcome).outerjoin(mails, mails.c.id == actions.c.mail_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A tap that we offered."""

    token: str
    ticket: int | None
    person: str
    """Key of the address to which it was mailed; nobody else may use it."""

    orders: str
    """Commands, one a line, as if that person had written them."""

    mail: int | None
    """The held mail that it releases."""

    is_used: bool = False
    came_to: str | None = None
    """The outcome of that mail; None: it is on its way in, or there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person has chosen by a tap."""

    orders: str
    at: datetime


def add_actions(writer: Writer, offered: Sequence[Action], *, now: datetime) -> None:
    """Remember actions one by one, in the transaction that writes the mail with their links: those about a held mail."""
    rows: list[Mapping[str, object]] = [
        {
            "token": action.token,
            "ticket_id": action.ticket,
            "person": action.person,
            "orders": action.orders,
            "mail_id": action.mail,
            "made_at": now,
        }
        for action in offered
    ]
    add_missing(writer, actions, rows)


def find_action(connection: Connection, taps: Mapping[str, int]) -> Action | None:
    """The first of the tokens that is an action of ours; `taps`: each with the ticket that its link names."""
    if not taps:
        return None
    take_up(connection, taps)
    rows = {row.token: row for row in connection.execute(_ACTIONS.where(actions.c.token.in_(taps)))}
    row = next((rows[token] for token in taps if token in rows), None)
    return None if row is None else _action(row)


def find_release(connection: Connection, *, ticket: int, mail: int, person: str, made_at: datetime) -> Action | None:
    """What this person was offered at that moment, when they were asked about a held mail: to let it through.

    They can have been asked about one mail for two reasons, one after the other. None where it is not certain which.
    """
    rows = connection.execute(
        _ACTIONS.where(
            actions.c.ticket_id == ticket,
            actions.c.mail_id == mail,
            actions.c.person == person,
            actions.c.made_at == made_at,
            actions.c.orders == "",
        )
    ).all()
    return _action(rows[0]) if len(rows) == 1 else None


def _action(row: Row[Any]) -> Action:
    return Action(
        token=row.token,
        ticket=row.ticket_id,
        person=row.person,
        orders=row.orders,
        mail=row.mail_id,
        is_used=row.used_at is not None,
        came_to=row.outcome,
    )


def use_action(connection: Connection, token: str, *, now: datetime) -> bool:
    """Use it up; False if it was used before."""
    unused = update(actions).where(actions.c.token == token, actions.c.used_at.is_(None))
    return connection.execute(unused.values(used_at=_next_moment(connection, token, now))).rowcount == 1


def choose_again(connection: Connection, token: str, *, now: datetime) -> None:
    """Make a choice the last one that was used up before."""
    again = update(actions).where(actions.c.token == token)
    connection.execute(again.values(used_at=_next_moment(connection, token, now)))


def _next_moment(connection: Connection, token: str, now: datetime) -> datetime:
    """Now, or just after the last choice about the same held mail: of two within one transaction the later one is the last."""
    same = select(actions.c.mail_id).where(actions.c.token == token).scalar_subquery()
    last = connection.scalar(select(func.max(actions.c.used_at)).where(_IS_CHOICE, actions.c.mail_id == same))
    return now if last is None else max(now, last + _INSTANT)


def is_let_through(connection: Connection, mail_id: int, *, ticket: int, since: datetime) -> bool:
    """Whether the person has let this held mail through in this ticket, with an answer to what they were asked since then."""
    answered = select(actions.c.token).where(*_answered(mail_id, ticket, since))
    return connection.execute(answered.limit(1)).first() is not None


def find_confirmed(
    connection: Connection, mail_id: int, *, ticket: int | None = None, since: datetime | None = None
) -> list[str]:
    """As `is_let_through`: the reasons for which the mail waited, as the person read them where they were asked.

    `ticket`: where that was; None: in any. `since`: None: whenever.
    """
    asked = (
        events.c.mail_id == mail_id,
        events.c.ticket_id == actions.c.ticket_id,
        events.c.at == actions.c.made_at,
    )
    query = select(events.c.because).join(actions, and_(*asked, *_answered(mail_id, ticket, since)))
    return list(connection.scalars(query.where(events.c.event.in_(QUESTIONS))))


def find_asked(connection: Connection, mail_id: int, *, before: datetime | None = None) -> list[str]:
    """The reason for which the mail waited first; an empty one where that was in another ticket, or not before this moment.

    None at all: nobody was ever asked about it. Whatever was asked later counts by its answer alone.
    """
    asked = select(events.c.because, events.c.at, events.c.ticket_id, mails.c.ticket_id.label("held_in"))
    of_mail = asked.join(mails, events.c.mail_id == mails.c.id).where(mails.c.id == mail_id)
    first = connection.execute(of_mail.where(events.c.event.in_(QUESTIONS)).order_by(events.c.id).limit(1)).first()
    if first is None:
        return []
    is_early = before is None or first.at < before
    return [first.because if is_early and first.ticket_id == first.held_in else ""]


def _answered(mail_id: int, ticket: int | None, since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    """By a tap that does nothing else: to choose is not to let through, and what was answered before meant another place."""
    asked = (actions.c.mail_id == mail_id, actions.c.orders == "", actions.c.used_at.is_not(None))
    there = () if ticket is None else (actions.c.ticket_id == ticket,)
    after = () if since is None else (actions.c.made_at >= since, actions.c.used_at > since)
    return (*asked, *there, *after)


def find_choice(connection: Connection, mail_id: int) -> Choice | None:
    """What the person chose last who was asked about this held mail."""
    chosen = (_IS_CHOICE, actions.c.mail_id == mail_id, actions.c.used_at.is_not(None), actions.c.orders != "")
    query = select(actions.c.orders, actions.c.used_at).where(*chosen).order_by(actions.c.used_at.desc())
    row = connection.execute(query.limit(1)).first()
    return None if row is None else Choice(orders=row.orders, at=row.used_at)
