"""Raise an alarm: the leads are told by mail what maild cannot mend by itself, once a day about one thing."""

import logging

from maild.desk.once import id_once, write_once
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.replies.alarm import KIND, compose_alarm

log = logging.getLogger(__name__)


def raise_alarm(transaction: Transaction, mailbox_id: int, mailbox: str, because: str) -> int:
    """Write to each lead that a mailbox cannot be opened; the number of leads. A second alarm of a day is none."""
    voice, now = transaction.voice, transaction.now
    leads = transaction.rules.team.leads
    for lead in leads:
        what, address = f"alarm {mailbox_id} {now:%Y-%m-%d}", lead.addresses[0]
        message_id = id_once(what, address, voice.desk.domain)
        recipient = Address(address=address, name=lead.name)
        mail = compose_alarm(mailbox, because, voice, recipient=recipient, message_id=message_id, now=now)
        write_once(transaction, mail, KIND, to=address, what=what, message_id=message_id)
    log.error("alarm raised", extra={"mailbox": mailbox, "because": because})
    return len(leads)
