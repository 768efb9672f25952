"""A point in time that goes to SQLite without the type of a column is refused: it would be written with its zone, and Python 3.12 warns of it."""

import sqlite3
from datetime import datetime


def _refuse(moment: datetime) -> str:
    raise TypeError(f"{moment} went to SQLite without the type of a column: bindparam(..., type_=...)")


sqlite3.register_adapter(datetime, _refuse)
