"""Decide about a mail: the first rule that knows it decides, and the last one knows every mail. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from maild.classify.telephone import QUESTION
from maild.process import closure, house
from maild.process.decision import Decision, Findings
from maild.process.rules import Rules
from maild.process.ticket import Event, Outcome, Trust

Rule = Callable[[Findings, Rules], Decision | None]


def decide(findings: Findings, rules: Rules) -> Decision:
    """The first rule that knows the mail decides; the last one knows every mail."""
    return next(decision for rule in RULES if (decision := rule(findings, rules)))


def with_limits(decision: Decision, findings: Findings) -> Decision:
    """The decision, with what was read of a mail that is too long, and where the whole is."""
    if findings.mail.whole is None:
        return decision
    because = f"{decision.because}; it is too long, only its beginning was read, and the whole is kept as {findings.mail.whole}"
    return replace(decision, because=because)


def _duplicate(findings: Findings, _: Rules) -> Decision | None:
    if findings.duplicate_of is None:
        return None
    because = f"the same mail as mail {findings.duplicate_of}: same author, date and text"
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
    because = "it has no From field; read it, and write to the author if you know them"
    if any(name == "from" for name, _ in findings.mail.headers):
        because = "its From field names nobody who could be answered; read it, and write to the author if you know them"
    return Decision(outcome=Outcome.HELD, because=because)


def _bulk(findings: Findings, _: Rules) -> Decision | None:
    return _unwanted(findings, "bulk", Outcome.BULK)


def _spam(findings: Findings, _: Rules) -> Decision | None:
    return _unwanted(findings, "spam", Outcome.SPAM)


def _unwanted(findings: Findings, kind: str, outcome: Outcome) -> Decision | None:
    """A participant with a token is heard, whatever the header fields say; a known client, whatever the text reads like."""
    is_heard = findings.thread is not None and findings.thread.joins and findings.trust is not Trust.CLAIMED
    # Only where header fields said nothing were the other questions asked.
    is_by_text = "technical" in findings.verdicts
    if findings.label("kind") != kind or is_heard or (is_by_text and findings.is_known_client):
        return None
    return Decision(outcome=outcome, because=findings.because("kind"))


def _follow_up(findings: Findings, _: Rules) -> Decision | None:
    if findings.thread is None or not findings.thread.joins or closure.branches_off(findings):
        return None
    because, ticket = findings.thread.because, findings.ticket
    if ticket and findings.author and findings.author.key != ticket.client.casefold():
        because = f"{findings.author.address}, who takes part beside {ticket.client}, wrote it: {because}"
    return Decision(
        outcome=Outcome.FOLLOW_UP,
        because=because,
        event=Event.CLIENT_REPLIED,
        ticket=findings.thread.ticket,
    )


def _whether_technical(findings: Findings, rules: Rules) -> tuple[str | None, str]:
    """`yes`, `no` or None, and why; a sure category speaks where the verdict itself leans its way and is not sure."""
    verdict, category = findings.verdicts.get("technical"), rules.categories.get(findings.label("category") or "")
    if verdict and verdict.label is None and category:
        implied = "yes" if category.technical else "no"
        if verdict.likely[:1] == (implied,):
            is_so = "is" if category.technical else "is not"
            return implied, f"it is about {category.name}, which {is_so} technical ({findings.because('category')})"
    return findings.label("technical"), findings.because("technical")


def _voice_message(findings: Findings, rules: Rules) -> Decision | None:
    """A client's words that nobody has heard yet are handed to no other team unheard."""
    if findings.label(QUESTION) != "yes" or _whether_technical(findings, rules)[0] == "yes":
        return None
    because = f"somebody left it on the telephone, so a TSM hears it first: {findings.because(QUESTION)}"
    return _new(findings, Outcome.TICKET, Event.LEFT_UNDECIDED, because)


def _hand_off(findings: Findings, rules: Rules) -> Decision | None:
    label, why = _whether_technical(findings, rules)
    if label != "no":
        return None
    mail = findings.mail
    text = f"{mail.subject}\n{mail.told}"
    receiver = rules.receiver(findings.label("category"), text, findings.verdicts.get("team"))
    if receiver is None:
        because = f"not technical ({why}), and no team takes it: give [desk] front_team"
        return _new(findings, Outcome.TICKET, Event.LEFT_UNDECIDED, because, technical=False)
    because = f"not technical: {why}; {receiver.because}"
    return _new(findings, Outcome.HAND_OFF, Event.HANDED_OFF, because, technical=False, team=receiver.team.name)


def _technical(findings: Findings, rules: Rules) -> Decision | None:
    label, why = _whether_technical(findings, rules)
    if label != "yes":
        return None
    return _new(findings, Outcome.TICKET, Event.OPENED, f"technical: {why}", technical=True)


def _undecided(findings: Findings, _: Rules) -> Decision:
    because = f"technical or not is for a TSM to say: {findings.because('technical')}"
    return _new(findings, Outcome.TICKET, Event.LEFT_UNDECIDED, because)


def _new(
    findings: Findings,
    outcome: Outcome,
    event: Event,
    because: str,
    *,
    technical: bool | None = None,
    team: str | None = None,
) -> Decision:
    link_to = findings.thread.ticket if findings.thread else None
    branch = closure.branches_off(findings)
    return Decision(
        outcome=outcome,
        because=f"{branch}; {because}" if branch else because,
        event=event,
        link_to=link_to,
        branches_off=branch,
        technical=technical,
        team=team,
    )


RULES: Sequence[Rule] = (
    _duplicate,
    _our_own,
    house.sent_by_hand,
    _bounce,
    _automatic,
    _without_author,
    house.from_a_form,
    house.from_the_desk,
    house.tapped,
    house.left_the_house,
    house.receipt,
    house.answer_in_copy,
    house.ordered,
    house.from_staff,
    _bulk,
    _spam,
    closure.answered,
    closure.came_back,
    _follow_up,
    _voice_message,
    _hand_off,
    _technical,
    _undecided,
)
