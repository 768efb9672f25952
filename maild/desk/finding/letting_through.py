"""Let through: words of a held mail go to those who were named when their author was asked, or they are asked anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.desk.finding.hearing import Spoken, hear
from maild.desk.finding.reaching import readers
from maild.desk.finding.speaking import find_speaker, guarded_numbers
from maild.desk.finding.tapping import speaker_at
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.authority import find_doubt, find_reach, read_reach
from maild.process.decision import Findings
from maild.process.plan import Plan
from maild.store.desk.actions import find_asked, find_confirmed
from maild.store.desk.guarded import changed_since


def with_readers(transaction: Transaction, placed_at: datetime | None, spoken: Spoken, findings: Findings) -> Findings:
    """Who would get the words, where their author is asked about it; and whether what they were asked still holds."""
    if placed_at is not None:
        return _placed(transaction, placed_at, spoken, findings)
    if findings.tap is not None and not findings.tap.is_by_owner:
        return replace(findings, readers=_readers_of_tap(transaction, spoken))
    if findings.ticket is None or not isinstance(findings.orders, Plan) or not findings.orders.public_words:
        return findings
    number = findings.ticket.number
    reaches = guarded_numbers(transaction, number) if findings.orders.is_shared else ()
    changed_at = _changed_at(transaction, spoken, number, reaches)
    asked = _asked(transaction, spoken, findings, changed_at)
    is_question = bool(findings.leaks) or find_doubt(findings, transaction.rules) is not None
    if not (is_question or changed_at or asked or findings.is_released):
        return findings
    named = replace(findings, readers=readers(transaction, findings.ticket, findings.orders))
    if is_question or _holds(find_reach(named), asked):
        return named
    return replace(named, is_released=False, is_asked_anew=True)


def _changed_at(transaction: Transaction, spoken: Spoken, number: int, reaches: Sequence[int]) -> datetime | None:
    """When others first came to get it, without its author's doing."""
    by = spoken.person.keys if spoken.person else ()
    return changed_since(transaction.connection, spoken.mail_id, ticket=number, reaches=reaches, by=by)


def _asked(transaction: Transaction, spoken: Spoken, findings: Findings, changed_at: datetime | None) -> list[str]:
    """The questions that its author has answered, in whatever ticket: it may have been merged since.

    Without an answer it comes in again only where an operator retries it: then the first one, if those whom its author wrote
    for were the only ones that could be named yet. What was asked anew, or after others came, needs its answer.
    """
    if findings.is_released:
        return find_confirmed(transaction.connection, spoken.mail_id)
    return find_asked(transaction.connection, spoken.mail_id, before=changed_at)


def _placed(transaction: Transaction, placed_at: datetime, spoken: Spoken, findings: Findings) -> Findings:
    """Own words that have been placed are let through by what was confirmed since then, if that is what would happen still."""
    named = replace(findings, readers=readers(transaction, findings.ticket, findings.orders))
    placed = replace(named, is_placed=True, is_released=False)
    if findings.ticket is None:
        return placed
    number = findings.ticket.number
    confirmed = find_confirmed(transaction.connection, spoken.mail_id, ticket=number, since=placed_at)
    return named if _holds(find_doubt(placed, transaction.rules), confirmed) else placed


def _holds(reach: str | None, asked: list[str]) -> bool:
    """Whether one of the questions named the very addresses, however they are spelt; what is refused goes to nobody."""
    return any(reach is None or read_reach(because) == read_reach(reach) for because in asked)


def _readers_of_tap(transaction: Transaction, spoken: Spoken) -> tuple[str, ...]:
    """Who would get the words below a tap from another address, once its owner has let it through."""
    tap = spoken.tap
    owner = speaker_at(transaction.rules.team, Address(address=tap.person)) if tap else None
    if tap is None or owner is None or spoken.ticket is None or not tap.takes_words:
        return ()
    ticket, is_shared = find_speaker(transaction, owner, spoken.ticket, spoken.clues)
    theirs = replace(spoken, person=owner, ticket=ticket, tap=replace(tap, is_by_owner=True), is_shared=is_shared)
    return readers(transaction, ticket, hear(transaction, theirs).orders)
