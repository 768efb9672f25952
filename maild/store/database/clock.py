"""The database's clock: leases of several machines are measured by one clock."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from maild.store.tables.columns import UtcDateTime


class _ClockPlus(FunctionElement[datetime]):
    """The clock's time plus a number of seconds, inside a statement."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(_ClockPlus, "postgresql")
def _on_postgresql(element: _ClockPlus, compiler: SQLCompiler, **options: Any) -> str:
    # clock_timestamp() and not now(): a transaction that waited for a lock must not count from before the wait.
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(_ClockPlus, "sqlite")
def _on_sqlite(element: _ClockPlus, compiler: SQLCompiler, **options: Any) -> str:
    # The same text that SQLAlchemy writes for a datetime, so that the two compare as strings.
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds')"


def clock_ahead(seconds: ColumnElement[float]) -> FunctionElement[datetime]:
    """Give the SQL expression for the clock's time plus so many seconds, which come in when it is executed."""
    return _ClockPlus(seconds)


def clock_plus(ahead: timedelta = timedelta()) -> FunctionElement[datetime]:
    """Give the SQL expression for the clock's time plus `ahead`."""
    return clock_ahead(literal(ahead.total_seconds(), Float()))


MARGIN = timedelta(hours=1)
"""How much longer another process, with other settings, may ask for the same thing."""


def has_ended(lease_until: ColumnElement[Any], seconds: ColumnElement[float]) -> ColumnElement[bool]:
    """Whether a lease is over, or so far from it that only a clock that was put back explains it.

    `seconds`: how long a lease is asked for. Whoever has a row that is taken from them loses nothing: before anything is written it is
    asked whether it is still theirs.
    """
    return or_(lease_until <= clock_plus(), lease_until > clock_ahead(seconds + MARGIN.total_seconds()))
