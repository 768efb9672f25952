"""The clocks of one ticket: what runs, what stood still, and why what stopped did."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from maild.store.tables import deadlines


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One run of a clock."""

    clock: str
    due_at: datetime
    stopped_at: datetime | None
    """None: it runs."""

    because: str | None
    """Why it stopped, or the event with which it ran out."""

    mail: int | None
    """Row of the arrival that made it run; None where time did."""

    deadline: int | None = None
    """The deadline that made it run."""

    stopped_by_mail: int | None = None
    stopped_by_deadline: int | None = None
    """What stopped it before it ran out."""


def list_clocks(connection: Connection, number: int) -> tuple[ClockLine, ...]:
    """All runs of the ticket's clocks, oldest first."""
    columns = (
        deadlines.c.kind.label("clock"),
        deadlines.c.due_at,
        deadlines.c.settled_at.label("stopped_at"),
        deadlines.c.because,
        deadlines.c.mail_id.label("mail"),
        deadlines.c.deadline_id.label("deadline"),
        deadlines.c.stopped_mail_id.label("stopped_by_mail"),
        deadlines.c.stopped_deadline_id.label("stopped_by_deadline"),
    )
    query = select(*columns).where(deadlines.c.ticket_id == number).order_by(deadlines.c.id)
    return tuple(ClockLine(**row) for row in connection.execute(query).mappings())
