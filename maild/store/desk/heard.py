"""What was said in a ticket: by its client, and to and by anybody."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select

from maild.process.ticket import Role
from maild.store.tables import mails, outbox, participants

_FROM_CLIENT = ("ticket", "follow_up", "hand_off")
"""Outcomes of mails of the client's side; of the house, only another team's receipt has one of them."""

# Who only took part in a ticket that was merged into this one is not quoted to those who take part here.
_TAKES_PART = func.lower(mails.c.author).in_(
    select(participants.c.address).where(
        participants.c.ticket_id == bindparam("number"), participants.c.role == Role.CLIENT.value
    )
)
_HEARD = select(mails.c.new_text).where(
    mails.c.ticket_id == bindparam("number"),
    mails.c.outcome.in_(_FROM_CLIENT),
    mails.c.new_text.is_not(None),
    _TAKES_PART,
)


_TOLD = select(outbox.c.new_text).where(
    outbox.c.ticket_id == bindparam("number"), outbox.c.recipient.in_(bindparam("addresses", expanding=True))
)
_SAID = select(mails.c.new_text).where(
    mails.c.ticket_id == bindparam("number"),
    mails.c.new_text.is_not(None),
    func.lower(mails.c.author).in_(bindparam("keys", expanding=True)),
)


def read_told(connection: Connection, number: int, addresses: Sequence[str]) -> list[str]:
    """What we wrote to one of these addresses about the ticket, and what came from them: what they may quote."""
    told = connection.scalars(_TOLD, {"number": number, "addresses": list(addresses)})
    said = connection.scalars(_SAID, {"number": number, "keys": [each.lower() for each in addresses]})
    return [*told, *said]


def read_heard(connection: Connection, number: int) -> list[str]:
    """New texts of the mails by which the client's side spoke in the ticket, oldest first."""
    return list(connection.scalars(_HEARD.order_by(mails.c.id), {"number": number}))
