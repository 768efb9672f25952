"""Raise an alarm: the leads are told by mail what maild cannot mend by itself, once a day about one thing."""

import logging

from maild.desk.telling.once import write_to_leads
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.replies.alarm import KIND, Topic, compose_alarm
from maild.replies.flood import compose_flood
from maild.replies.reply import HouseMail
from maild.store.incoming.waiting import count_waiting

log = logging.getLogger(__name__)

_FLOOD = "alarms of a flood"


def raise_alarm(transaction: Transaction, topic: Topic, key: str, named: str, because: str) -> None:
    """Write to each lead what stands still. A second alarm of a day about one `key` is none."""
    voice, now = transaction.voice, transaction.now

    def compose(recipient: Address, message_id: str) -> HouseMail:
        return compose_alarm(topic, named, because, voice, recipient=recipient, message_id=message_id, now=now)

    write_to_leads(transaction, KIND, f"alarm {key} {now:%Y-%m-%d}", compose)
    log.error("alarm raised", extra={topic.value: named, "because": because})


def raise_flood(transaction: Transaction, because: str) -> None:
    """Write to each lead, once a day, that so much mail comes that answers are withheld."""
    # The day is asked of the outbox only where this hour has not told it: what is withheld may be thousands.
    if not transaction.count_in(_FLOOD, most=1):
        return
    voice, now, waiting = transaction.voice, transaction.now, count_waiting(transaction.connection)

    def compose(recipient: Address, message_id: str) -> HouseMail:
        return compose_flood(because, waiting, voice, recipient=recipient, message_id=message_id, now=now)

    write_to_leads(transaction, KIND, f"flood {now:%Y-%m-%d}", compose)
    log.error("alarm raised", extra={"because": because, "waiting": waiting})
