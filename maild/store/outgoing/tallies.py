"""Tallies: how many acknowledgements were written in an hour."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, delete, select

from maild.store.database.adding import Insert, insert_into
from maild.store.database.together import BESIDE
from maild.store.tables import tallies

_COUNTS = (
    select(tallies.c.name, tallies.c.hour, tallies.c.count.label("written"))
    .where(
        tallies.c.name.in_(bindparam("names", expanding=True)), tallies.c.hour.in_(bindparam("hours", expanding=True))
    )
    .execution_options(**BESIDE)
)


class Tallies:
    """The tallies of one transaction; no other may write any before it ends."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._hour = _hour_of(now)
        self._known: dict[str, tuple[int, int]] = {}
        self._added: Counter[str] = Counter()

    def look_up(self, names: Iterable[str]) -> Mapping[str, tuple[int, int]]:
        """Name to the counts of the hour before and of this hour; asks for many what it does not know yet."""
        wanted = list(dict.fromkeys(names))
        self._learn([name for name in wanted if name not in self._known])
        return {name: (self._known[name][0], self._known[name][1] + self._added[name]) for name in wanted}

    def count_up(self, names: Iterable[str]) -> None:
        """One more of each name in this hour."""
        self._added.update(list(names))

    def write(self) -> None:
        """Write the counts down."""
        rows = [{"name": name, "hour": self._hour, "count": count} for name, count in sorted(self._added.items())]
        if rows:
            self._connection.execute(_counting(self._connection.dialect.name), rows)
        self._known.clear()
        self._added.clear()

    def _learn(self, names: list[str]) -> None:
        if not names:
            return
        found = self._connection.execute(_COUNTS, {"names": names, "hours": [self._hour - 1, self._hour]})
        counts = {(row.name, row.hour): row.written for row in found}
        for name in names:
            self._known[name] = counts.get((name, self._hour - 1), 0), counts.get((name, self._hour), 0)


def drop_past_tallies(connection: Connection, now: datetime) -> None:
    """Delete the counts that no limit asks for any more: they name addresses."""
    connection.execute(delete(tallies).where(tallies.c.hour < _hour_of(now) - 1))


def _hour_of(moment: datetime) -> int:
    """Hours since 1970."""
    return int(moment.timestamp()) // 3600


@cache
def _counting(dialect: str) -> Insert:
    statement = insert_into(dialect, tallies)
    return statement.on_conflict_do_update(
        index_elements=[tallies.c.name, tallies.c.hour], set_={"count": tallies.c.count + statement.excluded.count}
    )
