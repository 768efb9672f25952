"""SQLite: its file copied by its own backup API, page by page, as of one moment."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from maild.errors import Refused
from maild.store.database.opening import make_file
from maild.store.keys import LEFT_OUT

NAME = "maild.db"
PATIENCE_SECONDS = 1.0
"""For somebody who is reading what is going to be moved aside."""

_BESIDE = ("-wal", "-shm")
"""Files of an SQLite database that stands open, or was not closed."""


def copy_database(source: Path, folder: Path, *, with_secrets: bool) -> list[Path]:
    """Copy the database into the folder. Raises Refused where it cannot be read or the copy is damaged."""
    target = folder / NAME
    make_file(target)
    try:
        with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")
            if not with_secrets:
                writing.execute("PRAGMA secure_delete = ON")  # no byte of them may be left in the file
                writing.execute("UPDATE secrets SET key = ?", (LEFT_OUT,))
                writing.commit()
            (found,) = writing.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise Refused(f"The database {source} cannot be copied: {error}. No backup was made.") from error
    if found != "ok":
        raise Refused(f"The database {source} is damaged ({found}). No backup was made; keep the older ones.")
    return [target]


def put_back(target: Path, folder: Path, *, aside: str) -> Path | None:
    """Put the copy in place, whole or not at all; what was there is moved aside, and its new path is the answer."""
    make_file(target)
    moved = None
    coming = target.with_name(f"{target.name}.coming")
    with closing(sqlite3.connect(folder / NAME)) as reading, closing(sqlite3.connect(coming)) as writing:
        reading.backup(writing)
    coming.chmod(0o600)
    _sync(coming)
    if target.stat().st_size:
        moved = target.with_name(f"{target.name}.{aside}")
        is_whole = _empty_log(target)
        os.link(target, moved)
        if not is_whole:
            _move_log(target, moved)
    for suffix in _BESIDE:
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    coming.replace(target)
    _sync(target.parent)
    return moved


def _empty_log(target: Path) -> bool:
    """Write what stands in the log into the file; False: that cannot be done, the file is damaged, say."""
    try:
        with closing(sqlite3.connect(target, timeout=PATIENCE_SECONDS)) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        return False
    return not busy


def _move_log(target: Path, moved: Path) -> None:
    """It belongs to the file that was moved aside: together they are all that was there."""
    for suffix in _BESIDE:
        log = target.with_name(target.name + suffix)
        if log.exists():
            log.rename(moved.with_name(moved.name + suffix))


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
