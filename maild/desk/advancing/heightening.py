"""Heighten: a client's further mail that reads more urgent than the ticket; whether it is, a TSM decides by one tap."""

from collections.abc import Mapping

from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.ticket import Ticket
from maild.store.incoming.originals import find_original


def heightened(transaction: Transaction, ticket: Ticket, findings: Findings) -> Mapping[str, int]:
    """`urgency` and `impact` where the mail reads higher than the ticket and its first mail; empty: no higher priority."""
    now = {"urgency": ticket.urgency, "impact": ticket.impact}
    read = {name: _number(findings.label(name)) for name in now}
    higher = {name: label for name, was in now.items() if was and (label := read[name]) and label < was}
    if not higher or ticket.team is not None:
        return {}
    original = find_original(transaction.connection, ticket.number)
    first = {one["question"]: _number(one["label"]) for one in original.verdicts} if original else {}
    # What its subject says, each answer says again: whoever has judged that once is not asked about it each time.
    higher = {name: label for name, label in higher.items() if label < (first.get(name) or label + 1)}
    priorities = transaction.rules.priorities
    would = priorities.of(**{**now, **higher})
    return higher if would and would < (ticket.priority or priorities.undecided) else {}


def heightened_because(found: Mapping[str, int], findings: Findings) -> tuple[str, ...]:
    """Why, for whoever is told of the mail."""
    return tuple(
        f"it reads more urgent than the ticket (/{name} {label}): {findings.because(name)}"
        for name, label in found.items()
    )


def _number(label: str | None) -> int | None:
    return int(label) if label and label.isdecimal() else None
