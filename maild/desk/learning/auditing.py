"""Audit: a person is asked to confirm a sample of sure verdicts, and broken error budgets have consequences."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.classify.budget import LEVEL, is_broken, raised
from maild.classify.linear import LinearModel
from maild.classify.serving import TEAM
from maild.desk.finding.arrival import Arrival
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.audit import draw
from maild.process.decision import Decision, Findings
from maild.process.ticket import Event
from maild.process.transitions import OPENING
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause
from maild.store.models.audits import Answer, Audit, add_audits, read_answers
from maild.store.models.thresholds import RaisedThreshold, last_changes, list_raised, raise_threshold


def ask_to_confirm(
    transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision, ticket: int | None
) -> None:
    """Ask about the mail's sure verdicts, if they opened a ticket and are in the sample."""
    if decision.event not in OPENING or decision.ticket is not None or ticket is None:
        return
    rules, digest = transaction.rules, findings.mail.digest
    # A team that was thought of, and not asked, decided nothing.
    acting = [each for each in findings.verdicts.values() if each.question != TEAM or each.label == decision.team]
    drawn = draw(acting, key=transaction.key, digest=digest, share=rules.audit)
    if not drawn:
        return
    audits = [
        Audit(
            mail=arrival.mail_id,
            question=verdict.question,
            label=verdict.label or "",
            confidence=verdict.confidence or 0.0,
            digest=verdict.model or "",
            drawn_at=transaction.now,
        )
        for verdict in drawn
    ]
    add_audits(transaction.together, audits)
    reasons = [f"{v.question} {v.label}, {v.confidence:.0%} sure: {v.because}" for v in drawn]
    cause = Cause(mail=arrival.mail_id)
    _happen(transaction, ticket, Event.VERDICT_AUDITED, reasons, cause=cause, arrival=arrival, findings=findings)


def watch_budget(transaction: Transaction, models: Sequence[LinearModel], error_budget: float) -> list[RaisedThreshold]:
    """Raise the threshold of every label whose budget the answers show to be broken; the lead is told once of each."""
    rises, told = [], defaultdict[tuple[int, int], list[str]](list)
    for watched in (each for model in models for each in _watched(transaction, model)):
        if not is_broken([answer.is_wrong for answer in watched.answers], error_budget):
            continue
        rise = _rise(watched, error_budget, transaction.now)
        raise_threshold(transaction.connection, rise)
        rises.append(rise)
        if (wrong := [answer for answer in watched.answers if answer.is_wrong])[-1].ticket is not None:
            told[wrong[-1].ticket, wrong[-1].audit.mail].append(rise.because)
    # On the ticket of the last correction: it is the cause, and it has a thread.
    for (ticket, mail), reasons in told.items():
        _happen(transaction, ticket, Event.THRESHOLD_RAISED, reasons, cause=Cause(mail=mail))
    return rises


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Watched:
    """One label of one model, and what people said about it since its threshold was last changed."""

    model: LinearModel
    label: str
    threshold: float
    answers: Sequence[Answer]


def _watched(transaction: Transaction, model: LinearModel) -> Iterator[_Watched]:
    answers = read_answers(transaction.connection, model.digest)
    changed_at = last_changes(transaction.connection)
    raised_to = {(each.digest, each.label): each.least for each in list_raised(transaction.connection)}
    for label, on_card in zip(model.labels, model.thresholds, strict=True):
        key = (model.digest, label)
        # What led to one raise must not lead to the next: the bet begins anew with what was drawn since.
        fresh = [
            answer
            for answer in answers
            if answer.audit.label == label and (key not in changed_at or answer.audit.drawn_at > changed_at[key])
        ]
        yield _Watched(model=model, label=label, threshold=raised_to.get(key, on_card), answers=fresh)


def _rise(watched: _Watched, error_budget: float, now: datetime) -> RaisedThreshold:
    wrong = sum(answer.is_wrong for answer in watched.answers)
    said = [(answer.audit.confidence, answer.is_wrong) for answer in watched.answers]
    least = raised(watched.threshold, said, error_budget)
    verdict = f"{watched.model.question} {watched.label}"
    given = f"given from a confidence of {least:.2f} on only" if least <= 1 else "given no longer"
    because = (
        f"{wrong} of {len(watched.answers)} audited verdicts {verdict} were wrong, and the error budget is "
        f"{error_budget:.0%} (betting test at level {LEVEL:g}): it is {given}"
    )
    return RaisedThreshold(
        digest=watched.model.digest,
        question=watched.model.question,
        label=watched.label,
        least=least,
        at=now,
        because=because,
    )


def _happen(
    transaction: Transaction,
    number: int,
    event: Event,
    reasons: Sequence[str],
    *,
    cause: Cause,
    arrival: Arrival | None = None,
    findings: Findings | None = None,
) -> None:
    transaction.add_event(number, event, because="; ".join(reasons), cause=cause)
    ticket = tickets.read_ticket(transaction.connection, number)
    happening = Happening(
        event=event, ticket=ticket, because=tuple(reasons), cause=cause, arrival=arrival, findings=findings
    )
    tell(transaction, happening)
