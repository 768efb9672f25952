"""Arrivals in tests of the store."""

from datetime import timedelta

from sqlalchemy import func, select

from maild.store.engine import Store
from maild.store.incoming import waiting
from maild.store.tables import mails, sources
from tests.support.rows import LONG, an_arrival, stored


def claim(store: Store, *, holder: str = "me", lease: timedelta = LONG, limit: int = 100) -> list[waiting.Waiting]:
    return store.transact(lambda c: waiting.claim_mails(c, holder=holder, lease=lease, limit=limit))


def count(store: Store) -> tuple[int, int]:
    """How many mails and sources there are."""
    with store.read() as connection:
        rows = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (mails, sources))
        return next(rows), next(rows)


def outcome(store: Store, mail_id: int) -> tuple[str | None, str | None]:
    with store.read() as connection:
        row = connection.execute(select(mails.c.outcome, mails.c.because).where(mails.c.id == mail_id)).one()
        return row.outcome, row.because


def a_held_mail(store: Store, **difference: object) -> int:
    mailbox = stored(store, an_arrival(held="its header is a bomb", **difference))
    with store.read() as connection:
        mail_id: int = connection.execute(select(mails.c.id).where(mails.c.mailbox_id == mailbox)).scalar_one()
        return mail_id
