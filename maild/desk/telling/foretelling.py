"""Foretell: within which time tickets like this one were solved, for whoever gets it; never for its client."""

from maild.classify.evaluation.interval import wilson
from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.knowledge.lasting import SURE, Interval, find_interval, walk
from maild.process.ticket import Status
from maild.replies.lasting import Lasted
from maild.store.view.lasted import lasted


def find_lasted(transaction: Transaction, happening: Happening, kind: str) -> Lasted | None:
    """Only where the admin wants it, enough is known, and what was told so far has held as often as it says."""
    ticket = happening.ticket
    if kind != "assignment" or not transaction.rules.policy.forecast.to_tsm or ticket.status is Status.NEW:
        return None
    if ticket.category is None or ticket.priority is None:
        return None
    group = (ticket.category, ticket.priority)
    if group not in transaction.intervals:
        transaction.intervals[group] = _find(transaction, *group)
    found = transaction.intervals[group]
    return Lasted(low=found.low, high=found.high, sure=SURE, n=found.n) if found else None


def _find(transaction: Transaction, category: str, priority: int) -> Interval | None:
    spells = lasted(transaction.connection, category, priority, now=transaction.now)
    held = walk(spells, transaction.now)
    is_disproven = held.n > 0 and wilson(held.hits, held.n)[1] < SURE
    return None if is_disproven else find_interval(spells, transaction.now)
