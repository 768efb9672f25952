"""What the database's errors mean to the caller: again, later, or never."""

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import exc

from maild.errors import Deferred, MaildError, Refused

AGAIN = {"40001", "40P01", "55P03"}
"""serialization_failure, deadlock_detected, lock_not_available (PostgreSQL, appendix A)."""

NO_SCHEMA = {"42P01", "42703", "3F000"}
"""undefined_table, undefined_column, invalid_schema_name."""

LOCKED_OUT = {"28P01", "28000", "3D000", "42501"}
"""invalid_password, invalid_authorization_specification, invalid_catalog_name, insufficient_privilege."""

TOO_LARGE = "54"
"""Class of program_limit_exceeded: the row's fault, and asking again would stop every mail behind it for ever."""

OUR_MISTAKES = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_RANGE,
}
DISK_FULL = "The disk of {database} is full; nothing was changed, `maild run` tries again by itself. Make room."
DISK_FAILS = "{database} cannot be read or written ({error}); nothing is lost, `maild run` tries again by itself. Is its disk full, or failing?"
HELD = "{database} is held by another program; nothing was changed, `maild run` tries again by itself."
READ_ONLY = "{database} may not be written. Give the file and its folder to the user who runs maild."
ONLY_READ = "{database} can only be read: it is a standby server, or was set so. Nothing is lost, `maild run` tries again by itself."
DAMAGED = "{database} is damaged ({error}). Stop maild and restore the last backup."
NO_FILE = (
    "{database} cannot be opened: the file is not there, or its folder may not be read."
    " `maild db upgrade` makes it; otherwise look at the owner of the folder."
)

SQLITE: Mapping[int, tuple[type[Refused], str]] = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: (Deferred, HELD),
        sqlite3.SQLITE_LOCKED: (Deferred, HELD),
        sqlite3.SQLITE_FULL: (Deferred, DISK_FULL),
        sqlite3.SQLITE_IOERR: (Deferred, DISK_FAILS),
        sqlite3.SQLITE_CANTOPEN: (Refused, NO_FILE),
        sqlite3.SQLITE_READONLY: (Refused, READ_ONLY),
        sqlite3.SQLITE_PERM: (Refused, READ_ONLY),
        sqlite3.SQLITE_NOTADB: (Refused, DAMAGED),
        sqlite3.SQLITE_CORRUPT: (Refused, DAMAGED),
    }
)

POSTGRESQL: Mapping[str | None, str] = MappingProxyType({"53100": DISK_FULL, "53200": DISK_FULL, "25006": ONLY_READ})
"""disk_full, out_of_memory, read_only_sql_transaction: all of them pass."""

# libpq gives no SQLSTATE for a failed log-in, only the server's words.
LOCKED_OUT_WORDS = ("password authentication failed", "no password supplied", "does not exist", "pg_hba.conf")


def asks_again(error: exc.DBAPIError) -> bool:
    """Whether the database undid the transaction only because another one was in its way."""
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error.orig) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return _state(error) in AGAIN


def explain(error: exc.SQLAlchemyError, database: str) -> MaildError | None:
    """Give the error that says what to do about a database in trouble; None: a mistake in maild's own statements."""
    if isinstance(error, exc.TimeoutError):
        return Deferred(
            f"All connections to {database} are in use; nothing was changed, `maild run` tries again by itself."
        )
    if not isinstance(error, exc.DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _explain_sqlite(error.orig, database)
    return _explain_postgresql(error, database)


def _explain_sqlite(error: sqlite3.Error, database: str) -> MaildError | None:
    if "no such table" in str(error) or "no such column" in str(error):
        return _not_migrated(database)
    code = _sqlite_code(error)
    if code is None or code in OUR_MISTAKES:
        return None
    if code not in SQLITE:
        return _unknown(error, database)
    kind, words = SQLITE[code]
    return kind(words.format(database=database, error=error))


def _explain_postgresql(error: exc.DBAPIError, database: str) -> MaildError | None:
    state, words = _state(error), _first_line(error.orig)
    if state in NO_SCHEMA:
        return _not_migrated(database)
    if state is not None and state.startswith(TOO_LARGE):
        return None
    if state in POSTGRESQL:
        return Deferred(POSTGRESQL[state].format(database=database))
    if state in LOCKED_OUT or (state is None and any(some in words for some in LOCKED_OUT_WORDS)):
        return Refused(f"{database} refuses us: {words}. Look at [database] url and its password.")
    if isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated:
        return _unknown(error.orig, database)
    return None


def _not_migrated(database: str) -> Refused:
    return Refused(f"{database} does not have the tables of this version of maild. Run `maild db upgrade`.")


def _unknown(error: BaseException | None, database: str) -> Deferred:
    return Deferred(
        f"{database} does not answer ({_first_line(error)}); nothing is lost, `maild run` tries again by itself. Is the server up?"
    )


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _state(error: exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _sqlite_code(error: sqlite3.Error) -> int | None:
    """Give the primary result code: the low byte (sqlite.org/rescode.html)."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
