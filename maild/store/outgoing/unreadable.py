"""Due mails with a text whose bits have changed: each is held alone, like one whose bytes are damaged. Only SQLite gives such texts back."""

from collections.abc import Iterable

from sqlalchemy import Connection, exc, select, update

from maild.store.database.failures import is_undecodable
from maild.store.tables import outbox

ANSWER = "its row in the database is damaged: a text cannot be read"


def hold_unreadable(connection: Connection, numbers: Iterable[int]) -> None:
    """Hold those of these rows that cannot be read."""
    damaged = [number for number in numbers if not _is_readable(connection, number)]
    held = {"state": "held", "answer": ANSWER, "lease_holder": None, "lease_until": None}
    connection.execute(update(outbox).where(outbox.c.id.in_(damaged)).values(held))


def _is_readable(connection: Connection, number: int) -> bool:
    try:
        connection.execute(select(outbox).where(outbox.c.id == number)).one()
    except exc.DBAPIError as error:
        if not is_undecodable(error):
            raise
        return False
    return True
