"""Let through: words of a held mail go to those who were named when their author was asked, or they are asked anew."""

from dataclasses import replace
from datetime import datetime

from maild.desk.finding.hearing import Spoken, hear
from maild.desk.finding.reaching import readers
from maild.desk.finding.speaking import find_speaker
from maild.desk.finding.tapping import speaker_at
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.authority import find_doubt
from maild.process.decision import Findings
from maild.store.desk.actions import find_confirmed


def with_readers(transaction: Transaction, placed_at: datetime | None, spoken: Spoken, findings: Findings) -> Findings:
    """Who would get the words, where their author is asked about it; and whether what they confirmed still holds."""
    if placed_at is not None:
        return _placed(transaction, placed_at, spoken, findings)
    if findings.tap is not None and not findings.tap.is_by_owner:
        return replace(findings, readers=_readers_of_tap(transaction, spoken))
    asked = replace(findings, is_released=False)
    if not findings.is_released and find_doubt(asked, transaction.rules) is None:
        return findings
    asked = replace(asked, readers=readers(transaction, findings.ticket, findings.orders))
    if not findings.is_released:
        return asked
    confirmed = find_confirmed(
        transaction.connection, spoken.mail_id
    )  # in whatever ticket: it may have been merged since
    is_same = not asked.readers or not confirmed or _holds(f" {', '.join(asked.readers)}", confirmed)
    return findings if is_same else asked


def _placed(transaction: Transaction, placed_at: datetime, spoken: Spoken, findings: Findings) -> Findings:
    """Own words that have been placed are let through by what was confirmed since then, if that is what would happen still."""
    read = readers(transaction, findings.ticket, findings.orders)
    placed = replace(findings, is_placed=True, is_released=False, readers=read)
    if findings.ticket is None:
        return placed
    number = findings.ticket.number
    confirmed = find_confirmed(transaction.connection, spoken.mail_id, ticket=number, since=placed_at)
    return findings if _holds(find_doubt(placed, transaction.rules), confirmed) else placed


def _holds(reach: str | None, confirmed: list[str]) -> bool:
    return any(because.endswith(reach or "") for because in confirmed)


def _readers_of_tap(transaction: Transaction, spoken: Spoken) -> tuple[str, ...]:
    """Who would get the words below a tap from another address, once its owner has let it through."""
    tap = spoken.tap
    owner = speaker_at(transaction.rules.team, Address(address=tap.person)) if tap else None
    if tap is None or owner is None or spoken.ticket is None or not tap.takes_words:
        return ()
    ticket, is_shared = find_speaker(transaction, owner, spoken.ticket, spoken.clues)
    theirs = replace(spoken, person=owner, ticket=ticket, tap=replace(tap, is_by_owner=True), is_shared=is_shared)
    return readers(transaction, ticket, hear(transaction, theirs).orders)
