"""What every test may ask for: real servers and fresh databases."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from maild.store.engine import Store
from tests.servers.postgresql import PostgresqlServer
from tests.support.kept import KeptEngine

# each before those that import it
pytest_plugins = [
    "tests.support.collected",
    "tests.support.desk_told",
    "tests.support.intakes",
    "tests.support.kept_parsers",
    "tests.support.ordering",
    "tests.support.read_once",
    "tests.support.typed_moments",
    "tests.support.unsynced",
    "tests.servers.certificate",
    "tests.servers.dovecot",
    "tests.servers.clamd",
    "tests.servers.connections",
    "tests.servers.smtp",
    "tests.servers.linear",
    "tests.servers.tokens",
]

DATABASE = "desk"
MOST_WORKERS = 6
settings.register_profile("suite", deadline=None)  # how long an example takes says what else the machine does
settings.load_profile("suite")
KEPT = {"sqlite": KeptEngine(), "postgresql": KeptEngine()}


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, because tests often wait for a server; each has a PostgreSQL and a Dovecot."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    server = PostgresqlServer()
    try:
        server.run(f"CREATE DATABASE {DATABASE}")
        migrate(server.url(DATABASE))
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "maild.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "maild.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    # Emptied and used again: a new database costs up to half a second, an emptied one a hundredth.
    yield postgresql_server.url(DATABASE)
    KEPT["postgresql"].empty(postgresql_server, DATABASE)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh, migrated database without a password: one test, two databases."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store over that database."""
    with KEPT[database_url.partition(":")[0]].lent_to(Store(database_url)) as lent:
        yield lent


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database in which nothing is yet; on SQLite not even a folder."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'maild.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    server.run("DROP DATABASE IF EXISTS empty WITH (FORCE)")
    server.run("CREATE DATABASE empty")
    return server.url("empty")


def migrate(url: str) -> None:
    store = Store(url)
    store.upgrade()
    store.close()
