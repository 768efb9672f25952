"""Leases of processes that have died: whoever knows it ends them, so that nobody waits for their time."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, Table, select, true, union, update

from maild.store.database.bells import ring
from maild.store.database.clock import clock_plus
from maild.store.tables import mailboxes, mails, mirror_issues, outbox

LEASED: Mapping[Table, ColumnElement[bool]] = {
    mailboxes: true(),
    mails: mails.c.outcome.is_(None),
    outbox: outbox.c.settled_at.is_(None),
    mirror_issues: mirror_issues.c.due_at.is_not(None),
}
"""Table to what of it can be leased: partial indexes know these rows, so that a long history costs nothing."""

BELLS = ("intake", "outbox", "marking", "mirror")


def list_holders(connection: Connection) -> set[str]:
    """Names of all who hold a live lease."""
    live = (
        select(table.c.lease_holder).where(open_rows, table.c.lease_until > clock_plus())
        for table, open_rows in LEASED.items()
    )
    return {holder for holder in connection.scalars(union(*live)) if holder}


def end_leases(connection: Connection, holders: Collection[str]) -> int:
    """End the leases of these holders now, as if their time were over; the number of rows."""
    count = 0
    for table, open_rows in LEASED.items():
        held = update(table).where(
            open_rows, table.c.lease_holder.in_(list(holders)), table.c.lease_until > clock_plus()
        )
        count += connection.execute(held.values(lease_until=clock_plus())).rowcount
    for bell in BELLS:
        ring(connection, bell)
    return count
