"""Tallies: how many acknowledgements were written in an hour."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from maild.store.adding import insert_into
from maild.store.tables import tallies


def tally(connection: Connection, names: Sequence[str], hour: int) -> Mapping[str, tuple[int, int]]:
    """Name to the counts of the hour before and of this hour."""
    columns = (tallies.c.name, tallies.c.hour, tallies.c.count.label("written"))
    query = select(*columns).where(tallies.c.name.in_(names), tallies.c.hour.in_((hour - 1, hour)))
    counts = {(row.name, row.hour): row.written for row in connection.execute(query)}
    return {name: (counts.get((name, hour - 1), 0), counts.get((name, hour), 0)) for name in names}


def count_up(connection: Connection, names: Sequence[str], hour: int) -> None:
    """One more of each name in this hour."""
    statement = insert_into(connection, tallies)
    counted = statement.on_conflict_do_update(
        index_elements=[tallies.c.name, tallies.c.hour], set_={"count": tallies.c.count + 1}
    )
    connection.execute(counted, [{"name": name, "hour": hour, "count": 1} for name in names])
