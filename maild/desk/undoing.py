"""Undo: the last command of a ticket is taken back, with all that it brought about and that is still in the house."""

from collections.abc import Mapping
from typing import Any

from maild.desk.transaction import Transaction
from maild.process.commands.undoing import UNDOABLE
from maild.process.plan import Done, LastCommand, Step
from maild.process.ticket import Event, Role
from maild.store import tickets, undoing
from maild.store.tickets import Cause


def find_last(transaction: Transaction, number: int) -> LastCommand | None:
    """The last command that a person of the house gave on the ticket."""
    transaction.together.write()
    rows = undoing.commands_of(transaction.connection, number, UNDOABLE)
    rows = [row for row in rows if transaction.rules.team.person_at(row.actor)]
    if not rows:
        return None
    group = [row for row in reversed(rows) if row.mail == rows[0].mail]
    return LastCommand(
        mail=group[0].mail,
        because=", ".join(dict.fromkeys(row.because for row in group)),
        steps=tuple(Done(event=row.event, before=row.before) for row in group),
        left=tuple(undoing.left_the_house(transaction.connection, group[0].mail)),
    )


def take_back(transaction: Transaction, number: int, step: Step, *, actor: str, mail_id: int) -> Mapping[str, Any]:
    """Everything but the ticket's own fields, which the plan puts back; answers what the event must remember."""
    last = step.undoes
    if last is None:
        raise ValueError("there is nothing to take back")
    undoing.recall(transaction.connection, last.mail, now=transaction.now)
    for each in last.steps:
        _put_back(transaction, number, each.before)
        if each.event is Event.MERGED:
            _part_again(transaction, number, each.before["merged"], actor=actor, mail_id=mail_id)
    return {"undone": last.mail}


def _put_back(transaction: Transaction, number: int, before: Mapping[str, Any]) -> None:
    """Participants and links as they were."""
    if added := before.get("added"):
        tickets.remove_participants(transaction.connection, number, added)
    roles = {key: Role(role) for key, role in before.get("removed", {}).items()}
    tickets.add_participants(transaction.together, number, roles)
    if linked := before.get("linked"):
        undoing.remove_link(transaction.connection, number, linked, ("related",))


def _part_again(transaction: Transaction, number: int, other: int, *, actor: str, mail_id: int) -> None:
    """What came to the other ticket meanwhile stays there; from now on each goes on by itself."""
    undoing.remove_link(transaction.connection, number, other, ("merged",))
    tickets.add_event(
        transaction.together,
        other,
        Event.UNDONE,
        actor=actor,
        because=f"{transaction.rules.desk.show(number)} goes on by itself again",
        cause=Cause(mail=mail_id),
        at=transaction.now,
    )
