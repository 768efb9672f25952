"""The line under test: real parsing processes and the shipped models over a test's store."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from maild import shipped
from maild.classify.models import Models, load
from maild.intake.line import Intake
from maild.mail.message import Limits
from maild.mail.pool import ParsingPool
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.arrivals import store_alone
from maild.store.engine import Store
from tests.making import NOON, some_rules


@pytest.fixture(scope="session")
def pool() -> Iterator[ParsingPool]:
    """Processes that parse, shared by all tests."""
    with ParsingPool(Limits(), ("en", "de", "fr", "es")) as started:
        yield started


@pytest.fixture(scope="session")
def models() -> Models:
    """The shipped models."""
    return load(shipped.folder("models"), error_budget=0.05)


@pytest.fixture
def intake(store: Store, pool: ParsingPool, models: Models) -> Intake:
    """The line over an empty store."""
    return an_intake(store, pool, models)


def an_intake(store: Store, pool: ParsingPool, models: Models, *, rules: Rules | None = None) -> Intake:
    """Wire a line."""
    rules = rules or some_rules()
    voice = Voice.load(desk=rules.desk, priorities=rules.priorities, categories=rules.categories, team=rules.team)
    return Intake(
        store=store, pool=pool, models=models, rules=rules, voice=voice, holder="the test", clock=lambda: NOON
    )


def lay_down(store: Store, *sources: bytes) -> list[int]:
    """Store sources as a mailbox would have brought them; answers their rows."""
    return store.transact(lambda connection: [store_alone(connection, source, now=NOON) for source in sources])


def look(store: Store, query: str) -> list[tuple[object, ...]]:
    """Rows of a query."""
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]
