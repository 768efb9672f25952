"""What the database is asked for a mail: every statement of intake, from the stored mail to its replies in the outbox.

Real-sized mails are taken in in groups on SQLite and on PostgreSQL, without mail servers; printed are the statements by how
often they are executed. Counts are exact, so a machine at work elsewhere does not matter; the time beside them does.
`--profile` also says where the desk's time goes.

Takes a minute. Run: python -m benchmarks.statements [--profile]
"""

import argparse
import cProfile
import pstats
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import event

from benchmarks.sample_mails import sample_mails
from maild import shipped
from maild.daemon.opening import rules_of, voice_of
from maild.intake.classifying import Classifying
from maild.intake.line import Intake
from maild.intake.reading import Reading
from maild.mail.pool import ParsingPool
from maild.settings.reading import read_settings
from maild.settings.values import Settings
from maild.store.engine import Store
from maild.store.incoming.arrivals import store_alone
from tests.servers.postgresql import PostgresqlServer

LONGEST = 150


def main() -> None:
    """Count, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--profile", action="store_true", help="where the desk's time goes, too")
    arguments = parser.parse_args()
    for database in arguments.databases.split(","):
        with databases(database) as url:
            count(url, arguments.mails, profile=arguments.profile)


@contextmanager
def databases(kind: str) -> Iterator[str]:
    """A fresh database of a kind."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/maild.db"
        return
    server = PostgresqlServer(is_durable=True)
    try:
        server.run("CREATE DATABASE desk")
        yield server.url("desk")
    finally:
        server.remove()


def lifted(settings: Settings) -> Settings:
    """A benchmark is a flood: without the limits that stop one."""
    most = 10_000_000
    limits = replace(settings.policy.limits, per_address=most, per_domain=most, in_total=most, per_person=most)
    return replace(settings, policy=replace(settings.policy, limits=limits))


def count(url: str, mails: int, *, profile: bool) -> None:
    """Take the mails in, and print what the database was asked meanwhile."""
    settings = lifted(read_settings(Path(shipped.folder("config")), {}))
    store = Store(url)
    store.upgrade()
    now = datetime.now(UTC)
    for source in sample_mails(mails):
        store.transact(partial(store_alone, source=source, now=now))
    seen: Counter[str] = Counter()

    @event.listens_for(store._engine, "before_cursor_execute")  # noqa: SLF001
    def note(_: object, __: object, statement: str, ___: object, ____: object, executemany: bool) -> None:
        seen[("MANY " if executemany else "") + re.sub(r"\s+", " ", statement)[:LONGEST]] += 1

    reading = Reading(
        classifying=Classifying(
            folder=shipped.folder("models"),
            error_budget=settings.classify.error_budget,
            categories=frozenset(settings.categories),
            own_lists=(),
        )
    )
    profiler = cProfile.Profile()
    with ParsingPool(settings.limits, settings.desk.languages, then=reading) as pool:
        intake = Intake(
            store=store, pool=pool, rules=rules_of(settings), voice=voice_of(settings), holder="here", clock=lambda: now
        )
        if profile:
            profiler.enable()
        intake.take_in_all()
        profiler.disable()
    store.close()
    print(f"\n{url.partition(':')[0]}: {sum(seen.values()) / mails:.2f} statements a mail, {mails} mails")
    for statement, times in seen.most_common(60):
        print(f"{times / mails:7.2f}  {statement}")
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(70)


if __name__ == "__main__":
    main()
