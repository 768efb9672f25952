"""How long a person waits: `maild --help`, and `maild run` until it is ready with its models loaded.

Each is started several times, with real servers behind; median and slowest.

Aims: 0.3 s and 3 s.
Takes a minute on a quiet machine. Run: python -m benchmarks.start
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.running import RunningDesk

HELP_SECONDS, READY_SECONDS = 0.3, 3.0
"""What is aimed at."""


def main() -> None:
    """Measure both, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    print_table(measured(parser.parse_args().runs))


def measured(runs: int = 11) -> list[tuple[str, float, list[float]]]:
    """What was waited for, how long at most, and how long each time."""
    dovecot = Dovecot()
    with tempfile.TemporaryDirectory() as name, SmtpServer(record=Path(name) / "accepted.jsonl") as smtp:
        try:
            dovecot.start()
            desk = a_desk(Path(name), dovecot, smtp.port)
            return [
                ("maild --help", HELP_SECONDS, measure(ask_for_help, runs)),
                ("maild run, ready", READY_SECONDS, measure(lambda: become_ready(desk), runs)),
            ]
        finally:
            dovecot.remove()


def a_desk(folder: Path, dovecot: Dovecot, smtp_port: int) -> RunningDesk:
    """A desk with an empty mailbox and a database that has its tables."""
    url = f"sqlite:///{folder}/maild.db"
    store = Store(url)
    store.upgrade()
    store.close()
    return RunningDesk(folder, address="start@desk.example", dovecot=dovecot, smtp_port=smtp_port, database_url=url)


def measure(once: Callable[[], float], runs: int) -> list[float]:
    """Seconds of each run; one more before them fills the caches."""
    once()
    return [once() for _ in range(runs)]


def ask_for_help() -> float:
    """From the start of the process to its end."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "maild", "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def become_ready(desk: RunningDesk) -> float:
    """From the start of the process to its word that it is ready."""
    began = time.monotonic()
    desk.start_ready()
    seconds = time.monotonic() - began
    desk.stop()
    return seconds


def print_table(rows: list[tuple[str, float, list[float]]]) -> None:
    """Print what was measured."""
    table = Table(title="start", title_justify="left")
    for column in ("", "runs", "median s", "slowest s", "aim s"):
        table.add_column(column, justify="right" if column else "left")
    for name, aim, seconds in rows:
        numbers = (statistics.median(seconds), max(seconds), aim)
        table.add_row(name, str(len(seconds)), *(f"{number:.2f}" for number in numbers))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
