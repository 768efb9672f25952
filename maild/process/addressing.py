"""Addressing: whether a proven mail was written to the desk, and is not one to somebody else that they have sent again. Pure.

Whoever gets a signed mail can send it to the desk, and add fields that it does not sign, such as those that name a thread.
"""

import re
from collections.abc import Iterator

from maild.mail.marks import FORWARDED
from maild.mail.message import Address, Mail
from maild.process.desk import Desk
from maild.process.rules import Rules
from maild.process.signature import covers, read_signatures
from maild.process.token import read_numbers
from maild.process.trust import came_straight

NOT_ADDRESSED = "it names no address of the desk in To or Cc, or its signature does not cover that: it may be an old message to somebody else that was sent again"
NOT_ABOUT = "its signature does not cover To, and its subject is not that of an answer to one of our mails: it may be an old message to somebody else that was sent again"

_HANDED_ON = re.compile(rf"(?<!\w){FORWARDED}", re.IGNORECASE)
"""Also below the mark of an answer to that."""


def find_doubt_of_addressing(mail: Mail, author: Address, rules: Rules, *, opens: bool = False) -> str | None:
    """Why a mail that our server vouches for need not have been written to the desk by its author; None: it was.

    `opens`: it is the first of its ticket, and need not say in its subject of which one it is.
    """
    fields = list(_fields_that_name(mail, rules.desk))
    if not fields:
        return NOT_ADDRESSED
    if came_straight(mail, author.domain, rules.trust):
        return None
    signatures = read_signatures(mail.headers, author.domain)
    if any(covers(signatures, mail.headers, field) for field in fields):
        return None
    if any(each.fields["to"] for each in signatures):
        return NOT_ADDRESSED
    return None if opens or _is_answer(mail.subject, rules.desk) else NOT_ABOUT


def _fields_that_name(mail: Mail, desk: Desk) -> Iterator[str]:
    for field, addresses in (("to", mail.to), ("cc", mail.cc)):
        if any(desk.gets(each.address) for each in addresses):
            yield field


def _is_answer(subject: str, desk: Desk) -> bool:
    """Whether it names a ticket, as every answer to a mail of ours does, and was not handed on before."""
    before, _, _ = subject.casefold().partition(f"{desk.prefix}-".casefold())
    return bool(read_numbers(subject, desk.prefix)) and not _HANDED_ON.search(before)
