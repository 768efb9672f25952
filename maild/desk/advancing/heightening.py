"""Heighten: a further mail that reads as urgent as can be, where its ticket does not; a TSM decides by one tap."""

from collections.abc import Mapping

from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.ticket import Ticket
from maild.store.incoming.originals import find_original

_HIGHEST = "1"
"""Any "it fails" or "tomorrow" of an answer reads like the middle: only the highest is worth a TSM's look."""


def heightened(transaction: Transaction, ticket: Ticket, findings: Findings) -> Mapping[str, int]:
    """`urgency` and `impact` where the mail reads highest and the ticket and its first mail do not; empty: no higher priority."""
    now = {"urgency": ticket.urgency, "impact": ticket.impact}
    higher = {name: 1 for name, was in now.items() if was and was > 1 and findings.label(name) == _HIGHEST}
    if not higher or ticket.team is not None or _is_content(findings):
        return {}
    original = find_original(transaction.connection, ticket.number)
    # What its subject says, each answer says again: whoever has judged that once is not asked about it each time.
    first = {each["question"] for each in original.verdicts if each.get("label") == _HIGHEST} if original else set()
    higher = {name: label for name, label in higher.items() if name not in first}
    priorities = transaction.rules.priorities
    would = priorities.of(**{**now, **higher})
    return higher if would and would < (ticket.priority or priorities.undecided) else {}


def _is_content(findings: Findings) -> bool:
    """Whether it says that it works, or thanks and nothing else."""
    read = findings.verdicts.get("reply_intent")
    return read is not None and (read.label == "resolved" or (read.label == "thanks" and not read.beside))


def heightened_because(found: Mapping[str, int], findings: Findings) -> tuple[str, ...]:
    """Why, for whoever is told of the mail."""
    return tuple(
        f"it reads more urgent than the ticket (/{name} {label}): {findings.because(name)}"
        for name, label in found.items()
    )
