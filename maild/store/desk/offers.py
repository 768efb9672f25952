"""Offers: the one-tap actions of a mail, kept in one row until the link of one of them comes back."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from maild.store.database.adding import add_missing
from maild.store.database.batching import batched
from maild.store.database.together import Writer
from maild.store.tables import actions, offers

_ADD = batched(insert(offers))
_OF_TICKET = select(offers).where(offers.c.ticket_id == bindparam("ticket")).order_by(offers.c.id.desc())


def add_offers(writer: Writer, orders: Mapping[str, str], *, ticket: int, person: str, now: datetime) -> None:
    """Remember what a mail about the ticket offers; `orders`: token to commands; `person`: as in Action.

    In the transaction that writes the mail. A row for each would be a dozen for a new ticket, at random places of an index.
    """
    if orders:
        written = json.dumps(orders, ensure_ascii=False)
        writer.execute(_ADD, {"ticket_id": ticket, "person": person, "orders": written, "made_at": now})


def take_up(connection: Connection, taps: Mapping[str, int]) -> None:
    """Make actions of those tokens that were offered in the ticket that their link names; others are left alone."""
    for number in sorted(set(taps.values())):
        for row in connection.execute(_OF_TICKET, {"ticket": number}).all():
            orders = json.loads(row.orders)
            common = {"ticket_id": number, "person": row.person, "mail_id": None, "made_at": row.made_at}
            wanted = [token for token, of in taps.items() if of == number and token in orders]
            add_missing(connection, actions, [{**common, "token": each, "orders": orders[each]} for each in wanted])
