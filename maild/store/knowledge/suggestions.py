"""Suggestions: the articles that were named with a ticket, and what became of that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from maild.store.database.adding import add_missing
from maild.store.tables import suggestions

TSM, CLIENT = "tsm", "client"
CONFIRMED, OTHER, ASKED_AGAIN = "confirmed", "other", "asked_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """An article that is named with a ticket."""

    name: str
    place: int
    """1 for the likeliest."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of suggestions; those about which nobody has said anything count nowhere."""

    confirmed: int = 0
    other: int = 0
    asked_again: int = 0

    @property
    def n(self) -> int:
        """All that somebody has said something about."""
        return self.confirmed + self.other + self.asked_again


def add_suggestions(
    connection: Connection, ticket: int, named: Sequence[Suggested], *, audience: str, now: datetime
) -> None:
    """Remember them; one that was made before stays as it was."""
    rows = [
        {
            "ticket_id": ticket,
            "name": each.name,
            "audience": audience,
            "place": each.place,
            "because": each.because,
            "made_at": now,
        }
        for each in named
    ]
    add_missing(connection, suggestions, rows)


def named_with(connection: Connection, ticket: int) -> list[str]:
    """Names of the articles that its TSM was shown, the likeliest first."""
    query = select(suggestions.c.name).where(suggestions.c.ticket_id == ticket, suggestions.c.audience == TSM)
    return list(connection.scalars(query.order_by(suggestions.c.place)))


def settle(connection: Connection, ticket: int, *, same_as: str, now: datetime) -> None:
    """A TSM said which article the ticket is a case of: that one is confirmed, the others were not it."""
    mine = update(suggestions).where(suggestions.c.ticket_id == ticket)
    connection.execute(mine.where(suggestions.c.name != same_as).values(outcome=OTHER, settled_at=now))
    connection.execute(mine.where(suggestions.c.name == same_as).values(outcome=CONFIRMED, settled_at=now))


def ask_again(connection: Connection, ticket: int, *, now: datetime) -> None:
    """The ticket came back: what had been confirmed did not help for good, nor what the client had been shown."""
    mine = update(suggestions).where(suggestions.c.ticket_id == ticket)
    helped = (suggestions.c.outcome == CONFIRMED) | (suggestions.c.audience == CLIENT)
    connection.execute(mine.where(helped).values(outcome=ASKED_AGAIN, settled_at=now))


def scores(connection: Connection) -> Mapping[str, Score]:
    """Name of each article that was suggested to what became of it."""
    columns = (suggestions.c.name, suggestions.c.outcome)
    query = select(*columns, func.count().label("times")).where(suggestions.c.outcome.is_not(None)).group_by(*columns)
    counted: dict[str, Counter[str]] = {}
    for row in connection.execute(query):
        counted.setdefault(row.name, Counter())[row.outcome] += row.times
    return {name: _score(count) for name, count in counted.items()}


def score_of_first(connection: Connection) -> Score:
    """What became of the likeliest of each ticket: what a client would be shown."""
    query = select(suggestions.c.outcome, func.count().label("times")).where(
        suggestions.c.outcome.is_not(None), suggestions.c.place == 1, suggestions.c.audience == TSM
    )
    return _score(
        Counter({row.outcome: row.times for row in connection.execute(query.group_by(suggestions.c.outcome))})
    )


def _score(count: Mapping[str, int]) -> Score:
    return Score(confirmed=count.get(CONFIRMED, 0), other=count.get(OTHER, 0), asked_again=count.get(ASKED_AGAIN, 0))
