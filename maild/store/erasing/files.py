"""The file of an SQLite database, written anew so that no byte of what was erased is left in it."""

import sqlite3
from contextlib import closing

from sqlalchemy import make_url

from maild.errors import Deferred
from maild.store.database.opening import file_of

PATIENCE_SECONDS = 30.0
ATTEMPTS = 5


def write_anew(url: str) -> bool:
    """Write the index of the words and then the whole file anew, and empty its log; False: the database is no SQLite file.

    Others can neither read nor write meanwhile; they wait. Raises Deferred where somebody else would not let go of it.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return False
    try:
        with closing(sqlite3.connect(file_of(parsed), timeout=PATIENCE_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")
            connection.execute("VACUUM")
            for _ in range(ATTEMPTS):
                if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                    return True
    except sqlite3.OperationalError as error:
        raise Deferred(
            f"The database file could not be written anew ({error}): bytes of what was erased may still lie in it. "
            "Run the same command again, best while maild is stopped."
        ) from error
    raise Deferred(
        "The log of the database file could not be emptied, somebody is reading it: bytes of what was erased may still "
        "lie in it. Run the same command again, best while maild is stopped."
    )
