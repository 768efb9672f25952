"""Tallies: how many acknowledgements were written in an hour."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, bindparam, select

from maild.store.adding import Insert, insert_into
from maild.store.tables import tallies

_COUNTS = select(tallies.c.name, tallies.c.hour, tallies.c.count.label("written")).where(
    tallies.c.name.in_(bindparam("names", expanding=True)), tallies.c.hour.in_(bindparam("hours", expanding=True))
)


def tally(connection: Connection, names: Sequence[str], hour: int) -> Mapping[str, tuple[int, int]]:
    """Name to the counts of the hour before and of this hour."""
    found = connection.execute(_COUNTS, {"names": list(names), "hours": [hour - 1, hour]})
    counts = {(row.name, row.hour): row.written for row in found}
    return {name: (counts.get((name, hour - 1), 0), counts.get((name, hour), 0)) for name in names}


def count_up(connection: Connection, names: Sequence[str], hour: int) -> None:
    """One more of each name in this hour."""
    rows = [{"name": name, "hour": hour, "count": 1} for name in names]
    connection.execute(_counting(connection.dialect.name), rows)


@cache
def _counting(dialect: str) -> Insert:
    return insert_into(dialect, tallies).on_conflict_do_update(
        index_elements=[tallies.c.name, tallies.c.hour], set_={"count": tallies.c.count + 1}
    )
