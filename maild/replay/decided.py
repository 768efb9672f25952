"""What a desk on trial decided about each mail, in words that two desks can be compared by."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.ticket import Event
from maild.replay.side import Side
from maild.store import replaying
from maild.store.replaying import TriedTicket, Written

ESCALATIONS = tuple(
    event.value
    for event in (
        Event.ESCALATED,
        Event.ESCALATION_RAISED,
        Event.UPDATE_OVERDUE,
        Event.SERVICE_LEVEL_BREACHED,
        Event.HAND_OFF_UNCLAIMED,
    )
)

ASPECTS: Mapping[str, str] = MappingProxyType(
    {
        "outcome": "what the mail was",
        "ticket": "which earlier mail's ticket it joined",
        "acknowledgement": "what its client would have been written",
        "told": "who of the house would have been written what",
        "route": "technical, or the team that gets it",
        "category": "category",
        "urgency": "urgency",
        "impact": "impact",
        "priority": "priority",
        "assignee": "assignee",
        "escalations": "escalations, overdue updates, breaches and unclaimed hand-offs",
        "status": "what its ticket waits for in the end",
        "clock": "when the client would hear from us next",
        "words": "the words of the mails that would have been written",
    }
)
"""Aspect to what is compared; those from `route` on are of the ticket that a mail began."""

NONE = "-"
_TOKEN = re.compile(r"\b[a-z2-7]{14}\b|\bk\d{1,2}\.[a-z2-7]{13}\b|\ba\d{1,2}\.[a-z2-7]{13}\b")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One mail on one side."""

    said: Mapping[str, str]
    """Aspect to what the desk would have done; an aspect that does not arise is missing."""

    because: str


def read_decided(side: Side) -> dict[int, Decided]:
    """Number of each mail that was played to what was decided about it."""
    with side.store.read() as connection:
        outcomes = replaying.read_outcomes(connection)
        tickets_of = replaying.read_tickets_of(connection)
        began = {ticket.number: ticket for ticket in replaying.read_tried_tickets(connection)}
        counts = replaying.count_events(connection, ESCALATIONS)
        written = _by_mail(replaying.read_written(connection), began)
    numbers = {row: number for number, row in side.rows.items()}
    decided: dict[int, Decided] = {}
    for number, row in side.rows.items():
        outcome, because = outcomes[row]
        ticket = began.get(tickets_of.get(row, 0))
        said = {"outcome": outcome, **_written(written.get(row, []), side)}
        if ticket is not None and ticket.first_mail == row:
            said |= {"ticket": "its own", **_of_ticket(ticket, counts.get(ticket.number, {}))}
        elif ticket is not None:
            said["ticket"] = f"of {_name(numbers.get(ticket.first_mail))}"
        decided[number] = Decided(said=said, because=because)
    return decided


def _by_mail(written: Iterable[Written], began: dict[int, TriedTicket]) -> Mapping[int, list[Written]]:
    """By the mail that brought it about; what none did, such as a reminder, is the doing of the ticket's first one."""
    found: dict[int, list[Written]] = defaultdict(list)
    for each in written:
        first = began[each.ticket].first_mail if each.mail is None and each.ticket in began else None
        mail = first if each.mail is None else each.mail
        if mail is not None:
            found[mail].append(each)
    return found


def _name(number: int | None) -> str:
    return f"mail {number}" if number is not None else "an earlier mail"


def _written(mails: list[Written], side: Side) -> dict[str, str]:
    """Kinds to the client; kinds and recipients in the house; words without what is another one each time."""
    client = sorted(each.kind.replace("_", " ") for each in mails if each.audience == "client")
    inside = sorted(f"{each.kind.replace('_', ' ')} to {each.recipient}" for each in mails if each.audience != "client")
    words = sorted(_SPACE.sub(" ", _TOKEN.sub("", _without_numbers(each.words, side))).strip() for each in mails)
    return {
        "acknowledgement": ", ".join(client) or NONE,
        "told": ", ".join(inside) or NONE,
        "words": " | ".join(words) or NONE,
    }


def _without_numbers(words: str, side: Side) -> str:
    """A ticket more or less before it is no difference in a mail."""
    return re.sub(rf"\b{re.escape(side.rules.desk.prefix)}-\d+\b", "", words)


def _of_ticket(ticket: TriedTicket, events: Mapping[str, int]) -> dict[str, str]:
    technical = {True: "technical", False: "not technical", None: "undecided"}[ticket.technical]
    happened = ", ".join(f"{event.replace('_', ' ')} {times}x" for event, times in sorted(events.items()))
    due = ticket.next_update_due_at
    return {
        "route": f"{technical}, {ticket.team}" if ticket.team else technical,
        "category": ticket.category or NONE,
        "urgency": _number(ticket.urgency),
        "impact": _number(ticket.impact),
        "priority": _number(ticket.priority),
        "assignee": ticket.assignee or NONE,
        "escalations": happened or NONE,
        "status": ticket.status,
        "clock": f"{due:%Y-%m-%d %H:%M} UTC" if due else NONE,
    }


def _number(value: int | None) -> str:
    return NONE if value is None else str(value)
