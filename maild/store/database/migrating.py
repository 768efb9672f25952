"""Migrations: the tables of an older maild become those of this one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, inspect, make_url, text

from maild.errors import Refused
from maild.store.database.opening import WRITES, file_of, make_file, open_engine
from maild.store.database.standing import FOLDER, VERSION_TABLE

UPGRADE_LOCK = 0x7570677261646521
"""Key of the advisory lock under which one process migrates and the others wait."""


def upgrade(url: str, password: str | None) -> None:
    """Run all migrations in one transaction; who comes second finds nothing to do.

    Raises Refused when the tables belong to a newer maild.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        make_file(file_of(parsed))
    with _connected(url, password, is_upgrade=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        _refuse_newer(connection)
        command.upgrade(configuration(connection), "head")
        _check_references(connection)
        connection.commit()


def is_behind(url: str, password: str | None) -> bool:
    """Whether migrations are waiting."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not file_of(parsed).exists():
        return True
    with _connected(url, password, is_upgrade=False) as connection:
        _refuse_newer(connection)
        return standing_of(connection) != _newest().get_current_head()


def configuration(connection: Connection) -> Config:
    """Give alembic's configuration; there is no alembic.ini, because the wheel has no place for one."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connected(url: str, password: str | None, *, is_upgrade: bool) -> Iterator[Connection]:
    engine = open_engine(url, password, for_migration=is_upgrade)
    try:
        with engine.connect() as plain:
            yield plain.execution_options(**{WRITES: is_upgrade})
    finally:
        engine.dispose()


def refuse_unknown(standing: str | None, what: str) -> None:
    """Raises Refused for tables of a newer maild; `what` has them."""
    try:
        _newest().get_revision(standing or "head")
    except CommandError as error:
        raise Refused(
            f"{what} was written by a newer maild (its tables are at {standing}). Install that version again."
        ) from error


def _refuse_newer(connection: Connection) -> None:
    refuse_unknown(standing_of(connection), "The database")


def standing_of(connection: Connection) -> str | None:
    """The version of the tables; None where there are none yet.

    Raises Refused where nothing tells it: to migrate from a version that was guessed would break them.
    """
    found, tables = (
        MigrationContext.configure(connection).get_current_heads(),
        set(inspect(connection).get_table_names()),
    )
    if len(found) == 1:
        return found[0]
    if not found and "mails" not in tables:
        return None
    told = f"has {len(found)} rows ({', '.join(sorted(found))})" if found else "has no row"
    raise Refused(
        f"{_place(connection.engine.url)}: alembic_version, a table whose one row says which version the others have, "
        f"{told if VERSION_TABLE in tables else 'is not there'}; nothing was changed. Put a backup back (maild restore FILE). "
        f"Or, if you know the version, write it there as its one row: {_newest().get_current_head()} is that of this maild."
    )


def _place(url: URL) -> str:
    """Name a database without its password."""
    database = (url.database or "").removeprefix("file:")
    return f"The database {unquote(database)}" + (f" on {url.host}" if url.host else "")


def _newest() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))


def _check_references(connection: Connection) -> None:
    # Foreign keys are off while tables are rebuilt on SQLite; what is broken must not be committed.
    if connection.dialect.name == "sqlite":
        broken: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
        if broken:
            raise Refused(f"The migration would have broken {len(broken)} references; the database is unchanged.")
