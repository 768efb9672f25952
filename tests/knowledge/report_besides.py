"""More of a desk's history as raw rows: hand-offs, mergers, escalations by the clock, incidents, articles, verdicts, labels."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from maild.store import tables
from maild.store.engine import Store
from maild.store.tables import article_tickets, incident_members, incidents, suggestions
from tests.support.report_history import SINCE

FIRST, EACH = 1_001, 10
LIVES: Sequence[tuple[str, ...]] = (
    ("handed_off", "hand_off_confirmed"),
    ("opened", "assigned", "handed_off", "hand_off_returned", "assigned"),
    ("opened", "assigned", "merged"),
    ("opened", "assigned", "escalated", "escalation_raised"),
    ("opened", "assigned", "tsm_answered", "resolved", "client_confirmed"),
    ("left_undecided", "triaged", "asked", "closed"),
)
CROWD = 4
"""The life of the tickets that say the same, of one client and one week."""

ENDS: Mapping[int, tuple[str, tuple[str, str]]] = {
    0: ("hand_off_receipt", ("closed", "closed")),
    1: ("hand_off_receipt", ("hand_off_unclaimed", "no longer owed")),
    CROWD: ("resolution", ("service_level_breached", "closed")),
}
"""Life to a clock of it, and how that ended for every other ticket."""

Rows = Iterator[tuple[Table, list[dict[str, Any]]]]


def write_besides(store: Store) -> None:
    """Six lives, ten tickets each."""
    store.transact(_write)


def _write(connection: Connection) -> None:
    for table, rows in _rows():
        connection.execute(insert(table), rows)


def tickets_of(life: int) -> list[int]:
    """Their numbers."""
    return [FIRST + life + len(LIVES) * place for place in range(EACH)]


def _rows() -> Rows:
    numbers = [(life, place, number) for life in range(len(LIVES)) for place, number in enumerate(tickets_of(life))]
    yield tables.tickets, [_ticket(life, place, number) for life, place, number in numbers]
    events = [
        (number, name, _at(life, place, step))
        for life, place, number in numbers
        for step, name in enumerate(LIVES[life])
    ]
    yield tables.events, [_event(*each) for each in events]
    yield (
        tables.deadlines,
        [
            {
                "ticket_id": number,
                "kind": ENDS[life][0],
                "because": ENDS[life][1][place % 2],
                "due_at": at,
                "settled_at": at,
            }
            for life, place, number in numbers
            if life in ENDS and (at := _at(life, place, 9))
        ],
    )
    yield tables.mails, [_mail(life, place, number) for life, place, number in numbers]
    yield from _labels()
    yield from _known()


def _at(life: int, place: int, step: int) -> Any:
    """The crowd comes in the fourth week, all else evenly."""
    days = 22 + place / 5 if life == CROWD else 2 + 7 * place
    return SINCE + timedelta(days=days, hours=3 * step + life)


def _ticket(life: int, place: int, number: int) -> dict[str, Any]:
    domain = "crowd.example" if life == CROWD else f"other{life}.example"
    kind = {"category": "scanning" if life == CROWD else "network", "priority": 1 + place % 3, "technical": life > 0}
    words = {"client": f"c{place}@{domain}", "client_name": "C", "language": "en", "subject": "Scanner jams"}
    return {"id": number, "status": "open", "assignee": "Ben", "opened_at": _at(life, place, 0), **kind, **words}


def _event(number: int, name: str, at: Any) -> dict[str, Any]:
    actor = "ben@acme.example" if name in {"tsm_answered", "asked", "resolved"} else "maild"
    return {"ticket_id": number, "event": name, "at": at, "actor": actor, "because": "it was"}


def _mail(life: int, place: int, number: int) -> dict[str, Any]:
    words = " ".join(_word(number * prime) for prime in (7, 13, 17, 19, 23))
    text = "The scanner jams at the second page below the glass." if life == CROWD else words
    label = None if place % 4 == 0 else "network"
    verdicts = [{"question": "category", "label": label, "confidence": 0.9, "because": "x"}]
    at = _at(life, place, 0)
    when = {"arrived_at": at, "stored_at": at, "taken_in_at": at, "outcome": "ticket", "attempts": 1, "size": 9}
    return {
        "id": number,
        "ticket_id": number,
        "subject": (text if life == CROWD else _word(number))[:20],
        "new_text": text,
        "verdicts": verdicts,
        **when,
    }


def _word(number: int) -> str:
    """Letters that no other ticket has."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number * 7919))


def _labels() -> Rows:
    """Seven audits, two of them wrong; five words of TSMs, three of them corrections."""
    said = [("audit", number, place > 1) for place, number in enumerate(tickets_of(5)[:7])]
    said += [("tsm", number, place > 2) for place, number in enumerate(tickets_of(3)[:5])]
    yield (
        tables.labels,
        [
            {
                "mail_id": number,
                "question": "category",
                "value": "network" if is_right else "storage",
                "verdict": "network",
                "said_by": "Ben",
                "said_at": SINCE + timedelta(days=50),
                "source": source,
            }
            for source, number, is_right in said
        ],
    )


def _known() -> Rows:
    at = SINCE + timedelta(days=40)
    crowd = tickets_of(CROWD)
    yield (
        tables.articles,
        [
            {
                "name": name,
                "version": 1,
                "title": name,
                "body": "Fix",
                "created_at": at,
                "retired_at": at if name == "old" else None,
            }
            for name in ("scanner", "vpn", "old")
        ],
    )
    yield article_tickets, [{"name": "scanner", "ticket_id": number} for number in crowd[:3]]
    yield (
        suggestions,
        [
            {
                "ticket_id": number,
                "name": "scanner",
                "audience": "tsm",
                "place": 1,
                "because": "-",
                "made_at": at,
                "outcome": outcome,
            }
            for number, outcome in zip(crowd, ("confirmed", "confirmed", "other", "asked_again", None), strict=False)
        ],
    )
    yield (
        incidents,
        [
            {"id": 1, "ticket_id": crowd[0], "standing": "declared", "title": "Scanners", "made_at": at},
            {
                "id": 2,
                "ticket_id": crowd[5],
                "standing": "dismissed",
                "title": "Nothing",
                "made_at": SINCE - timedelta(days=1),
            },
        ],
    )
    members = [(number, None) for number in crowd[:4]] + [(crowd[4], at)]
    yield (
        incident_members,
        [
            {"incident_id": 1, "ticket_id": number, "joined_at": at, "is_late": False, "because": "-", "left_at": left}
            for number, left in members
        ],
    )
