"""What a desk of 1,000, 100,000 and 10,000,000 mails a day needs, computed from what one mail was measured to cost.

Mails are taken in on SQLite and on PostgreSQL, without mail servers, and it is measured what a mail costs each part: the
processes that parse, the interpreter of a daemon, the desk's turn (one at a time on one database), the database and its disk.
The model is one multiplication for each; `--write FILE` puts its tables into a document (docs/scaling.md).

Takes a minute on a quiet machine. Run: python -m benchmarks.scaling [--write docs/scaling.md]
"""

import argparse
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks.sample_mails import sample_mails, size_in_words
from benchmarks.statements import databases, lifted
from maild import shipped
from maild.daemon.opening import rules_of, voice_of
from maild.intake.classifying import Classifying
from maild.intake.line import Intake
from maild.intake.reading import Reading
from maild.mail.pool import ParsingPool
from maild.settings.reading import read_settings
from maild.store.engine import Store
from maild.store.incoming.arrivals import store_alone

DESKS = (1_000, 100_000, 10_000_000)
BUSIEST_HOUR = 0.12
"""Share of a day's mails: of an office's ten hours the busiest is a fifth busier than the rest."""

LOADED = 0.6
"""How much of a core, or of the desk's turn, may be taken in the busiest hour, so that a burst finds room."""

WARM_UP = 50
"""Mails that are taken in before anything is measured: the models are read, statements are compiled."""

OUTBOX_MS = 2.0
"""Of the daemon's interpreter for the two mails that leave for one that comes (benchmarks/speed.md, *Where the time goes*)."""

BEGIN, END = "<!-- made by benchmarks/scaling.py: begin -->", "<!-- end -->"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one mail costs; ms of one core unless something else is said."""

    database: str
    mails: int
    parsing: float
    interpreter: float
    turn: float
    """Wall ms for which no other mail of the desk can be decided."""

    server: float
    octets: float
    """On the disk, with indexes, after both mails are in the outbox."""


def main() -> None:
    """Measure, multiply, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into a document, between its marks")
    arguments = parser.parse_args()
    costs = []
    for kind in ("sqlite", "postgresql"):
        with databases(kind) as url:
            costs.append(measure(url, arguments.mails))
    tables = "\n\n".join((costs_table(costs), needs_table(costs[-1])))
    print(tables)
    if arguments.write:
        text = arguments.write.read_text("utf-8")
        between = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
        arguments.write.write_text(between.sub(lambda _: f"{BEGIN}\n{tables}\n{END}", text), "utf-8")


def measure(url: str, mails: int) -> Cost:
    """Take the mails in on an empty database."""
    settings = lifted(read_settings(Path(shipped.folder("config")), {}))
    store = Store(url)
    store.upgrade()
    now = datetime.now(UTC)
    sources = list(sample_mails(WARM_UP + mails))
    reading = Reading(
        classifying=Classifying(
            folder=shipped.folder("models"),
            error_budget=settings.classify.error_budget,
            categories=frozenset(settings.categories),
            own_lists=(),
        )
    )
    turns: list[float] = []
    with ParsingPool(settings.limits, settings.desk.languages, then=reading) as pool, timing(store, turns):
        intake = Intake(
            store=store, pool=pool, rules=rules_of(settings), voice=voice_of(settings), holder="here", clock=lambda: now
        )
        store_all(store, sources[:WARM_UP], now)
        intake.take_in_all()
        store_all(store, sources[WARM_UP:], now)
        turns.clear()
        before, start = octets_of(url), seconds_of_all(url)
        intake.take_in_all()
        own, children, server = (after - first for first, after in zip(start, seconds_of_all(url), strict=True))
    store.close()
    in_ms = 1_000 / mails
    return Cost(
        database="PostgreSQL" if url.startswith("postgresql") else "SQLite",
        mails=mails,
        parsing=children * in_ms,
        interpreter=own * in_ms + OUTBOX_MS,
        turn=sum(turns) * in_ms,
        server=server * in_ms,
        octets=(octets_of(url) - before) / mails + stored_octets(mails),
    )


def store_all(store: Store, sources: Sequence[bytes], now: datetime) -> None:
    """Lay the mails down, as IMAP would."""
    for source in sources:
        store.transact(partial(store_alone, source=source, now=now))


@contextmanager
def timing(store: Store, turns: list[float]) -> Iterator[None]:
    """Note how long each serial transaction lasts."""
    transact: Callable[..., Any] = store.transact

    def timed(work: Callable[..., Any], *, serial: bool = False) -> Any:
        begun = time.perf_counter()
        answer = transact(work, serial=serial)
        if serial:
            turns.append(time.perf_counter() - begun)
        return answer

    store.transact = timed  # type: ignore[method-assign]
    yield


def seconds_of_all(url: str) -> tuple[float, float, float]:
    """CPU seconds until now of this process, of its parsing processes, and of PostgreSQL's."""
    own = psutil.Process()
    children = [child for child in own.children(recursive=True) if child.name() != "postgres"]
    server = [process for process in psutil.process_iter(["name"]) if process.info["name"] == "postgres"]
    mine = own.cpu_times()
    return (
        mine.user + mine.system,
        sum(seconds(child) for child in children),
        sum(seconds(each) for each in server) if url.startswith("postgresql") else 0.0,
    )


def seconds(process: psutil.Process) -> float:
    """CPU seconds of one process; 0 for one that has just ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def octets_of(url: str) -> int:
    """What the database takes on the disk."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            return int(row[0]) if row else 0
    file = Path(url.removeprefix("sqlite:///"))
    return sum(path.stat().st_size for path in file.parent.glob(file.name + "*"))


def stored_octets(mails: int) -> float:
    """What the source of a mail takes, compressed as the store does it."""
    from maild.store.database.packing import pack

    return sum(len(pack(source)) for source in sample_mails(mails)) / mails


def costs_table(costs: Sequence[Cost]) -> str:
    """What a mail costs."""
    rows = [
        f"| {cost.database} | {cost.parsing:.1f} | {cost.interpreter:.1f} | {cost.turn:.1f} | {cost.server:.1f} | {cost.octets / 1000:.0f} |"
        for cost in costs
    ]
    return "\n".join(
        (
            f"For one mail that opens a ticket ({size_in_words()}; n = {costs[0].mails:,} on each database, {os.cpu_count()} cores):",
            "",
            "| database | parsing, CPU ms | daemon's interpreter, CPU ms | the desk's turn, ms | database server, CPU ms | disk, kB |",
            "|---|--:|--:|--:|--:|--:|",
            *rows,
        )
    )


def needs_table(cost: Cost) -> str:
    """What desks need, on PostgreSQL."""
    columns = [needs(mails, cost) for mails in DESKS]
    names = list(columns[0])
    rows = [f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in names]
    return "\n".join(
        (
            f"What follows, on {cost.database}, with {BUSIEST_HOUR:.0%} of the day's mails in its busiest hour and {LOADED:.0%} load there:",
            "",
            "| mails a day | " + " | ".join(f"{mails:,}" for mails in DESKS) + " |",
            "|---|" + "--:|" * len(DESKS),
            *rows,
        )
    )


def needs(mails: int, cost: Cost) -> dict[str, str]:
    """One desk's column."""
    rate = mails * BUSIEST_HOUR / 3600
    turn = rate * cost.turn / 1000
    return {
        "mails/s in, busiest hour": f"{rate:,.2f}",
        "mails/s out": f"{2 * rate:,.2f}",
        "cores that parse": number(rate * cost.parsing / 1000 / LOADED),
        "`maild run` processes": number(rate * cost.interpreter / 1000 / LOADED),
        "cores of the database": number(rate * cost.server / 1000 / LOADED),
        "the desk's turn is taken": f"{turn:.0%}",
        "databases that share the desks": number(turn / LOADED),
        "disk a year, GB": f"{mails * 365 * cost.octets / 1e9:,.0f}",
    }


def number(quantity: float) -> str:
    """At least one; half a machine is one."""
    return f"{max(1, -int(-quantity // 1)):,}"


if __name__ == "__main__":
    main()
