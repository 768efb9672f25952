"""How fast maild takes mail in, beside two bare pipelines in the same run (`bare`).

A real Dovecot mailbox is filled, the daemon runs against it and an SMTP sink, on SQLite and on PostgreSQL with full
durability, and it is counted until every acknowledgement has been accepted. CPU is that of the daemon with all its processes
and of the three servers, until the last mail is marked and the last reply is settled. `--standing` puts tickets into the
database before.

Aims: 110 mails/s, 12 CPU ms a mail, 350 MiB, .6 of the stock pipeline, 1.1 times the cost from 1,000 to 5,000 mails and
1.15 times with 100,000 tickets there.
Takes a minute or less for 1,000 mails on one database, ten for all. Run: python -m benchmarks.intake [--mails 1000]
"""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from benchmarks.sample_mails import sample_mails, size_in_words
from benchmarks.standing import write_standing_tickets
from benchmarks.watching import Died, Measured, Recipients, watch
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.postgresql import PostgresqlServer
from tests.stories.running import RunningDesk

ACKNOWLEDGE_ALL = "per_address = 100000\nper_domain = 100000\nin_total = 10000000\n"
NOTIFY_ALL = "per_person = 10000000\n"
UNFINISHED = (
    "SELECT count(*) FROM mails WHERE outcome IS NULL OR marked_at IS NULL",
    "SELECT count(*) FROM outbox WHERE settled_at IS NULL",
)
FLOOR = (
    "stock pipelines elsewhere on two cores, small mails: 135-145 mails/s with a commit a mail, 181-199 in groups of 50"
)
TOLD = (
    "maild mails the client and, for each ticket, its lead: two mails out for one in; the floors one\n"
    "summed up: the lead gets 60 mails, as `per_person` ships, and then a summary: one mail out for one in"
)

COLUMNS = ("run", "mails", "s", "at rest s", "mails/s", "of stock", "CPU ms a mail", "own CPU ms", "peak PSS MiB")


@dataclass(frozen=True, kw_only=True)
class Servers:
    """What a run talks to."""

    dovecot: Dovecot
    postgresql: PostgresqlServer
    sink: subprocess.Popen[str]
    sink_port: int
    recipients: Recipients

    @property
    def pids(self) -> list[int]:
        """Roots of the servers' families of processes."""
        return [self.dovecot.pid, self.postgresql.pid, self.sink.pid]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", default="1000,5000", help="sizes of the mailbox")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--standing", type=int, default=0, help="tickets that are there already")
    parser.add_argument("--floors", default="stock,light", help="bare pipelines to run beside; empty: none")
    parser.add_argument("--summed-up", action="store_true", help="also with the limit of mails to leads that ships")
    arguments = parser.parse_args()
    sizes, floors = list(map(int, arguments.mails.split(","))), list(filter(None, arguments.floors.split(",")))
    ways = [False, True] if arguments.summed_up else [False]
    runs = measure(sizes, arguments.databases.split(","), arguments.standing, floors, ways)
    print_table(list(runs), arguments.standing)


def measure(
    sizes: list[int], databases: list[str], standing: int, floors: list[str], ways: Sequence[bool] = (False,)
) -> Iterator[Measured]:
    """Run everything once, in turn, each run of maild behind its floors; `ways`: whether leads get summaries."""
    with servers() as running:
        for mails in sizes:
            for database in databases:
                for kind in floors:
                    yield show(measure_bare(running, mails, database, kind))
                for is_summed_up in ways:
                    yield show(measure_maild(running, mails, database, standing, is_summed_up=is_summed_up))


@contextmanager
def servers() -> Iterator[Servers]:
    """Start Dovecot, PostgreSQL with fsync, and the sink; end them all."""
    folder = Path(tempfile.mkdtemp(prefix="intake-"))
    record = folder / "accepted.jsonl"
    dovecot, postgresql = Dovecot(), PostgresqlServer(is_durable=True)
    sink = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.sink", "--record", str(record)], stdout=subprocess.PIPE, text=True
    )
    try:
        dovecot.start()
        port = int(sink.stdout.readline()) if sink.stdout else 0
        yield Servers(dovecot=dovecot, postgresql=postgresql, sink=sink, sink_port=port, recipients=Recipients(record))
    finally:
        sink.send_signal(signal.SIGTERM)
        sink.wait(10)
        postgresql.remove()
        dovecot.remove()
        shutil.rmtree(folder, ignore_errors=True)


def measure_maild(
    running: Servers, mails: int, database: str, standing: int, *, is_summed_up: bool = False
) -> Measured:
    """The daemon, from ready to the last acknowledgement accepted."""
    with a_database(running, database) as url, tempfile.TemporaryDirectory() as name:
        user = fill(running, mails, f"maild{mails}{database}")
        prepare(url, standing)
        desk = RunningDesk(
            Path(name), address=user, dovecot=running.dovecot, smtp_port=running.sink_port, database_url=url
        )
        allow_everything(desk, notices=not is_summed_up)
        try:
            return watch(
                f"maild, {database}{', summed up' if is_summed_up else ''}",
                mails,
                process=desk.start_ready(),
                servers=running.pids,
                recipients=running.recipients,
                is_at_rest=lambda: at_rest(url),
            )
        except Died as error:
            raise SystemExit(f"{error}:\n{desk.log.read_text()[-2000:]}") from error
        finally:
            desk.stop()


def measure_bare(running: Servers, mails: int, database: str, kind: str) -> Measured:
    """A bare pipeline over the same mails."""
    with a_database(running, database) as url:
        user = fill(running, mails, f"{kind}{mails}{database}")
        arguments = [
            "--kind",
            kind,
            "--imap-port",
            running.dovecot.port,
            "--smtp-port",
            running.sink_port,
            "--user",
            user,
        ]
        arguments += ["--password", running.dovecot.password, "--database", url]
        command = [sys.executable, "-m", "benchmarks.bare", *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            if process.stdout is None or not process.stdout.readline():
                raise SystemExit(f"{kind}, {database}: it ended before it was ready")
            return watch(
                f"{kind}, {database}",
                mails,
                process=process,
                servers=running.pids,
                recipients=running.recipients,
                is_at_rest=lambda: True,
            )


def at_rest(url: str) -> bool:
    """Whether everything that the mails brought about is done: marked on the server, and every reply settled."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return not any(connection.scalar(text(query)) for query in UNFINISHED)
    finally:
        engine.dispose()


@contextmanager
def a_database(running: Servers, kind: str) -> Iterator[str]:
    """An empty database."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as name:
            yield f"sqlite:///{name}/maild.db"
        return
    running.postgresql.run("DROP DATABASE IF EXISTS intake WITH (FORCE)")
    running.postgresql.run("CREATE DATABASE intake")
    yield running.postgresql.url("intake")


def prepare(url: str, standing: int) -> None:
    """Migrate, and write the tickets that are there already."""
    store = Store(url)
    store.upgrade()
    if standing:
        write_standing_tickets(store, standing)
    store.close()


def fill(running: Servers, mails: int, name: str) -> str:
    """Put the mails into a mailbox of a user of its own."""
    user = f"{name}{time.monotonic_ns()}@desk.example"
    for source in sample_mails(mails):
        running.dovecot.deliver(user, source)
    return user


def allow_everything(desk: RunningDesk, *, notices: bool = True) -> None:
    """A benchmark is a flood: its acknowledgements are not to be withheld, nor, as a rule, its notices to leads."""
    file = desk.folder / "process.toml"
    head, _, rest = file.read_text().partition("[limits]\n")
    tail = rest[rest.index("\n#") :]
    file.write_text(f"{head}[limits]\n{ACKNOWLEDGE_ALL}{NOTIFY_ALL if notices else ''}{tail}")


def show(row: Measured) -> Measured:
    """Tell that a run has ended."""
    print(f"{row.name}: {row.mails} mails in {row.seconds:.1f} s, {row.rate:.0f} mails/s", file=sys.stderr, flush=True)
    return row


def print_table(rows: list[Measured], standing: int) -> None:
    """Print what was measured, each run of maild beside the stock floor before it."""
    table = Table(title=f"intake, {standing} tickets there before; mails: {size_in_words()}", title_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "run" else "right")
    floor = None
    for row in rows:
        floor = row if row.name.startswith("stock") else floor
        numbers = (row.seconds, row.rest_seconds, row.rate)
        costs = (row.cpu_ms, row.own_cpu_ms, row.pss_mib)
        share = f"{row.rate / floor.rate:.2f}" if floor else ""
        table.add_row(row.name, str(row.mails), *map(_shown, numbers), share, *map(_shown, costs))
    console = Console(width=110)
    console.print(table, TOLD, FLOOR, sep="\n")


def _shown(number: float) -> str:
    return f"{number:.1f}"


if __name__ == "__main__":
    main()
