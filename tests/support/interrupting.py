"""Cut the power before a statement: a transaction that ends there has left nothing behind."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import event

from maild.classify.verdict import Verdict
from maild.mail.message import Mail
from maild.store.engine import Connection, Store
from maild.store.tables import metadata
from tests.support.desks import TECHNICAL, Desk
from tests.support.making import NOON


class PowerCut(Exception):
    """The process ends here."""


def seen(desk: Desk) -> dict[str, list[str]]:
    """Every row of every table."""
    names = [table.name for table in metadata.sorted_tables]
    return {name: sorted(map(str, desk.rows(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608 - our own names


def interrupted(store: Store, work: Callable[[Connection], object], after: int) -> bool:
    """Do it in one transaction, with an end after so many statements; whether it came to that end."""
    done = 0

    def cut(*_: object) -> None:
        nonlocal done
        done += 1
        if done > after:
            raise PowerCut

    def act(connection: Connection) -> None:
        event.listen(connection, "before_cursor_execute", cut)
        work(connection)

    try:
        store.transact(act, serial=True)
    except PowerCut:
        return True
    return False


def intake_interrupted(
    desk: Desk, mail: Mail, after: int, verdicts: Sequence[Verdict] = TECHNICAL, now: datetime = NOON
) -> bool:
    """Take the mail in, with an end after so many statements; whether it came to that end, and the mail waits again."""
    number = desk.uid
    is_over = interrupted(desk.store, lambda connection: desk.take_in(connection, [mail], verdicts, now), after)
    if is_over:
        desk.uid = number
    return is_over
