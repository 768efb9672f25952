"""Compose and store what people are told about an event: the told table, turned into rows of the outbox."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from maild.desk.finding import Arrival
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.decision import Findings, SentMail
from maild.process.rules import Rules
from maild.process.ticket import Event, Role, Ticket, Trust
from maild.process.token import make_token, message_id
from maild.process.transitions import OPENING
from maild.replies.compose import compose
from maild.replies.reply import Occasion, Reply
from maild.store import outbox, tickets
from maild.store.engine import ring
from maild.store.findings import thread_to
from maild.store.tickets import Cause

log = logging.getLogger(__name__)

ANSWERED = frozenset({Role.CLIENT, Role.AUTHOR})
"""Who is answered because they wrote: a machine that does not say it is one would go on and on without a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of a ticket that people may have to be told about."""

    event: Event
    ticket: Ticket
    because: tuple[str, ...]
    cause: Cause
    arrival: Arrival | None = None
    findings: Findings | None = None
    failed: SentMail | None = None
    """Our mail that came back, or whose fate is unknown, if that is the event."""

    @property
    def cause_in_words(self) -> str:
        """Names the cause for tokens: each cause brings each reply once."""
        named = ((name, getattr(self.cause, name)) for name in ("mail", "outbox", "deadline"))
        return " ".join(f"{name} {row}" for name, row in named if row is not None)


NO_ANSWER = frozenset({"all", "autoreply"})
"""Words of X-Auto-Response-Suppress with which a mail refuses answers like ours (MS-OXCMAIL 2.2.3.2.14); who wrote it
may be a person all the same."""


def tell(transaction: Transaction, happening: Happening) -> None:
    """Write to everybody who is told about the event: the client first, so that the others hear if that was withheld."""
    told = transaction.rules.policy.told.get(happening.event, ())
    for role, kind in sorted(told, key=lambda row: row[0] not in ANSWERED):
        for recipient in _recipients(role, happening, transaction.rules):
            if _is_in_vain(happening.failed, kind, recipient):
                continue
            withheld = _withheld(transaction, happening, recipient) if role in ANSWERED else None
            if withheld is None:
                _write(transaction, happening, role, kind, recipient)
                continue
            _note_withheld(transaction, happening, kind, withheld)
            happening = replace(happening, because=(*happening.because, f"no {kind} was written: {withheld}"))


def _is_in_vain(failed: SentMail | None, kind: str, recipient: Address) -> bool:
    """Whether a notice about a failed mail would fail too, or bring the next notice of its kind, and so on for ever."""
    return failed is not None and (recipient.key == failed.recipient.casefold() or kind == failed.kind)


def _recipients(role: Role, happening: Happening, rules: Rules) -> Iterable[Address]:
    ticket = happening.ticket
    match role:
        case Role.CLIENT:
            return [Address(address=ticket.client, name=ticket.client_name)]
        case Role.TEAM:
            return [Address(address=t.address, name=t.name) for t in rules.team.others if t.name == ticket.team]
        case Role.LEAD:
            people = rules.team.leads
        case Role.AUTHOR:
            staff = happening.findings.staff if happening.findings else None
            people = tuple(person for person in rules.team.people if person.name == staff)
            if not people:
                return [Address(address=t.address, name=t.name) for t in rules.team.others if t.name == staff]
        case _:
            people = tuple(person for person in rules.team.people if person.name == ticket.assignee)
    return [Address(address=person.addresses[0], name=person.name) for person in people]


def _withheld(transaction: Transaction, happening: Happening, author: Address) -> str | None:
    """Why the author of a mail gets no answer now: a wish, a limit, a list, or an address of our own."""
    desk, limits = transaction.rules.desk, transaction.rules.policy.limits
    if desk.owns(author.address) or author.key in {own.casefold() for own in desk.own_lists}:
        return f"{author.address} is an address or a list of our own"
    suppressed = happening.arrival.mail.facts.suppress if happening.arrival else ()
    if NO_ANSWER.intersection(suppressed):
        return "the mail asks for no automatic answer (X-Auto-Response-Suppress)"
    names = limits.names(author)
    exceeded = limits.exceeded(author, transaction.tallies.look_up(names), transaction.now)
    if exceeded is None:
        transaction.tallies.count_up(names)
    return exceeded


def _note_withheld(transaction: Transaction, happening: Happening, kind: str, because: str) -> None:
    log.warning("%s withheld", kind, extra={"ticket": happening.ticket.number, "because": because})
    tickets.add_event(
        transaction.together,
        happening.ticket.number,
        Event.ACKNOWLEDGEMENT_WITHHELD,
        actor="maild",
        because=f"no {kind} was written: {because}",
        cause=happening.cause,
        at=transaction.now,
    )


def _write(transaction: Transaction, happening: Happening, role: Role, kind: str, recipient: Address) -> None:
    reply = compose(_occasion(transaction, happening, role, kind, recipient), transaction.voice)
    number = happening.ticket.number
    once = f"acknowledgement of {number}" if role is Role.CLIENT else None
    outbox.add_together(transaction.together, _row(transaction, reply, happening, once))
    tickets.add_to_conversation(transaction.together, number, {reply.message_id: "out"})
    if role is not Role.CLIENT:
        tickets.add_participants(transaction.together, number, {recipient.key: role})
    ring(transaction.connection, "outbox")


def _occasion(transaction: Transaction, happening: Happening, role: Role, kind: str, recipient: Address) -> Occasion:
    number, desk = happening.ticket.number, transaction.rules.desk
    token = make_token(
        transaction.key_id,
        transaction.key,
        ticket=number,
        recipient=recipient.address,
        cause=f"{happening.cause_in_words} {kind}",
    )
    in_reply_to, references = _thread(transaction, happening, role, recipient)
    arrival, findings = happening.arrival, happening.findings
    return Occasion(
        kind=kind,
        role=role,
        recipient=recipient,
        ticket=happening.ticket,
        because=happening.because,
        mail=arrival.mail if arrival else None,
        is_proven=findings is not None and findings.trust is Trust.PROVEN,
        source=arrival.source if arrival else None,
        in_reply_to=in_reply_to,
        references=references,
        message_id=message_id(number, token, desk.domain),
        token=token,
        now=transaction.now,
    )


def _thread(
    transaction: Transaction, happening: Happening, role: Role, recipient: Address
) -> tuple[str | None, tuple[str, ...]]:
    """The recipient's own thread: the client's mail, or what we wrote to this person about the ticket before."""
    mail = happening.arrival.mail if happening.arrival else None
    if role in {Role.CLIENT, Role.AUTHOR} and mail and mail.message_id:
        return mail.message_id, (*mail.references, mail.message_id)
    if happening.event in OPENING:
        return None, ()
    transaction.together.write()
    earlier = thread_to(transaction.connection, happening.ticket.number, recipient.address)
    return (earlier[-1] if earlier else None), tuple(earlier)


def _row(transaction: Transaction, reply: Reply, happening: Happening, once: str | None) -> outbox.NewOutbox:
    return outbox.NewOutbox(
        ticket_id=happening.ticket.number,
        mail_id=happening.cause.mail,
        kind=reply.kind,
        audience=reply.audience,
        recipient=reply.recipient,
        envelope_from=reply.envelope_from,
        message_id=reply.message_id,
        token=reply.token,
        once=once,
        subject=reply.subject,
        new_text=reply.text,
        content=reply.content,
        created_at=transaction.now,
        due_at=transaction.now,
    )
