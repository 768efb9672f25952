"""Overhear: whether a mail belongs to the internal thread, and who of the client's side its author has put in copy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from maild.desk.transaction import Transaction
from maild.mail.message import Mail
from maild.process.people.team import Person
from maild.process.thread import Clues
from maild.process.ticket import Role, Ticket
from maild.replies.kinds import CLIENT, KINDS
from maild.store.desk.consulting import Answered, find_named
from maild.store.incoming.findings import participants_of

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

    is_in_copy: bool = False
    """Its author wrote to the client themselves, and to the desk beside them."""


def find_circle(
    transaction: Transaction, person: Person | None, ticket: Ticket | None, clues: Clues, mail: Mail
) -> Circle:
    """A mail that answers both threads belongs to the internal one: to say too little can be mended.

    So does one that answers what somebody else of the house got in it.
    """
    if person is None or ticket is None:
        return Circle()
    copied = _client_side(transaction, ticket, mail)
    apart = Circle(copied=tuple(copied.values()), is_in_copy=ticket.client.casefold() in copied)
    if person.role is Role.TEAM:
        return apart
    named = find_named(transaction.connection, [clue.token for clue in clues.tokens])
    own = [each for each in named if each.recipient in person.addresses]
    answered = [each for each in named if each in own or not _is_clients(each)]
    kinds = [KINDS[each.kind] for each in answered if each.kind in KINDS]
    is_form = any(kind.is_form for kind in kinds)
    if is_form or person.role is Role.ENGINEER or any(kind.is_internal_thread for kind in kinds):
        return Circle(is_internal=True, is_form=is_form, copied=apart.copied)
    first = next(iter(own or answered), None)
    return _answering(apart, first) if first else apart


def _client_side(transaction: Transaction, ticket: Ticket, mail: Mail) -> Mapping[str, str]:
    """Key to spelling of the addresses of the client's side in To and Cc."""
    named = {each.key: each.address for each in (*mail.to, *mail.cc) if not transaction.rules.desk.owns(each.address)}
    if not named:
        return {}
    clients = participants_of(transaction.connection, ticket.number, (Role.CLIENT,))
    return {key: address for key, address in named.items() if key in {*clients, ticket.client.casefold()}}


def _is_clients(answered: Answered) -> bool:
    return answered.kind in KINDS and KINDS[answered.kind].audience == CLIENT


def _answering(circle: Circle, answered: Answered) -> Circle:
    """By the mail that is answered; what its answer refers to besides are earlier mails of that thread."""
    kind = KINDS.get(answered.kind)
    return replace(
        circle,
        is_for_desk=kind is None or not kind.answers_reach_client,
        refused=answered.mail if answered.kind == _REFUSAL else None,
    )
