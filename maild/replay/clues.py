"""Clues of a past mail to what the desk had written, and the same mail with clues that a desk on trial understands. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from maild.mail.message import Address, Mail
from maild.process.desk import Desk
from maild.process.thread import find_clues
from maild.process.token import read_subject_tags, subject_tag
from maild.store.replaying import Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """By what a mail names mails of the desk."""

    message_ids: frozenset[str]
    tokens: frozenset[str]
    is_tap: bool
    """It carries a one-tap action, which belongs to the desk that offered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a past mail answers of all that the desk had written."""

    desk: Desk
    """The one that it was written to."""

    by_id: Mapping[str, Answered]
    """Message-ID of the desk's mail to that mail."""


def find_pointers(mail: Mail, desk: Desk) -> Pointers:
    """Read them; nothing is believed yet."""
    clues = find_clues(mail, desk)
    return Pointers(
        message_ids=frozenset(clues.message_ids),
        tokens=frozenset(clue.token for clue in clues.tokens),
        is_tap=bool(clues.actions),
    )


def point_to(mail: Mail, desk: Desk, message_ids: Sequence[str], *, ours: Iterable[str]) -> Mail:
    """The mail as an answer to these Message-IDs instead of to `ours`; its tokens and our numbers are taken off."""
    gone = set(ours)
    kept = tuple(known for known in mail.references if known not in gone)
    answered = tuple(known for known in mail.in_reply_to if known not in gone)
    return replace(
        mail,
        in_reply_to=(*message_ids, *answered),
        references=(*kept, *message_ids),
        to=tuple(_plain(address, desk) for address in mail.to),
        cc=tuple(_plain(address, desk) for address in mail.cc),
        delivered_to=tuple(_plain_address(address, desk) for address in mail.delivered_to),
        subject=_without_tags(mail.subject, desk.prefix),
    )


def _plain(address: Address, desk: Desk) -> Address:
    plain = _plain_address(address.address, desk)
    return address if plain == address.address else replace(address, address=plain)


def _plain_address(address: str, desk: Desk) -> str:
    """Our own address without what stands behind its separator."""
    if not desk.owns(address):
        return address
    local, at, domain = address.rpartition("@")
    return f"{local.partition(desk.subaddress or '+')[0]}{at}{domain}"


def _without_tags(subject: str, prefix: str) -> str:
    for number, token in read_subject_tags(subject, prefix):
        subject = subject.replace(subject_tag(prefix, number, token), "")
    return " ".join(subject.split())
