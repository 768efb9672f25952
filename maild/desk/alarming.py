"""Raise an alarm: the leads are told by mail what maild cannot mend by itself, once a day about one thing."""

import logging

from maild.desk.once import id_once, write_once
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.replies.alarm import KIND, Topic, compose_alarm

log = logging.getLogger(__name__)


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
