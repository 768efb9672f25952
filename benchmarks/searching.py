"""Search over 100,000 tickets: how long an answer takes, on both databases, and what a mail costs to be found.

CPU ms are those of maild's process, which is all of the work on SQLite and a part of it on PostgreSQL. PostgreSQL is started
and ended by the suite's own server. Some of the words stand in many tickets and most in few (Zipf), as in any language; each
ticket has a number of its own.

Aim: 50 ms at p95.
Takes some three minutes. Run: python -m benchmarks.searching [--tickets 100000] [--queries 300]
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from sqlalchemy import text

from maild.store.engine import Connection, Store
from maild.store.knowledge.searching import ARTICLE, TICKET, index_article, index_mail, search
from tests.servers.postgresql import PostgresqlServer

SEED, AT_ONCE, ARTICLES = 11, 1_000, 500
WORDS = 30_000
"""Different words; the first stands in most texts."""

LENGTHS = (20, 150)
NAMES = [f"word{rank}" for rank in range(WORDS)]
WEIGHTS = list(accumulate(1 / (rank + 2) for rank in range(WORDS)))


def main() -> None:
    """Fill both databases, ask, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    arguments = parser.parse_args()
    print("| database | tickets | to fill, ms a mail | n | p50 ms | p95 ms | p50 CPU ms | p95 CPU ms | found |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, opened in (("SQLite", sqlite()), ("PostgreSQL", postgresql())):
        with opened as store:
            spent = fill(store, arguments.tickets)
            row = ask(store, arguments.queries)
            print(f"| {name} | {arguments.tickets:,} | {spent * 1000 / arguments.tickets:.2f} | {row} |", flush=True)


@contextmanager
def sqlite() -> Iterator[Store]:
    """A new file."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'maild.db'}")
        store.upgrade()
        yield store
        store.close()


@contextmanager
def postgresql() -> Iterator[Store]:
    """A new server."""
    server = PostgresqlServer()
    try:
        server.run("CREATE DATABASE search")
        store = Store(server.url("search"))
        store.upgrade()
        yield store
        store.close()
    finally:
        server.remove()


def fill(store: Store, count: int) -> float:
    """Tickets and articles; the seconds that the tickets took."""
    chance, spent = random.Random(SEED), 0.0
    for first in range(0, count, AT_ONCE):
        texts = [
            chance.choices(NAMES, cum_weights=WEIGHTS, k=chance.randint(*LENGTHS))
            for _ in range(min(AT_ONCE, count - first))
        ]

        def add(connection: Connection, texts: Sequence[Sequence[str]] = texts, first: int = first) -> None:
            for number, words in enumerate(texts, first + 1):
                index_mail(connection, number, f"{' '.join(words)} number{number}")

        began = time.perf_counter()
        store.transact(add)
        spent += time.perf_counter() - began

    def add_articles(connection: Connection) -> None:
        for number in range(ARTICLES):
            index_article(connection, f"article-{number}", " ".join(chance.choices(NAMES, cum_weights=WEIGHTS, k=80)))

    store.transact(add_articles)
    if store.is_postgresql:
        # What autovacuum does by itself, some minutes later.
        store.transact(lambda connection: connection.execute(text("ANALYZE search_texts")))
    return spent


def ask(store: Store, count: int) -> str:
    """Queries of two to six words out of the same mixture, and each third one for articles, by the words of a whole mail."""
    chance = random.Random(SEED + 1)
    times, spent, found = [], [], 0
    for place in range(count):
        is_article = place % 3 == 2
        words = " ".join(chance.choices(NAMES, cum_weights=WEIGHTS, k=60 if is_article else chance.randint(2, 6)))
        with store.read() as connection:
            began, computed = time.perf_counter(), time.process_time()
            hits = search(connection, ARTICLE if is_article else TICKET, words, limit=10)
            times.append((time.perf_counter() - began) * 1000)
            spent.append((time.process_time() - computed) * 1000)
        found += bool(hits)
    cells = (f"{statistics.median(each):.1f} | {p95(each):.1f}" for each in (times, spent))
    return f"{count} | {' | '.join(cells)} | {found}"


def p95(times: Sequence[float]) -> float:
    """The time below which 95 of 100 stay."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


if __name__ == "__main__":
    main()
