"""The decision about a mail: its outcome, what happens to which ticket, and why. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from maild.classify.verdict import Verdict
from maild.mail.message import Address, Mail
from maild.process.rules import Rules
from maild.process.thread import Thread
from maild.process.ticket import Event, Outcome, Status, Ticket, Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail of ours that something came back for."""

    id: int
    """Row of the outbox."""

    ticket: int | None
    kind: str
    recipient: str
    subject: str
    has_bounced: bool = False
    """It is known already that it never got there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known about an arrived mail when the desk decides about it."""

    mail: Mail
    author: Address | None
    verdicts: Mapping[str, Verdict]
    """Question to verdict."""

    trust: Trust
    trust_because: str
    thread: Thread | None
    ticket: Ticket | None
    """The ticket that the thread joins."""

    duplicate_of: int | None
    """An earlier arrival of the same mail."""

    is_our_own: bool
    """Its Message-ID is one that we gave out, and it is not a delivery report."""

    bounced: SentMail | None
    """The mail of ours that this delivery report returns."""

    staff: str | None
    """Name of the person or other team to whom the author's address belongs."""

    def label(self, question: str) -> str | None:
        """The verdict's label; None when unsure or not asked."""
        verdict = self.verdicts.get(question)
        return verdict.label if verdict else None

    def because(self, question: str) -> str:
        """The verdict's reason."""
        verdict = self.verdicts.get(question)
        return verdict.because if verdict else "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a mail."""

    outcome: Outcome
    because: str
    event: Event | None = None
    ticket: int | None = None
    """The existing ticket that the event happens to."""

    link_to: int | None = None
    """A ticket that the new one is linked to, because a stranger speaks of it."""

    team: str | None = None


Rule = Callable[[Findings, Rules], Decision | None]


def decide(findings: Findings, rules: Rules) -> Decision:
    """The first rule that knows the mail decides; the last one knows every mail."""
    return next(decision for rule in RULES if (decision := rule(findings, rules)))


def _duplicate(findings: Findings, _: Rules) -> Decision | None:
    if findings.duplicate_of is None:
        return None
    because = f"the same mail as mail {findings.duplicate_of}: same Message-ID, author, date, subject and text"
    return Decision(outcome=Outcome.DUPLICATE, because=because)


def _our_own(findings: Findings, _: Rules) -> Decision | None:
    if not findings.is_our_own:
        return None
    return Decision(outcome=Outcome.UNRELATED, because="a copy of a mail that this desk wrote")


def _bounce(findings: Findings, _: Rules) -> Decision | None:
    if findings.label("kind") != "bounce":
        return None
    report, sent = findings.mail.bounce, findings.bounced
    if sent is None or sent.ticket is None or report is None:
        return Decision(outcome=Outcome.BOUNCE, because=f"{findings.because('kind')}; about no mail of this desk")
    because = f"our {sent.kind} to {sent.recipient} came back: {report.status or ''} {report.diagnostic}".strip()
    # Told once: whoever got the mail can write as many reports about it as they like.
    event = Event.BOUNCE_CAME if report.is_final and not sent.has_bounced else None
    return Decision(outcome=Outcome.BOUNCE, because=because, event=event, ticket=sent.ticket)


def _automatic(findings: Findings, _: Rules) -> Decision | None:
    """Never dropped, never answered, moves no clock: kept with its ticket (RFC 3834)."""
    if findings.label("kind") != "automatic":
        return None
    ticket = findings.thread.ticket if findings.thread and findings.thread.joins else None
    event = Event.AUTOMATIC_REPLY_CAME if ticket is not None else None
    return Decision(outcome=Outcome.AUTOMATIC, because=findings.because("kind"), event=event, ticket=ticket)


def _without_author(findings: Findings, _: Rules) -> Decision | None:
    if findings.author:
        return None
    because = "its From field names nobody who could be answered; read it, and write to the author if you know them"
    return Decision(outcome=Outcome.HELD, because=because)


def _from_the_desk(findings: Findings, rules: Rules) -> Decision | None:
    if findings.author is None or not rules.desk.owns(findings.author.address):
        return None
    because = f"its author is the desk's own address {findings.author.address}, and maild did not write it"
    return Decision(outcome=Outcome.HELD, because=because)


def _receipt(findings: Findings, _: Rules) -> Decision | None:
    """Whatever the receiving team answers under its token is its receipt: custody passes (PROCESS.md, hand off)."""
    ticket = findings.ticket
    if ticket is None or ticket.status is not Status.HANDED_OFF or findings.trust is Trust.CLAIMED:
        return None
    if ticket.team is None or findings.staff != ticket.team:
        return None
    because = f"{ticket.team} answered: it has this now"
    return Decision(outcome=Outcome.HAND_OFF, because=because, event=Event.HAND_OFF_CONFIRMED, ticket=ticket.number)


def _answer_in_copy(findings: Findings, _: Rules) -> Decision | None:
    """A person of the desk wrote to the client themselves and the desk in copy: the client has heard from us."""
    ticket = findings.ticket
    if ticket is None or findings.staff is None or findings.trust is Trust.CLAIMED:
        return None
    if ticket.client.casefold() not in {address.key for address in (*findings.mail.to, *findings.mail.cc)}:
        return None
    because = f"{findings.staff} answered {ticket.client} directly, with the desk in copy"
    return Decision(outcome=Outcome.RELAY, because=because, event=Event.TSM_ANSWERED, ticket=ticket.number)


def _from_staff(findings: Findings, _: Rules) -> Decision | None:
    """A TSM never becomes the client unasked; what they write about a ticket stays with it, unsent."""
    if findings.staff is None:
        return None
    thread = findings.thread
    if thread and thread.joins and findings.trust is not Trust.CLAIMED:
        because = f"{findings.staff} wrote about this ticket; kept here, and not relayed to the client"
        return Decision(outcome=Outcome.HELD, because=because, event=Event.STAFF_WROTE, ticket=thread.ticket)
    because = f"its author is {findings.staff} of the desk, and it touches no ticket by a valid token; nothing was sent"
    return Decision(outcome=Outcome.HELD, because=because)


def _bulk(findings: Findings, _: Rules) -> Decision | None:
    return _unwanted(findings, "bulk", Outcome.BULK)


def _spam(findings: Findings, _: Rules) -> Decision | None:
    return _unwanted(findings, "spam", Outcome.SPAM)


def _unwanted(findings: Findings, kind: str, outcome: Outcome) -> Decision | None:
    """A participant with a token is heard, whatever the header fields say."""
    is_heard = findings.thread is not None and findings.thread.joins and findings.trust is not Trust.CLAIMED
    if findings.label("kind") != kind or is_heard:
        return None
    return Decision(outcome=outcome, because=findings.because("kind"))


def _follow_up(findings: Findings, _: Rules) -> Decision | None:
    if findings.thread is None or not findings.thread.joins:
        return None
    return Decision(
        outcome=Outcome.FOLLOW_UP,
        because=findings.thread.because,
        event=Event.CLIENT_REPLIED,
        ticket=findings.thread.ticket,
    )


def _hand_off(findings: Findings, rules: Rules) -> Decision | None:
    if findings.label("technical") != "no":
        return None
    mail = findings.mail
    receiver = rules.receiver(findings.label("category"), f"{mail.subject}\n{mail.new_text}")
    if receiver is None:
        because = f"not technical ({findings.because('technical')}), and no team takes it: give [desk] front_team"
        return _new(findings, Outcome.TICKET, Event.LEFT_UNDECIDED, because)
    because = f"not technical: {findings.because('technical')}; {receiver.because}"
    return _new(findings, Outcome.HAND_OFF, Event.HANDED_OFF, because, team=receiver.team.name)


def _technical(findings: Findings, _: Rules) -> Decision | None:
    if findings.label("technical") != "yes":
        return None
    return _new(findings, Outcome.TICKET, Event.OPENED, f"technical: {findings.because('technical')}")


def _undecided(findings: Findings, _: Rules) -> Decision:
    because = f"technical or not is for a TSM to say: {findings.because('technical')}"
    return _new(findings, Outcome.TICKET, Event.LEFT_UNDECIDED, because)


def _new(findings: Findings, outcome: Outcome, event: Event, because: str, *, team: str | None = None) -> Decision:
    link_to = findings.thread.ticket if findings.thread else None
    return Decision(outcome=outcome, because=because, event=event, link_to=link_to, team=team)


RULES: Sequence[Rule] = (
    _duplicate,
    _our_own,
    _bounce,
    _automatic,
    _without_author,
    _from_the_desk,
    _receipt,
    _answer_in_copy,
    _from_staff,
    _bulk,
    _spam,
    _follow_up,
    _hand_off,
    _technical,
    _undecided,
)
