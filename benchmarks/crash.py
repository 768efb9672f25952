"""The crash story in its large form: mails arrive while `kill -9` hits at random, on SQLite and on PostgreSQL.

300 mails of 100 threads are delivered, and the daemon is killed at least 20 times; PostgreSQL has two processes.

Aim: nothing is lost, nothing sent twice; else the exit status is 1.
Takes a minute or two on a quiet machine. Run: python -m benchmarks.crash
"""

import argparse
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.crashing import Account, crash_story, reconciles
from tests.stories.running import RunningDesk


def main() -> int:
    """Tell both stories; the exit status is 1 if a mail was lost or sent twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=100, help="of three mails each")
    parser.add_argument("--kills", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dovecot, postgresql = Dovecot(), PostgresqlServer(is_durable=True)
    try:
        dovecot.start()
        postgresql.run("CREATE DATABASE crash")
        with tempfile.TemporaryDirectory() as name:
            sqlite = f"sqlite:///{name}/maild.db"
            stories = {
                "SQLite, 1 process": tell(dovecot, sqlite, 1, arguments),
                "PostgreSQL, 2 processes": tell(dovecot, postgresql.url("crash"), 2, arguments),
            }
    finally:
        postgresql.remove()
        dovecot.remove()
    print_table(stories)
    return 0 if all(is_whole(account, arguments.threads) for account, _ in stories.values()) else 1


def tell(dovecot: Dovecot, database_url: str, processes: int, arguments: argparse.Namespace) -> tuple[Account, bool]:
    """Run one story; answers its account, and whether server and store agree."""
    store = Store(database_url)
    store.upgrade()
    store.close()
    with tempfile.TemporaryDirectory() as name:
        record = Path(name) / "accepted.jsonl"
        with SmtpServer(record=record) as smtp:
            desk = RunningDesk(
                Path(name),
                address=f"crash{time.monotonic_ns()}@desk.example",
                dovecot=dovecot,
                smtp_port=smtp.port,
                database_url=database_url,
            )
            account = crash_story(
                desk,
                record,
                database_url,
                threads=arguments.threads,
                kills=arguments.kills,
                processes=processes,
                seed=arguments.seed,
            )
            return account, reconciles(desk)


def is_whole(account: Account, threads: int) -> bool:
    """Nothing lost, nothing twice."""
    return (
        account.stored == account.mails
        and account.tickets == sum(account.acknowledged.values()) == threads
        and not (account.accepted_twice or account.sent_not_accepted or account.accepted_not_sent)
        and account.in_processed == account.mails
    )


def print_table(stories: dict[str, tuple[Account, bool]]) -> None:
    """Print both accounts side by side."""
    table = Table(title="the crash story", title_justify="left")
    table.add_column("")
    for name in stories:
        table.add_column(name, justify="right")
    columns = [{**vars(account), "reconciles": agrees} for account, agrees in stories.values()]
    for name in columns[0]:
        table.add_row(name.replace("_", " "), *(shown(column[name]) for column in columns))
    Console(width=110).print(table)


def shown(value: object) -> str:
    """Numbers short, counters as words, lists by their length."""
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in sorted(value.items()))
    if isinstance(value, list):
        return str(len(value))
    return f"{value:.0f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    raise SystemExit(main())
