"""A mail arrived: find, decide, advance, tell, and write down what became of it."""

from collections.abc import Sequence

from maild.desk.advancing.changing import happen
from maild.desk.advancing.obeying import obey
from maild.desk.advancing.opening import open_ticket
from maild.desk.finding.arrival import Arrival
from maild.desk.finding.evidence import settle_by
from maild.desk.finding.forgetting import without_forgotten
from maild.desk.finding.handing_on import with_what_is_handed_on
from maild.desk.finding.interleaving import with_answers_inside
from maild.desk.finding.looking_up import find
from maild.desk.finding.placing import placed
from maild.desk.learning.auditing import ask_to_confirm
from maild.desk.mail_row import facts_of, row_of
from maild.desk.telling.answering_taps import answer_tap
from maild.desk.telling.asking import ask_whose
from maild.desk.telling.naming_others import organisation_of
from maild.desk.transaction import Transaction
from maild.mail.enclosing import Enclosed
from maild.mail.message import Mail
from maild.mail.offset import utc_offset
from maild.process.deciding import decide, with_limits
from maild.process.decision import Decision, Findings
from maild.process.rank import Rank
from maild.process.ticket import Outcome
from maild.process.transitions import OPENING
from maild.store.database.bells import ring
from maild.store.desk import tickets
from maild.store.desk.actions import choose_again, use_action
from maild.store.incoming import waiting
from maild.store.knowledge.searching import FOUND_BY_WORDS, index_mail
from maild.store.models import shadows
from maild.store.outgoing import bounces


def take_in(transaction: Transaction, arrivals: Sequence[Arrival]) -> list[Decision]:
    """Decide about mails, one after the other, each knowing what the ones before it did."""
    arrivals = without_forgotten(transaction, arrivals)
    limits = transaction.rules.policy.limits
    authors = [arrival.mail.author for arrival in arrivals if arrival.mail.author]
    ranks = (Rank.UNKNOWN, Rank.VOUCHED) if transaction.rules.trust.method != "none" else (Rank.UNKNOWN,)
    transaction.tallies.look_up(name for author in authors for rank in ranks for name in limits.names(author, rank))
    clients = {author.address for author in authors}
    clients |= {f"@{domain}" for client in clients if (domain := organisation_of(transaction.rules, client))}
    transaction.names.look_up((arrival.mail.message_id for arrival in arrivals), clients)
    transaction.still_open.expect(clients)
    decisions = []
    for arrival in arrivals:
        decisions.append(_take_in(transaction, arrival))
        transaction.names.meet(_names(arrival.mail))
        if decisions[-1].plan is not None or decisions[-1].ticket is not None:
            transaction.still_open.forget()
    ring(transaction.connection, "marking")
    return decisions


def _names(mail: Mail) -> set[str]:
    """By what other mails can know this one, and it them."""
    ids = (mail.message_id, mail.fingerprint, *mail.in_reply_to, *mail.references)
    return {name for name in ids if name}


def _take_in(transaction: Transaction, arrival: Arrival) -> Decision:
    arrival = placed(transaction, arrival)
    arrival, findings = with_answers_inside(transaction, arrival, find(transaction, arrival))
    decision = with_limits(decide(findings, transaction.rules), findings)
    arrival, findings = with_what_is_handed_on(transaction, arrival, findings)
    ticket = _apply(transaction, arrival, findings, decision)
    _note_return(transaction, findings, decision)
    settle_by(transaction, arrival, findings)
    tickets.settle_mail(transaction.together, [_row(transaction, arrival, findings, decision, ticket)])
    if ticket is not None and decision.outcome in FOUND_BY_WORDS:
        index_mail(transaction.together, ticket, f"{arrival.mail.subject}\n{arrival.mail.new_text}")
    ask_to_confirm(transaction, arrival, findings, decision, ticket)
    shadows.add_shadow_verdicts(transaction.together, arrival.mail_id, arrival.shadows, served=findings.verdicts)
    return decision


def _apply(transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision) -> int | None:
    if decision.uses is not None and not use_action(transaction.connection, decision.uses, now=transaction.now):
        raise AssertionError(f"the action {decision.uses} was used meanwhile: this transaction is not serial")
    if decision.repeats is not None:
        choose_again(transaction.connection, decision.repeats, now=transaction.now)
    if decision.release is not None:
        waiting.release_held(transaction.connection, decision.release, now=transaction.now)
        return decision.ticket
    if decision.drop is not None:
        waiting.give_up(transaction.connection, decision.drop, now=transaction.now)
    if decision.settles is not None:
        waiting.settle_copy(transaction.connection, decision.settles, same_as=arrival.mail_id, now=transaction.now)
    _tell_of_no_ticket(transaction, arrival, findings, decision)
    if decision.plan is not None:
        return obey(transaction, arrival, findings, decision.plan).number
    if decision.event in OPENING and decision.ticket is None:
        return open_ticket(transaction, arrival, findings, decision).number
    if decision.event is not None:
        return happen(transaction, arrival, findings, decision).number
    return decision.ticket


def _tell_of_no_ticket(transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision) -> None:
    if decision.asks_whose:
        ask_whose(transaction, arrival, findings)
    if decision.idle_because is not None and findings.tap is not None:
        answer_tap(transaction, arrival, findings.tap, decision.idle_because)


def _note_return(transaction: Transaction, findings: Findings, decision: Decision) -> None:
    """A final bounce belongs to the very mail that came back, and to its contact."""
    report = findings.mail.bounce
    if decision.outcome is not Outcome.BOUNCE or report is None or findings.bounced is None or not report.is_final:
        return
    answer = f"{report.status or ''} {report.diagnostic}".strip()
    bounces.note_returned(transaction.connection, findings.bounced.id, answer=answer, now=transaction.now)
    bounces.note_unreachable(transaction.connection, findings.bounced.recipient, because=answer, now=transaction.now)


def _row(
    transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision, ticket: int | None
) -> dict[str, object]:
    mail, author, offset = arrival.mail, findings.author, utc_offset(arrival.mail)
    facts = facts_of(mail, author, findings.trust_because)
    return {
        **row_of(mail, author, arrival.verdicts),
        "row_id": arrival.mail_id,
        "outcome": decision.outcome.value,
        "because": decision.because,
        "taken_in_at": transaction.now,
        "facts": {**facts, "utc_offset": offset.total_seconds() if offset else None, **_scanned(arrival.enclosed)},
        "trust": findings.trust.value,
        "ticket_id": ticket,
    }


def _scanned(enclosed: Enclosed) -> dict[str, object]:
    """What the virus scanner found, and what it could not look at."""
    infected = {each.attachment.name: each.virus for each in enclosed.infected}
    unscanned = [attachment.name for attachment in enclosed.unscanned]
    return {**({"infected": infected} if infected else {}), **({"unscanned": unscanned} if unscanned else {})}
