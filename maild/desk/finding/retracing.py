"""Retrace: the last command that a person of the house gave on a ticket, and what of it cannot be taken back."""

from maild.desk.transaction import Transaction
from maild.process.commands.undoing import UNDOABLE
from maild.process.plan import Done, LastCommand
from maild.store.desk import undoing


def find_last(transaction: Transaction, number: int) -> LastCommand | None:
    """The last command that a person of the house gave on the ticket."""
    rows = undoing.commands_of(transaction.connection, number, UNDOABLE)
    rows = [row for row in rows if transaction.rules.team.person_at(row.actor)]
    if not rows:
        return None
    group = [row for row in reversed(rows) if row.mail == rows[0].mail]
    return LastCommand(
        mail=group[0].mail,
        by=group[0].actor,
        because=", ".join(dict.fromkeys(row.because for row in group)),
        steps=tuple(Done(event=row.event, before=row.before) for row in group),
        is_shared=any(row.before.get("is_shared") for row in group),
        left=tuple(undoing.left_the_house(transaction.connection, group[0].mail)),
        overtaken_by=undoing.decided_elsewhere(transaction.connection, number, UNDOABLE, since=rows[0].id),
    )
