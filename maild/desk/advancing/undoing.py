"""Undo: the last command of a ticket is taken back, with all that it brought about and that is still in the house."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from maild.desk.advancing.counting_closings import take_back_wrong_closure
from maild.desk.advancing.declaring import Said, leave, note, settle
from maild.desk.transaction import Transaction
from maild.process.incident import Standing
from maild.process.plan import Done, Step
from maild.process.ticket import Event, Role
from maild.store.desk import tickets, undoing


def take_back(transaction: Transaction, number: int, step: Step, said: Said) -> Mapping[str, Any]:
    """Everything but the ticket's own fields, which the plan puts back; answers what the event must remember."""
    last = step.undoes
    if last is None:
        raise ValueError("there is nothing to undo")
    undoing.recall(transaction.connection, last.mail, now=transaction.now)
    said = replace(said, untold=_untold(transaction, last.mail))
    because = f"{last.because} was taken back"
    take_back_wrong_closure(transaction, number, because, since=last.mail, cause=said.cause)
    for each in last.steps:
        _put_back(transaction, number, each.before)
        _part_from_incident(transaction, number, each, said)
        if each.event is Event.MERGED:
            _part_again(transaction, number, each.before["merged"], said)
    return {"undone": last.mail, **({"untold": sorted(said.untold)} if said.untold else {})}


def _untold(transaction: Transaction, mail: int) -> frozenset[str]:
    """Names of those who never heard what this mail changed about whose the ticket is."""
    found = (transaction.rules.team.person_at(each) for each in undoing.not_told(transaction.connection, mail))
    return frozenset(person.name for person in found if person is not None)


def _put_back(transaction: Transaction, number: int, before: Mapping[str, Any]) -> None:
    """Participants and links as they were."""
    if added := before.get("added"):
        tickets.remove_participants(transaction.connection, number, added)
    roles = {key: Role(role) for key, role in before.get("removed", {}).items()}
    tickets.add_participants(transaction.together, number, roles)
    if linked := before.get("linked"):
        undoing.remove_link(transaction.connection, number, linked, ("related",))


def _part_from_incident(transaction: Transaction, number: int, done: Done, said: Said) -> None:
    """What was declared is no incident; what joined one is out of it."""
    if done.event is Event.INCIDENT_JOINED:
        leave(transaction, number)
    if done.event is Event.INCIDENT_DECLARED:
        settle(transaction, number, Standing.UNDONE, said)


def _part_again(transaction: Transaction, number: int, other: int, said: Said) -> None:
    """What came to the other ticket meanwhile stays there; from now on each goes on by itself."""
    undoing.remove_link(transaction.connection, number, other, ("merged",))
    because = f"{transaction.rules.desk.show(number)} goes on by itself again"
    note(transaction, other, Event.UNDONE, said, because)
