"""Relate: what commands do beyond their own ticket's fields, to participants, links and other tickets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from maild.desk.advancing import declaring
from maild.desk.advancing.declaring import Said, note
from maild.desk.advancing.splitting import split_off
from maild.desk.advancing.undoing import take_back
from maild.desk.finding.arrival import Arrival
from maild.desk.learning.post_mortem import LEARNING, learn
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.incident import Standing
from maild.process.plan import Step
from maild.process.ticket import Event, Role, Ticket
from maild.store.desk import incidents, relations, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One step of a plan, and what it happens to."""

    transaction: Transaction
    arrival: Arrival
    findings: Findings
    step: Step
    before: Ticket

    @property
    def said(self) -> Said:
        """Who orders it."""
        return Said(by=self.findings.mail_author, mail=self.arrival.mail_id)

    @property
    def other(self) -> int:
        """The other ticket that the step speaks of."""
        if self.step.other is None:
            raise ValueError(f"{self.step.because} needs another ticket")
        return self.step.other


def relate(
    transaction: Transaction, arrival: Arrival, findings: Findings, step: Step, before: Ticket
) -> Mapping[str, Any]:
    """Do what the step asks for, and answer what `/undo` would need to know besides the ticket's fields."""
    act = _Act(transaction=transaction, arrival=arrival, findings=findings, step=step, before=before)
    if step.event in LEARNING:
        learn(transaction, arrival, findings, step, before)
    return _ACTS[step.event](act) if step.event in _ACTS else {}


def _add(act: _Act) -> Mapping[str, Any]:
    return _join(act, act.step.addresses)


def _remove(act: _Act) -> Mapping[str, Any]:
    return _leave(act, act.step.addresses)


def _change_client(act: _Act) -> Mapping[str, Any]:
    """The former client is told nothing more: what they write from now on is a stranger's."""
    return {**_leave(act, (act.before.client,)), **_join(act, act.step.addresses)}


def _link(act: _Act) -> Mapping[str, Any]:
    connection, number = act.transaction.connection, act.before.number
    is_new = not relations.are_linked(connection, number, act.other, kind="related")
    tickets.add_link(connection, number, act.other, kind="related", because=act.step.because)
    return {"linked": act.other} if is_new else {}


def _merge(act: _Act) -> Mapping[str, Any]:
    """Both histories say so, and who has the other ticket is told; participants stay apart."""
    transaction, before = act.transaction, act.before
    target = tickets.read_ticket(transaction.connection, act.other, for_update=True)
    because = f"{transaction.rules.desk.show(before.number)} of {before.client} goes on here"
    tickets.add_link(transaction.connection, before.number, target.number, kind="merged", because=act.step.because)
    note(transaction, target.number, Event.TOOK_IN, act.said, because)
    if target.assignee != act.findings.staff:
        subject = (f"subject: {before.subject}",) if before.subject else ()
        tell(
            transaction,
            Happening(event=Event.TOOK_IN, ticket=target, because=(because, *subject), cause=act.said.cause),
        )
    return {"merged": target.number}


def _split(act: _Act) -> Mapping[str, Any]:
    return {"split": split_off(act.transaction, act.before, act.said.cause).number}


def _undo(act: _Act) -> Mapping[str, Any]:
    return take_back(act.transaction, act.before.number, act.step, act.said)


def _declare(act: _Act) -> Mapping[str, Any]:
    return declaring.declare(act.transaction, act.before, act.said)


def _enter(act: _Act) -> Mapping[str, Any]:
    """What was proposed with other tickets, and is another incident's, is proposed with them no more."""
    declaring.leave(act.transaction, act.before.number)
    incident = incidents.incidents_of(act.transaction.connection, [act.other])[act.other]
    declaring.enter(act.transaction, incident, act.before.number, because=act.step.because, is_late=False)
    return {"joined": incident.id}


def _take_out(act: _Act) -> Mapping[str, Any]:
    transaction, number = act.transaction, act.before.number
    incident = incidents.incident_of(transaction.connection, number)
    left = declaring.leave(transaction, number)
    moved = declaring.give_back(transaction, incident, number) if incident else None
    declaring.tell_moved(transaction, [moved] if moved else [], act.said)
    return left


def _end(act: _Act) -> Mapping[str, Any]:
    is_dismissed = act.step.event is Event.INCIDENT_DISMISSED
    standing = Standing.DISMISSED if is_dismissed else Standing.UNDONE
    return declaring.settle(act.transaction, act.before.number, standing, act.said)


def _join(act: _Act, addresses: tuple[str, ...]) -> Mapping[str, Any]:
    keys = [address.casefold() for address in addresses]
    there = relations.roles_of(act.transaction.connection, act.before.number, keys)
    tickets.add_participants(act.transaction.together, act.before.number, dict.fromkeys(keys, Role.CLIENT))
    return {"added": [key for key in keys if key not in there]}


def _leave(act: _Act, addresses: tuple[str, ...]) -> Mapping[str, Any]:
    keys = [address.casefold() for address in addresses]
    there = relations.roles_of(act.transaction.connection, act.before.number, keys)
    tickets.remove_participants(act.transaction.connection, act.before.number, keys)
    return {"removed": there}


_ACTS: Mapping[Event, Callable[[_Act], Mapping[str, Any]]] = MappingProxyType(
    {
        Event.PARTICIPANT_ADDED: _add,
        Event.PARTICIPANT_REMOVED: _remove,
        Event.CLIENT_CHANGED: _change_client,
        Event.LINKED: _link,
        Event.MERGED: _merge,
        Event.SPLIT_OFF: _split,
        Event.UNDONE: _undo,
        Event.INCIDENT_DECLARED: _declare,
        Event.INCIDENT_JOINED: _enter,
        Event.INCIDENT_LEFT: _take_out,
        Event.INCIDENT_DISMISSED: _end,
        Event.INCIDENT_UNDONE: _end,
    }
)
"""Event to what it does beyond the ticket's own fields."""
