"""PostgreSQL: each table copied out in one REPEATABLE READ transaction, and copied in again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from maild.errors import Deferred, Refused
from maild.store.database.failures import explain
from maild.store.database.opening import open_engine
from maild.store.database.standing import VERSION_TABLE
from maild.store.keys import LEFT_OUT
from maild.store.tables import secrets

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection

REVISION = "revision"
BLOCK = 1 << 20


def copy_database(url: str, password: str | None, folder: Path, *, with_secrets: bool) -> list[Path]:
    """Write a file for each table, as of one moment, and one with the revision of the tables. Raises Refused or Deferred."""
    from maild.store.database.migrating import standing_of

    with _connected(url, password) as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        revision = standing_of(connection)
        files = [_write(folder / REVISION, str(revision).encode())]
        for table in _tables(connection):
            columns = _columns(connection, table)
            with (
                _raw(connection).cursor() as cursor,
                (folder / f"{table}.copy").open("wb") as file,
                cursor.copy(f"COPY {_source(table, columns, with_secrets=with_secrets)} TO STDOUT") as copy,
            ):
                for block in copy:
                    file.write(block)
            files += [_write(folder / f"{table}.columns", columns.encode()), folder / f"{table}.copy"]
    return files


def put_back(url: str, password: str | None, folder: Path, then: "Callable[[Connection], None]") -> None:
    """Fill an empty database, bring it to this version and do `then`, in one transaction. Raises Refused for one that is not."""
    from maild.store.database.migrating import configuration, refuse_unknown

    with _connected(url, password) as connection:
        if inspect(connection).get_table_names():
            raise Refused(
                "The database is not empty; nothing was changed. Make an empty one, and name it in [database] url."
            )
        from alembic import command

        revision = (folder / REVISION).read_text().strip()
        refuse_unknown(revision, "The backup")
        command.upgrade(configuration(connection), revision)
        for table in _tables(connection):
            _fill(connection, table, folder)
        command.upgrade(configuration(connection), "head")
        then(connection)
        connection.commit()


def _fill(connection: "Connection", table: str, folder: Path) -> None:
    """Rows in, and the sequence of the ids behind them."""
    connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own name
    columns = (folder / f"{table}.columns").read_text()
    with (
        _raw(connection).cursor() as cursor,
        (folder / f"{table}.copy").open("rb") as file,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        while block := file.read(BLOCK):
            copy.write(block)
    has_sequence = '"id"' in columns.split(", ") and connection.scalar(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table}
    )
    if has_sequence:
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) > 0")  # noqa: S608
        )


def _source(table: str, columns: str, *, with_secrets: bool) -> str:
    """What is copied: a table, but for the keys that nobody asked for."""
    if table != secrets.name or with_secrets:
        return f"{table} ({columns})"
    shown = columns.replace(f'"{secrets.c.key.name}"', f"decode('{LEFT_OUT.hex()}', 'hex')")
    return f"(SELECT {shown} FROM {table})"  # noqa: S608 - our own names


def _tables(connection: "Connection") -> list[str]:
    """Ours, those first to which others refer."""
    ordered = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in ordered if name is not None and name != VERSION_TABLE]


def _columns(connection: "Connection", table: str) -> str:
    return ", ".join(f'"{column["name"]}"' for column in inspect(connection).get_columns(table))


def _raw(connection: "Connection") -> "psycopg.Connection[Any]":
    raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return raw


@contextmanager
def _connected(url: str, password: str | None) -> "Iterator[Connection]":
    import psycopg

    engine = open_engine(url, password, for_migration=True)
    name = make_url(url).render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        if (explained := explain(error, name)) is None:
            raise
        raise explained from error
    except psycopg.Error as error:  # of a COPY, which SQLAlchemy does not know
        raise Deferred(f"{name} broke off ({str(error).strip().splitlines()[0]}); nothing was changed.") from error
    finally:
        engine.dispose()


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
