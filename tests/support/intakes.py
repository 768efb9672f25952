"""The line under test: real parsing processes and the shipped models over a test's store."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import text

from maild import shipped
from maild.intake.ahead import Group
from maild.intake.classifying import Classifying
from maild.intake.line import Intake
from maild.intake.reading import Reading
from maild.mail.message import Limits
from maild.mail.pool import ParsingPool
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.engine import Store
from maild.store.incoming.arrivals import store_alone
from tests.support.making import NOON, some_rules


@pytest.fixture(scope="session")
def pool() -> Iterator[ParsingPool]:
    """Processes that parse, shared by all tests."""
    classifying = Classifying(folder=shipped.folder("models"), error_budget=0.05, categories=None, own_lists=())
    reading = Reading(classifying=classifying)
    with ParsingPool(Limits(), ("en", "de", "fr", "es"), then=reading) as started:
        yield started


@pytest.fixture
def intake(store: Store, pool: ParsingPool) -> Intake:
    """The line over an empty store."""
    return an_intake(store, pool)


def an_intake(store: Store, pool: ParsingPool, *, rules: Rules | None = None) -> Intake:
    """Wire a line."""
    rules = rules or some_rules()
    voice = Voice.load(desk=rules.desk, priorities=rules.priorities, categories=rules.categories, team=rules.team)
    return Intake(store=store, pool=pool, rules=rules, voice=voice, holder="the test", clock=lambda: NOON)


def read_group(intake: Intake) -> Group:
    """Claim mails and read them, as the line does ahead of the desk."""
    return intake._read(intake.store.transact(partial(intake._claim, is_first=True)))


def lay_down(store: Store, *sources: bytes) -> list[int]:
    """Store sources as a mailbox would have brought them; answers their rows."""
    return store.transact(lambda connection: [store_alone(connection, source, now=NOON) for source in sources])


def look(store: Store, query: str) -> list[tuple[object, ...]]:
    """Rows of a query."""
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]
