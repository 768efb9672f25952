"""How fast maild takes mail in, beside a bare pipeline of stock libraries in the same run.

`python -m benchmarks.intake` fills a real Dovecot mailbox, runs the daemon against it and an SMTP sink, on SQLite and on
PostgreSQL with full durability, and counts until every acknowledgement has been accepted. CPU is that of the daemon with
all its processes and of the three servers. `--standing` puts tickets into the database before.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.load import cpu_seconds, pss_bytes
from benchmarks.sample_mails import sample_mails
from benchmarks.standing import write_standing_tickets
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.postgresql import PostgresqlServer
from tests.stories.running import RunningDesk

PROCESS_TOML_LIMITS = "per_address = 100000\nper_domain = 100000\nin_total = 10000000\n"
CLIENT = b'"recipients": ["client'
PATIENCE_SECONDS = 900.0
POLL_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run."""

    name: str
    mails: int
    seconds: float
    cpu_ms: float
    """A mail, the servers' share included."""

    own_cpu_ms: float
    """A mail, without the servers."""

    pss_mib: float


@dataclass(frozen=True, kw_only=True)
class Servers:
    """What a run talks to."""

    dovecot: Dovecot
    postgresql: PostgresqlServer
    sink: subprocess.Popen[str]
    sink_port: int
    recipients: "Recipients"

    @property
    def pids(self) -> list[int]:
        """Roots of the servers' families of processes."""
        return [self.dovecot.pid, self.postgresql.pid, self.sink.pid]


class Recipients:
    """Counts the mails that the sink has accepted for clients, reading only what is new."""

    def __init__(self, record: Path) -> None:
        record.touch()
        self._file = record.open("rb")
        self._rest = b""
        self.count = 0

    def look(self) -> int:
        """Read on, and count."""
        text = self._rest + self._file.read()
        self.count += text.count(CLIENT)
        place = text.rfind(b"\n")
        # A mark may be cut in two by the end of what is there; lines that are whole are not read again.
        self._rest = b"" if place == len(text) - 1 else text[place + 1 :]
        self.count -= self._rest.count(CLIENT)
        return self.count


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", default="1000,5000", help="sizes of the mailbox")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--standing", type=int, default=0, help="tickets that are there already")
    parser.add_argument("--without-bare", action="store_true", help="leave the bare pipeline out")
    arguments = parser.parse_args()
    rows: list[Measured] = []
    with servers() as running:
        for number in map(int, arguments.mails.split(",")):
            for database in arguments.databases.split(","):
                if not arguments.without_bare:
                    rows.append(measure_bare(running, number, database))
                    show(rows[-1])
                rows.append(measure_maild(running, number, database, arguments.standing))
                show(rows[-1])
    print_table(rows, arguments.standing)


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


def measure_maild(running: Servers, mails: int, database: str, standing: int) -> Measured:
    """The daemon, from ready to the last acknowledgement accepted."""
    with a_database(running, database) as url, tempfile.TemporaryDirectory() as name:
        user = fill(running, mails, f"maild{mails}{database}")
        prepare(url, standing)
        desk = RunningDesk(
            Path(name), address=user, dovecot=running.dovecot, smtp_port=running.sink_port, database_url=url
        )
        allow_everything(desk)
        process = desk.start_ready()
        measured = watch(
            f"maild, {database}",
            mails,
            pids=running.pids,
            own=process.pid,
            recipients=running.recipients,
        )
        desk.stop()
        return measured


def measure_bare(running: Servers, mails: int, database: str) -> Measured:
    """The bare pipeline over the same mails."""
    with a_database(running, database) as url:
        user = fill(running, mails, f"bare{mails}{database}")
        arguments = ["--imap-port", running.dovecot.port, "--smtp-port", running.sink_port, "--user", user]
        arguments += ["--password", running.dovecot.password, "--database", url]
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.bare", *map(str, arguments)])
        measured = watch(
            f"bare, {database}",
            mails,
            pids=running.pids,
            own=process.pid,
            recipients=running.recipients,
        )
        process.wait(60)
        return measured


def watch(name: str, mails: int, *, pids: list[int], own: int, recipients: Recipients) -> Measured:
    """Wait for the end, and account for it."""
    before = recipients.look()
    started, own_before, servers_before = time.monotonic(), cpu_seconds([own]), cpu_seconds(pids)
    peak = 0
    while recipients.look() - before < mails:
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise SystemExit(f"{name}: not done after {PATIENCE_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
        peak = max(peak, pss_bytes(own))
    seconds = time.monotonic() - started
    own_cpu = cpu_seconds([own]) - own_before
    all_cpu = own_cpu + cpu_seconds(pids) - servers_before
    return Measured(
        name=name,
        mails=mails,
        seconds=seconds,
        cpu_ms=1000 * all_cpu / mails,
        own_cpu_ms=1000 * own_cpu / mails,
        pss_mib=peak / 2**20,
    )


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


def allow_everything(desk: RunningDesk) -> None:
    """A benchmark is a flood: its acknowledgements are not to be withheld."""
    file = desk.folder / "process.toml"
    head, _, rest = file.read_text().partition("[limits]\n")
    tail = rest[rest.index("\n#") :]
    file.write_text(f"{head}[limits]\n{PROCESS_TOML_LIMITS}{tail}")


def show(row: Measured) -> None:
    """Tell that a run has ended."""
    print(f"{row.name}: {row.mails} mails in {row.seconds:.1f} s, {row.mails / row.seconds:.0f} mails/s", flush=True)


def print_table(rows: list[Measured], standing: int) -> None:
    """Print what was measured."""
    table = Table(title=f"intake, {standing} tickets there before", title_justify="left")
    for column in ("run", "mails", "s", "mails/s", "CPU ms a mail", "own CPU ms a mail", "peak PSS MiB"):
        table.add_column(column, justify="left" if column == "run" else "right")
    for row in rows:
        numbers = (row.seconds, row.mails / row.seconds, row.cpu_ms, row.own_cpu_ms, row.pss_mib)
        table.add_row(row.name, str(row.mails), *(f"{number:.1f}" for number in numbers))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
