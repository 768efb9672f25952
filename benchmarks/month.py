"""A simulated month of a desk, with every person in it writing real mails; then what must be true is checked.

Two months are lived: one as it should be, and one in which nothing vouches for anybody and maild stands still for a week. The
clock is moved, not waited for.

Aim: 18 invariants hold; else the exit status is 1.
Takes 4 to 5 minutes a month. Run: python -m benchmarks.month [--database postgresql] [--report FOLDER]
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from benchmarks.simulated.invariants.finding import Finding
from benchmarks.simulated.invariants.line import check_all
from benchmarks.simulated.invariants.rows import read_rows
from benchmarks.simulated.month import Month, live
from benchmarks.simulated.world import World
from maild.cli.reporting.page import write_page
from maild.desk.learning.analysing import analyse_desk
from maild.knowledge.analysis.history import Period
from maild.store.engine import Store
from tests.servers.postgresql import PostgresqlServer

MOST_SHOWN = 8
"""Breaches of one invariant that are printed; --json has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A month that is over."""

    name: str
    seconds: float
    """Of real time."""

    counts: Mapping[str, Mapping[str, int]]
    findings: Sequence[Finding]

    @property
    def is_whole(self) -> bool:
        """Whether every invariant holds."""
        return not any(finding.broken for finding in self.findings)


def main() -> int:
    """Live the months, print what came of them; 1 if an invariant does not hold."""
    arguments = read_arguments()
    months = {
        "as it should be": Month(days=arguments.days, mails=arguments.mails, seed=arguments.seed),
        "nothing vouches, and a week's stop": Month(
            days=arguments.days, mails=arguments.mails, seed=arguments.seed + 1, trust="none", is_stopped=True
        ),
    }
    if arguments.report:
        arguments.report.mkdir(parents=True, exist_ok=True)
    lived = []
    with databases(arguments.database) as urls:
        for (name, month), url in zip(months.items(), urls, strict=False):
            lived.append(live_through(f"{name} ({arguments.database})", month, url, arguments.report))
            if not arguments.json:
                show(lived[-1])
    if arguments.json:
        json.dump([as_document(each) for each in lived], sys.stdout, indent=2)
    return 0 if all(each.is_whole for each in lived) else 1


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument(
        "--mails",
        type=int,
        default=1500,
        help="a wish: it sets how many issues there are, and people write as much as they like",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--report", type=Path, metavar="FOLDER", help="write there what `maild report` says of each month"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


def live_through(name: str, month: Month, url: str, reports: Path | None) -> Lived:
    """One month over an empty database, its invariants, and its report."""
    store = Store(url)
    store.upgrade()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        world = live(month, store, Path(folder) / "desk")
    if reports:
        report(world, month, reports / f"{Path(url).stem}.html")
    lived = Lived(
        name=name, seconds=time.monotonic() - began, counts=count_rows(store, world), findings=check_all(world)
    )
    store.close()
    return lived


def report(world: World, month: Month, file: Path) -> None:
    """Write what `maild report` says of the month."""
    desk = world.rules.desk
    period = Period(since=month.start, until=month.end, zone=ZoneInfo(desk.time_zone))
    write_page(file, analyse_desk(world.store, world.rules, period), period, desk)


def count_rows(store: Store, world: World) -> Mapping[str, Mapping[str, int]]:
    """What there is in the end, by kind."""
    rows = read_rows(store)
    counted = {
        "mails to the desk": Counter(str(row.outcome) for row in rows.mails),
        "tickets": Counter(str(row.status) for row in rows.tickets),
        "events": Counter(str(row.event) for row in rows.events),
        "mails of the desk": Counter(f"{row.kind}, {row.state}" for row in rows.outbox),
        "deadlines": Counter(f"{row.kind}: {row.because or 'live'}" for row in rows.deadlines),
        "ends of a process while it submitted": Counter(deaths=world.post.deaths),
    }
    return {name: dict(sorted(counter.items())) for name, counter in counted.items()}


@contextmanager
def databases(kind: str) -> Iterator[Iterator[str]]:
    """URLs of empty databases, each made when it is asked for."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as name:
            yield (f"sqlite:///{name}/month{number}.db" for number in range(10))
        return
    server = PostgresqlServer()
    try:
        yield (_a_database(server, f"month{number}") for number in range(10))
    finally:
        server.remove()


def _a_database(server: PostgresqlServer, name: str) -> str:
    server.run(f"CREATE DATABASE {name}")
    return server.url(name)


def show(lived: Lived) -> None:
    """Print a month for people."""
    console = Console(width=120)
    summary = Table(title=f"{lived.name}: lived in {lived.seconds:.0f} s", title_justify="left", show_header=False)
    for name, counts in lived.counts.items():
        words = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in counts.items())
        summary.add_row(name, str(sum(counts.values())), words)
    table = Table(title="what must be true", title_justify="left")
    for column in ("invariant", "n", "broken", ""):
        table.add_column(column, justify="right" if column in {"n", "broken"} else "left")
    for finding in lived.findings:
        shown = list(finding.broken[:MOST_SHOWN]) + ["..."] * (len(finding.broken) > MOST_SHOWN)
        table.add_row(finding.invariant, str(finding.checked), str(len(finding.broken)), "\n".join(shown) or "holds")
    console.print(summary, table, sep="\n")


def as_document(lived: Lived) -> Mapping[str, Any]:
    """A month as JSON."""
    return {
        "name": lived.name,
        "seconds": round(lived.seconds, 1),
        "holds": lived.is_whole,
        "counts": lived.counts,
        "invariants": [asdict(finding) for finding in lived.findings],
    }


if __name__ == "__main__":
    raise SystemExit(main())
