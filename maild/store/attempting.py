"""Attempt: part of a transaction that may fail without the rest of it."""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, exc

from maild.store.failures import asks_again, explain

T = TypeVar("T")

log = logging.getLogger(__name__)


def attempt(connection: Connection, work: Callable[[], T]) -> T | None:
    """Do what the transaction can do without; None: it failed by a mistake of maild's, which is logged, and is undone.

    Where it is the database that is in trouble, or asks for the transaction once more, that is raised as ever.
    """
    try:
        with connection.begin_nested():
            return work()
    except exc.DBAPIError as error:
        if asks_again(error) or error.connection_invalidated or explain(error, "") is not None:
            raise
        log.exception("part of a transaction undone")
    except Exception:
        log.exception("part of a transaction undone")
    return None
