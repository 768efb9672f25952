"""Answer a tap in the question whose ticket it is that did nothing; with a ticket, the ticket's own mails do."""

import logging

from maild.desk.finding.arrival import Arrival
from maild.desk.finding.placing import NEW
from maild.desk.finding.tapping import speaker_at
from maild.desk.telling.house_row import write_to_house
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.house import FOLLOW, OWN
from maild.process.tap import Tap
from maild.replies.idle_tap import KIND, IdleTap, compose_idle_tap
from maild.store.incoming.findings import subject_of

log = logging.getLogger(__name__)


def answer_tap(transaction: Transaction, arrival: Arrival, tap: Tap, because: str) -> None:
    """Write to its owner at their configured address why it did nothing; not without end."""
    owner = speaker_at(transaction.rules.team, Address(address=tap.person))
    if owner is None or _is_too_much(transaction, Address(address=owner.addresses[0])):
        return
    word, detail = _answer(transaction, tap.orders)
    idle = IdleTap(
        message_id=f"<idle.{arrival.mail_id}@{transaction.rules.desk.domain}>",
        recipient=Address(address=owner.addresses[0], name=owner.name),
        subject=subject_of(transaction.connection, tap.mail) or "" if tap.mail is not None else "",
        word=word,
        detail=detail,
        because=because,
        is_from_elsewhere=not tap.is_by_owner,
        now=transaction.now,
    )
    written = compose_idle_tap(idle, transaction.voice)
    to, message_id = idle.recipient.address, idle.message_id
    write_to_house(transaction, written, KIND, to=to, message_id=message_id, mail_id=tap.mail)


def _is_too_much(transaction: Transaction, owner: Address) -> bool:
    """Whether they got enough of these within an hour; counted apart, or taps that are replayed would withhold questions."""
    limits = transaction.rules.policy.limits
    names = limits.names_of_refusal(owner, "no ticket")
    if limits.exceeded(names, transaction.tallies.look_up(names), transaction.now) is not None:
        log.warning("answer to a tap withheld", extra={"recipient": owner.address})
        return True
    transaction.tallies.count_up(names)
    return False


def _answer(transaction: Transaction, orders: str) -> tuple[str, str]:
    """Word and detail of the offer that gave these orders."""
    for word, begins in (("own", OWN), ("follow", FOLLOW)):
        if orders.startswith(begins):
            return word, transaction.rules.desk.show(int(orders.removeprefix(begins)))
    return ("new", orders.removeprefix(NEW)) if orders.startswith(NEW) else ("nothing", "")
