"""Remember: a mail of the past becomes part of the desk's history, and nobody hears of it.

No reply is composed, no deadline is set, and no clock starts; a ticket of the past is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maild.classify.verdict import calls_automatic
from maild.desk.finding.handing_on import with_told
from maild.desk.mail_row import facts_of, row_of
from maild.desk.past_arrival import Origin, PastArrival
from maild.mail.message import Address, Mail
from maild.process.past import BY_THE_DESK, Ours, PastDecision, PastFindings, decide_past
from maild.process.people.author import find_author
from maild.process.rules import Rules
from maild.process.thread import MOST_REFERENCES, Known, Thread, find_clues, judge
from maild.process.ticket import Event, Outcome, Role, Status, Ticket, Trust
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause
from maild.store.engine import Connection
from maild.store.incoming import findings as store
from maild.store.incoming.past import store_past
from maild.store.models.labels import Label, add_labels
from maild.store.replaying import MOVED_IN


def remember(connection: Connection, arrival: PastArrival, origin: Origin) -> Outcome:
    """Find, decide and write down; the transaction must be serial with the desk's others."""
    findings = _find(connection, arrival, origin.ours)
    decision = decide_past(findings)
    number = decision.ticket
    if decision.client is not None:
        number = tickets.open_ticket(connection, _ticket(arrival, decision.client, origin.rules)).number
    row = store_past(
        connection,
        arrival.source,
        arrived_at=arrival.at,
        now=origin.now,
        decided=_decided(arrival, findings, decision, number),
    )
    if number is not None:
        remembered = _Remembered(arrival=arrival, findings=findings, decision=decision, row=row, origin=origin)
        _add_to_ticket(connection, number, remembered)
    say(connection, row, arrival, origin)
    return decision.outcome


def say(connection: Connection, row: int, arrival: PastArrival, origin: Origin) -> None:
    """Keep what people had said about the mail, once; said when the mail was written, so that later words count."""
    verdicts = {verdict.question: verdict.label for verdict in arrival.verdicts}
    said = [
        Label(
            question=question,
            value=value,
            said_by=origin.said_by,
            said_at=arrival.at,
            source="import",
            mail=row,
            verdict=verdicts.get(question),
        )
        for question, value in arrival.labels.items()
    ]
    add_labels(connection, said)


def _find(connection: Connection, arrival: PastArrival, ours: Ours) -> PastFindings:
    mail, rules = arrival.mail, ours.rules
    author = find_author(mail, rules.desk).address
    is_ours = author is not None and (arrival.part in BY_THE_DESK or ours.wrote(author))
    outside = [address for address in (*mail.to, *mail.cc) if not ours.wrote(address)]
    return PastFindings(
        author=author,
        is_ours=is_ours,
        written_to=outside[0] if outside else None,
        verdicts={verdict.question: verdict for verdict in arrival.verdicts},
        thread=_find_thread(connection, mail, rules, author, outside if is_ours else ()),
        duplicate_of=store.find_duplicate(
            connection,
            mail_id=0,
            message_id=mail.message_id,
            fingerprint=mail.fingerprint,
            digest=mail.digest,
            has_date=mail.written_at is not None,
            is_automatic=calls_automatic(arrival.verdicts),
        ),
        part=arrival.part,
    )


def _find_thread(
    connection: Connection, mail: Mail, rules: Rules, author: Address | None, written_to: Sequence[Address]
) -> Thread | None:
    """By Message-IDs alone: an answer of the desk belongs to the ticket of the client to whom it was written."""
    clues = find_clues(mail, rules.desk)
    conversations, ghosts = store.find_conversations(connection, clues.message_ids)
    awaited = store.find_awaited(connection, mail.message_id)
    numbers = set(awaited).union(*conversations.values(), *ghosts.values())
    known = Known(
        tokens={},
        message_ids=conversations,
        ghosts=ghosts,
        awaited=awaited,
        participants=store.find_participants(connection, numbers, (Role.CLIENT,)),
    )
    return judge(clues, known, author.key if author else "", frozenset(address.key for address in written_to))


def _ticket(arrival: PastArrival, client: Address, rules: Rules) -> Ticket:
    """A closed ticket, as people had labelled it or else as the models see it; its number comes from the store."""
    verdicts = {verdict.question: verdict.label for verdict in arrival.verdicts}
    said = {**verdicts, **arrival.labels}
    urgency, impact = _number(said.get("urgency")), _number(said.get("impact"))
    mail = arrival.mail
    return Ticket(
        number=0,
        status=Status.CLOSED,
        technical={"yes": True, "no": False}.get(said.get("technical") or ""),
        category=said.get("category"),
        urgency=urgency,
        impact=impact,
        priority=rules.priorities.of(urgency, impact),
        client=client.address,
        client_name=client.name,
        language=rules.desk.language_for(mail.language),
        subject=mail.subject,
        assignee=None,
        team=None,
        opened_at=arrival.at,
        next_update_due_at=None,
    )


def _number(label: str | None) -> int | None:
    return int(label) if label else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    """A mail of the past that has been decided about and stored."""

    arrival: PastArrival
    findings: PastFindings
    decision: PastDecision
    row: int
    origin: Origin


def _add_to_ticket(connection: Connection, number: int, past: _Remembered) -> None:
    """The mail's own Message-ID and what it refers to: a later answer to any of them belongs here."""
    mail, decision = past.arrival.mail, past.decision
    kinds = dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))[:MOST_REFERENCES], "ghost")
    if mail.message_id:
        kinds[mail.message_id] = "out" if past.findings.is_ours else "in"
    tickets.add_to_conversation(connection, number, kinds)
    if decision.client is not None:
        tickets.add_participants(connection, number, {decision.client.key: Role.CLIENT})
    if decision.link_to is not None:
        tickets.add_link(connection, number, decision.link_to, kind="speaks_of", because=f"{mail.subject} refers to it")
    event, because = _event(tickets.read_ticket(connection, number), past)
    author = past.findings.author
    actor = author.address if author else "unknown"
    cause = Cause(mail=past.row)
    tickets.add_event(connection, number, event, actor=actor, because=because, cause=cause, at=past.arrival.at)
    if event is Event.TSM_ANSWERED:
        _note_who_solved(connection, number, past)


def _event(ticket: Ticket, past: _Remembered) -> tuple[Event, str]:
    """What happened then; in a ticket that people work on now, only that the mail was moved in."""
    decision = past.decision
    if decision.client is not None:
        told = f" ({past.arrival.told})" if past.arrival.told else ""
        return Event.IMPORTED, f"{decision.because}{told}; moved in on {past.origin.now:%Y-%m-%d}, closed"
    if decision.event is Event.NOTED:
        return decision.event, decision.because
    if decision.event is None or ticket.status is not Status.CLOSED:
        return Event.IMPORTED, f"a mail of the past was moved in: {decision.because}"
    return decision.event, decision.because


def _note_who_solved(connection: Connection, number: int, past: _Remembered) -> None:
    """The last of today's people who answered has solved it: so new tickets like it find them."""
    person = past.origin.ours.person_behind(past.findings.author)
    if person is not None:
        tickets.save_ticket(connection, replace(tickets.read_ticket(connection, number), assignee=person.name))


def _decided(
    arrival: PastArrival, findings: PastFindings, decision: PastDecision, number: int | None
) -> dict[str, object]:
    author = findings.author
    # As when it comes in today: what a client forwards as a file stands in the place of words, what the house forwards never.
    mail = arrival.mail if findings.is_ours or author is None else with_told(arrival.mail)
    return {
        **row_of(mail, author, arrival.verdicts),
        "outcome": decision.outcome.value,
        "because": f"{MOVED_IN}: {decision.because}",
        "facts": facts_of(mail, author, "a mail of the past, believed as its archive has it"),
        "trust": Trust.CLAIMED.value,
        "ticket_id": number,
    }
