"""Attempt: part of a transaction that may fail without the rest of it."""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, exc

from maild.errors import MaildError, Refused, Unreadable
from maild.store.database.failures import asks_again, explain

T = TypeVar("T")

log = logging.getLogger(__name__)


def attempt(connection: Connection, work: Callable[[], T]) -> T | None:
    """Do what the transaction can do without; None: it failed, is undone, and was logged.

    It failed by a mistake of maild's, or on a damaged row. Where it is the database that is in trouble, or asks for the
    transaction once more, that is raised as ever.
    """
    part = connection.begin_nested()
    try:
        found = work()
        part.commit()
    except Exception as error:
        explained = explain(error, "the database") if isinstance(error, exc.DBAPIError) else None
        if _is_trouble(error, explained):
            raise
        part.rollback()  # raises where the database has undone all of it: what follows would be no transaction
        if isinstance(explained, Unreadable):  # the driver's words show the text, which is a mail's
            log.warning("part of a transaction undone", extra={"because": str(explained)})
        else:
            log.exception("part of a transaction undone")
        return None
    return found


def _is_trouble(error: Exception, explained: MaildError | None) -> bool:
    """Whether it is the database's, and neither a mistake of maild's nor one damaged row."""
    if not isinstance(error, exc.DBAPIError):
        return False
    return asks_again(error) or error.connection_invalidated or isinstance(explained, Refused)
