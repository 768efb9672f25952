"""Attempt: part of a transaction that may fail without the rest of it."""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, exc

from maild.errors import Refused
from maild.store.database.failures import asks_again, explain

T = TypeVar("T")

log = logging.getLogger(__name__)


def attempt(connection: Connection, work: Callable[[], T]) -> T | None:
    """Do what the transaction can do without; None: it failed by a mistake of maild's, which is logged, and is undone.

    Where it is the database that is in trouble, or asks for the transaction once more, that is raised as ever.
    """
    part = connection.begin_nested()
    try:
        found = work()
        part.commit()
    except Exception as error:
        if _is_trouble(error):
            raise
        part.rollback()  # raises where the database has undone all of it: what follows would be no transaction
        log.exception("part of a transaction undone")
        return None
    return found


def _is_trouble(error: Exception) -> bool:
    """Whether it is no mistake of maild's."""
    if not isinstance(error, exc.DBAPIError):
        return False
    return asks_again(error) or error.connection_invalidated or isinstance(explain(error, ""), Refused)
