"""SQLite's own way to write a point in time is refused, as Python 3.12 begins to: what passes a column's type by keeps its zone."""

import sqlite3
from datetime import datetime


def _refuse(moment: datetime) -> str:
    raise TypeError(f"{moment} went to SQLite without the type of a column: bindparam(..., type_=...)")


sqlite3.register_adapter(datetime, _refuse)
