"""The report over a long history: 100,000 tickets with their events, deadlines and one mail each are written, then read.

Aim: under 30 s and under 1 GiB, on SQLite (default) or PostgreSQL.
Takes a minute. Run: python -m benchmarks.report [--database postgresql]
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from benchmarks.month import databases
from maild.cli.reporting.page import page
from maild.knowledge.analysis.history import DeskFacts, Period
from maild.knowledge.analysis.line import analyse
from maild.process.desk import Desk
from maild.store import tables
from maild.store.engine import Store
from maild.store.view.history import read_history
from tests.support.report_history import SINCE, UNTIL, write_history

WORDS = [f"{first}{second}" for first in "abcdefghij" for second in ("vpn", "disk", "login", "print", "mail", "cable")]
BATCH = 10_000
SECONDS, MIB = 30, 1024


def main() -> int:
    """Write the history, make the report, print what it took; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments = parser.parse_args()
    with databases(arguments.database) as urls, tempfile.TemporaryDirectory() as folder:
        store = Store(next(urls))
        store.upgrade()
        write_history(store, number=arguments.tickets)
        write_mails(store, arguments.tickets)
        before = peak()
        began, worked = time.monotonic(), time.process_time()
        period = Period(since=SINCE, until=UNTIL, zone=ZoneInfo("UTC"))
        with store.read() as connection:
            history = read_history(connection, period, DeskFacts(working_hours=480))
        read = time.monotonic() - began
        told = page(analyse(history), period, Desk(name="Support", address="support@desk.example"))
        Path(folder, "report.html").write_text(told, encoding="utf-8")
        seconds = time.monotonic() - began
        worked = time.process_time() - worked
        store.close()
    measured = {"tickets": arguments.tickets, "database": arguments.database, "seconds": round(seconds, 1)}
    memory = {
        "cpu_seconds": round(worked, 1),
        "of_that_reading": round(read, 1),
        "peak_mib": peak(),
        "peak_mib_of_writing_the_history": before,
    }
    json.dump({**measured, **memory}, sys.stdout, indent=2)
    return int(seconds > SECONDS or peak() > MIB)


def peak() -> int:
    """MiB of this process at most so far: that of writing the history is part of it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write_mails(store: Store, number: int) -> None:
    """One mail for each ticket, of words that repeat."""
    chance = random.Random(1)
    for start in range(1, number + 1, BATCH):
        rows = [_mail(ticket, chance) for ticket in range(start, min(start + BATCH, number + 1))]
        store.transact(partial(_insert, rows))


def _insert(rows: list[dict[str, object]], connection: Connection) -> None:
    connection.execute(insert(tables.mails), rows)


def _mail(ticket: int, chance: random.Random) -> dict[str, object]:
    at = SINCE + timedelta(hours=chance.uniform(0, 80 * 24))
    verdicts = [{"question": "category", "label": chance.choice([None, "network"]), "confidence": 0.9, "because": "x"}]
    text = " ".join(chance.choices(WORDS, k=40))
    when = {"arrived_at": at, "stored_at": at, "taken_in_at": at, "outcome": "ticket", "attempts": 1, "size": 900}
    return {"ticket_id": ticket, "subject": f"Question {ticket}", "new_text": text, "verdicts": verdicts, **when}


if __name__ == "__main__":
    sys.exit(main())
