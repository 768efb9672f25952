"""Raise an alarm: the leads are told by mail what maild cannot mend by itself, once a day about one thing."""

import logging

from maild.desk.telling.once import id_once, write_once
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.replies.alarm import KIND, Topic, compose_alarm
from maild.replies.flood import compose_flood
from maild.store.incoming.waiting import count_waiting

log = logging.getLogger(__name__)

_FLOOD = "alarms of a flood"


def raise_alarm(transaction: Transaction, topic: Topic, key: str, named: str, because: str) -> int:
    """Write to each lead what stands still; the number of leads. A second alarm of a day about one `key` is none."""
    voice, now = transaction.voice, transaction.now
    leads = transaction.rules.team.leads
    for lead in leads:
        what, address = f"alarm {key} {now:%Y-%m-%d}", lead.addresses[0]
        message_id = id_once(what, address, voice.desk.domain)
        recipient = Address(address=address, name=lead.name)
        mail = compose_alarm(topic, named, because, voice, recipient=recipient, message_id=message_id, now=now)
        write_once(transaction, mail, KIND, to=address, what=what, message_id=message_id)
    log.error("alarm raised", extra={topic.value: named, "because": because})
    return len(leads)


def raise_flood(transaction: Transaction, because: str) -> None:
    """Write to each lead, once a day, that so much mail comes that answers are withheld."""
    limits, tallies, now = transaction.rules.policy.limits, transaction.tallies, transaction.now
    # The day is asked of the outbox only where this hour has not told it: what is withheld may be thousands.
    if limits.is_reached(1, tallies.look_up([_FLOOD])[_FLOOD], now):
        return
    tallies.count_up([_FLOOD])
    voice, waiting = transaction.voice, count_waiting(transaction.connection)
    for lead in transaction.rules.team.leads:
        what, address = f"flood {now:%Y-%m-%d}", lead.addresses[0]
        message_id = id_once(what, address, voice.desk.domain)
        recipient = Address(address=address, name=lead.name)
        mail = compose_flood(because, waiting, voice, recipient=recipient, message_id=message_id, now=now)
        write_once(transaction, mail, KIND, to=address, what=what, message_id=message_id)
    log.error("alarm raised", extra={"because": because, "waiting": waiting})
