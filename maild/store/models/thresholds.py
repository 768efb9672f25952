"""Thresholds that were raised above those on a model's card, because corrections broke the error budget."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from maild.classify.serving import Raised
from maild.store.database.bells import ring
from maild.store.models.promoting import BELL
from maild.store.models.versions import note
from maild.store.tables import raised_thresholds as table


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedThreshold:
    """One raise; the newest of a model and label holds."""

    digest: str
    """Of the model."""

    question: str
    label: str
    least: float
    """As in `LinearModel.thresholds`."""

    at: datetime
    because: str

    @property
    def raised(self) -> Raised:
        """What a process that classifies needs to know."""
        return Raised(digest=self.digest, label=self.label, least=self.least)


def list_raised(connection: Connection) -> list[RaisedThreshold]:
    """Those that hold, oldest first."""
    columns = (getattr(table.c, name) for name in RaisedThreshold.__slots__)
    query = select(*columns).where(table.c.ended_at.is_(None)).order_by(table.c.id)
    return [RaisedThreshold(**row) for row in connection.execute(query).mappings()]


def last_changes(connection: Connection) -> dict[tuple[str, str], datetime]:
    """Digest and label to when their threshold was last raised, or taken back by an admin."""
    changes: dict[tuple[str, str], datetime] = {}
    for row in connection.execute(select(table.c.digest, table.c.label, table.c.at, table.c.ended_at)):
        key = (row.digest, row.label)
        changes[key] = max(filter(None, (changes.get(key), row.at, row.ended_at)))
    return changes


def raise_threshold(connection: Connection, raised: RaisedThreshold) -> None:
    """Ask more of a label from now on; an earlier raise of the same label ends with it."""
    _end(connection, raised.digest, raised.label, actor="maild", now=raised.at)
    row = {name: getattr(raised, name) for name in RaisedThreshold.__slots__}
    connection.execute(insert(table).values(row))
    note(connection, raised.question, raised.digest, "raised", actor="maild", because=raised.because, now=raised.at)
    ring(connection, BELL)


def lower_threshold(connection: Connection, raised: RaisedThreshold, *, actor: str, now: datetime) -> None:
    """An admin takes a raise back: the card's threshold counts again."""
    _end(connection, raised.digest, raised.label, actor=actor, now=now)
    because = f"{raised.label}: the threshold of the card counts again"
    note(connection, raised.question, raised.digest, "lowered", actor=actor, because=because, now=now)
    ring(connection, BELL)


def _end(connection: Connection, digest: str, label: str, *, actor: str, now: datetime) -> None:
    holding = update(table).where(table.c.digest == digest, table.c.label == label, table.c.ended_at.is_(None))
    connection.execute(holding.values(ended_at=now, ended_by=actor))
