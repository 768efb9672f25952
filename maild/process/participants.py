"""Participants: who of the client's side a mail names beside its author. Pure."""

import re

from maild.mail.message import Address, Mail
from maild.process.rules import Rules

MOST_NAMED = 20
"""More is a mailing, not a conversation."""

_MACHINE = re.compile(
    r"(?:no|do[._-]?not|ne)[._-]?(?:reply|respond|antwort\w*|pas[._-]?repondre)|mailer-daemon|postmaster|bounces?|listserv|majordomo"
)


def named_beside(mail: Mail, author: Address | None, rules: Rules) -> tuple[Address, ...]:
    """The people in To and Cc who may belong to the client: nobody of the house, no list, no machine; each once."""
    named = {address.key: address for address in (*mail.to, *mail.cc)}
    found = [
        each for key, each in named.items() if (author is None or key != author.key) and _is_outside(each, mail, rules)
    ]
    return tuple(found) if len(found) <= MOST_NAMED else ()


def _is_outside(address: Address, mail: Mail, rules: Rules) -> bool:
    if rules.desk.gets(address.address) or rules.team.at(address.address):
        return False
    return address.key != (mail.facts.list_post or "") and not _MACHINE.fullmatch(address.key.partition("@")[0])
