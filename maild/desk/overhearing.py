"""Overhear: whether a mail belongs to the internal thread, and who of the client's side its author has put in copy."""

from dataclasses import dataclass

from maild.desk.transaction import Transaction
from maild.mail.message import Mail
from maild.process.team import Person
from maild.process.thread import Clues
from maild.process.ticket import Role, Ticket
from maild.replies.kinds import KINDS
from maild.store.consulting import Answered, find_answered
from maild.store.findings import find_participants

_REFUSAL = "refused_commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Who reads what the mail says."""

    is_internal: bool = False
    """It answers the internal thread, or is an engineer's: whatever it says stays in the house."""

    is_form: bool = False
    """It answers a post-mortem form."""

    copied: tuple[str, ...] = ()
    """Addresses of the client's side in To and Cc."""

    is_shared: bool = False
    """It answers the thread of an incident: every client of it reads the words."""

    is_for_desk: bool = False
    """It answers a question or a notice of maild that asks for no words to the client: they are for nobody."""

    refused: int | None = None
    """The mail that was refused, where it answers the refusal."""


def find_circle(
    transaction: Transaction, person: Person | None, ticket: Ticket | None, clues: Clues, mail: Mail
) -> Circle:
    """A mail that answers both threads belongs to the internal one: to say too little can be mended."""
    if person is None or ticket is None or person.role is Role.TEAM:
        return Circle()
    tokens = [clue.token for clue in clues.tokens]
    ours = find_answered(transaction.connection, tokens, person.addresses)
    answered = [KINDS[each.kind] for each in ours if each.kind in KINDS]
    is_form = any(kind.is_form for kind in answered)
    if person.role is not Role.ENGINEER and not is_form and not any(kind.is_internal_thread for kind in answered):
        return _circle_of(ours[0]) if ours else Circle()
    clients = find_participants(transaction.connection, [ticket.number], (Role.CLIENT,)).get(ticket.number, set())
    clients = {*clients, ticket.client.casefold()}
    copied = {each.key: each.address for each in (*mail.to, *mail.cc) if each.key in clients}
    return Circle(is_internal=True, is_form=is_form, copied=tuple(copied.values()))


def _circle_of(answered: Answered) -> Circle:
    """By the mail that is answered; what its answer refers to besides are earlier mails of that thread."""
    kind = KINDS.get(answered.kind)
    return Circle(
        is_for_desk=kind is None or not kind.answers_reach_client,
        refused=answered.mail if answered.kind == _REFUSAL else None,
    )
