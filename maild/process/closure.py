"""Rules about what the client's side writes to a ticket that we say is solved, or that is closed or old."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from maild.classify.intent.coming_back import comes_back
from maild.classify.intent.reply_intent import TROUBLE
from maild.process.addressing import find_doubt_of_addressing
from maild.process.calendar import working_time_after
from maild.process.decision import Decision, Findings
from maild.process.rules import Rules
from maild.process.tap import TappedAnswer
from maild.process.ticket import Event, Outcome, Status, Ticket, Trust

CONTENT = frozenset({"resolved", "thanks"})

_SAYS: Mapping[str, str] = MappingProxyType({"works": "resolved", "fails": "not_resolved"})
"""What a tap says to the label that a person's own words would have had."""

_OWN_MATTER = frozenset({"resolved", "not_resolved", "partly", "thanks", "automatic"})
"""What is said about the ticket itself: such a mail is never torn away for being unlike it."""

_LESS_PROVEN = "your mail server has vouched for what they wrote before, and does not vouch for this"

_INSIDE = "between the lines of what they quote"


def reopens_until(closed_at: datetime, rules: Rules) -> datetime:
    """The end of the reopen window: hours and days are those of the clients, who do not count our office hours."""
    window = rules.policy.reopen_window
    if window.business_days:
        return working_time_after(closed_at, window, rules.priorities.calendar)
    return closed_at + window.clock + timedelta(days=window.days)


def answered(findings: Findings, rules: Rules) -> Decision | None:
    """Whether it works: who owns the ticket decides, if it is them; all others are heard."""
    ticket = findings.ticket
    if ticket is None or findings.thread is None or findings.closing is None or branches_off(findings):
        return None
    is_about = findings.thread.joins or findings.answer is not None
    is_ended = is_about and ticket.status in {Status.RESOLVED, Status.CLOSED}
    return _tapped_late(findings, ticket) or (_answer(findings, ticket, rules) if is_ended else None)


def _answer(findings: Findings, ticket: Ticket, rules: Rules) -> Decision:
    label, because = _meaning(findings, ticket)
    if label == "automatic":
        return _decided(findings, ticket, Event.AUTOMATIC_REPLY_CAME, because, outcome=Outcome.AUTOMATIC)
    if label == "thanks" or (ticket.status is Status.CLOSED and label in CONTENT):
        return _decided(findings, ticket, Event.CLIENT_THANKED, because)
    if doubt := _doubt(findings, ticket):
        return _decided(findings, ticket, Event.CLOSURE_HEARD, f"{doubt}; {because}")
    if doubt := _doubt_of_word(findings, label, rules):
        # Their own tap still works.
        return replace(_decided(findings, ticket, Event.CLOSURE_HEARD, f"{doubt}; {because}"), uses=None)
    if _is_with_team(ticket, rules):
        return _decided(findings, ticket, Event.HANDED_OFF, f"{ticket.team} has taken it, and gets what is added")
    return _decided(findings, ticket, _event(label), because)


def _is_with_team(ticket: Ticket, rules: Rules) -> bool:
    """Whether another team has taken it, as its client knows: what they add is for that team, with receipt again."""
    return ticket.status is Status.CLOSED and ticket.team in {team.name for team in rules.team.others}


def came_back(findings: Findings, _: Rules) -> Decision | None:
    """A tap that says too late that it fails: what nobody can read out of it, the old ticket knows."""
    tap, ticket, branch = findings.answer, findings.ticket, branches_off(findings)
    if tap is None or tap.says != "fails" or ticket is None or branch is None:
        return None
    return Decision(
        outcome=Outcome.TICKET,
        because=branch,
        event=Event.OPENED if ticket.technical else Event.LEFT_UNDECIDED,
        link_to=ticket.number,
        branches_off=branch,
        is_as_before=True,
        uses=tap.token,
    )


def branches_off(findings: Findings) -> str | None:
    """Why the mail of somebody who takes part is a new ticket, linked to theirs; None: it belongs to it, or is nobody's."""
    ticket, closing = findings.ticket, findings.closing
    tap = findings.answer
    is_idle = tap is not None and (tap.is_used or not tap.is_by_owner)
    if ticket is None or closing is None or findings.thread is None or not findings.thread.joins or is_idle:
        return None
    label, because = _meaning(findings, ticket)
    is_ended = ticket.status in {Status.RESOLVED, Status.CLOSED}
    if is_ended and label == "new_problem":
        return f"it tells of a new problem: {because}"
    if closing.shift is not None and label not in _OWN_MATTER:
        return f"it is about something else: {closing.shift}"
    is_trouble = label not in {*CONTENT, "automatic"}
    if ticket.status is Status.CLOSED and findings.trust is Trust.CLAIMED and is_trouble:
        return f"nothing proves that {findings.mail_author} wrote it, so what is closed stays closed ({because})"
    if closing.is_over and closing.closed_at is not None and is_trouble:
        return f"the ticket was closed on {closing.closed_at:%Y-%m-%d}, too long ago to take it up again ({because})"
    return None


def _event(label: str | None) -> Event:
    match label:
        case "resolved":
            return Event.CLIENT_CONFIRMED
        case "not_resolved" | "partly":
            return Event.CLIENT_DENIED
        case None:
            return Event.CLOSURE_UNCLEAR
        case _:
            return Event.CLIENT_REPLIED


def _meaning(findings: Findings, ticket: Ticket) -> tuple[str | None, str]:
    """What the mail says in its context, and why: by a tap, or in words that answer what we asked."""
    tap, words = findings.answer, findings.mail.new_text
    if tap is not None and not tap.is_used:
        return _tapped(tap, findings)
    if findings.has_words_inside:
        # The verdicts are about the words above the quote alone.
        return None, f"unsure: its author wrote more {_INSIDE}, and a person reads both"
    read, asked = findings.verdicts.get("reply_intent"), findings.verdicts.get("reply_intent_if_asked")
    label, because = findings.label("reply_intent"), findings.because("reply_intent")
    if findings.mail.handed_on and label in CONTENT:
        return None, "unsure: it forwards another mail, and a person reads both"
    if findings.closing and findings.closing.is_asked and asked and label in {None, "thanks"}:
        read, label, because = asked, asked.label, f"asked whether it works: {asked.because}"
    if (phrase := comes_back(words)) and label in {None, "resolved", "information"}:
        # Of what we say is solved, "it is back" may be said of the service, too; of what is closed nobody says that.
        label = "not_resolved" if ticket.status is Status.CLOSED else None
        return label, f"{label or 'unsure'}: “{phrase}”; {because}"
    if label == "resolved" and read and read.beside:
        return (
            None,
            f"unsure: it says that it works, and a person reads what was not understood beside it: “{read.beside}”; {because}",
        )
    return label, f"{label or 'unsure'}: {because}"


def _tapped(tap: TappedAnswer, findings: Findings) -> tuple[str | None, str]:
    """What a tap says, unless it says that it works and its author has more to say: that is for a person to read."""
    is_more = findings.label("reply_intent") in TROUBLE or bool(_not_understood(findings))
    if tap.says == "works" and (findings.has_words_inside or is_more):
        where = _INSIDE if findings.has_words_inside else "below it"
        return None, f"one tap says that it works, and there are words {where}"
    return _SAYS[tap.says], f"one tap: it {tap.says}"


def _not_understood(findings: Findings) -> str | None:
    """The first words below a tap that are not understood to be harmless, read as those of a reply are."""
    if not findings.mail.told.strip():
        return None
    read = findings.verdicts.get("words_below_tap") or findings.verdicts.get("reply_intent")
    return findings.mail.handed_on or (findings.mail.told if read is None else read.beside)


def _doubt(findings: Findings, ticket: Ticket) -> str | None:
    """Why the author's word does not decide."""
    author = findings.author
    if findings.answer is not None and not findings.answer.is_by_owner:
        return f"one tap of {ticket.client} came from another address, {findings.mail_author}"
    if author is None or author.key != ticket.client.casefold():
        return f"{findings.mail_author} takes part; whether it is solved is for {ticket.client} to say"
    if findings.trust is Trust.CLAIMED:
        return f"nothing proves that {ticket.client} wrote it, and it answers no mail that we wrote to them"
    return None


def _doubt_of_word(findings: Findings, label: str | None, rules: Rules) -> str | None:
    """Why "it works" need not have been said to us; that it does not work is heard at once."""
    author = findings.author
    if label != "resolved" or author is None:
        return None
    if findings.trust is Trust.PROVEN:
        return find_doubt_of_addressing(findings.mail, author, rules)
    # Whoever was in copy of an answer has seen the token in its address.
    is_less = findings.trust is Trust.TOKEN and rules.trust.method != "none"
    return _LESS_PROVEN if is_less and findings.closing and findings.closing.was_proven else None


def _tapped_late(findings: Findings, ticket: Ticket) -> Decision | None:
    """A tap that was used before, or is about what is in work again: alone it says nothing that is not known."""
    tap, is_ended = findings.answer, ticket.status in {Status.RESOLVED, Status.CLOSED}
    if tap is None or findings.mail.told.strip() or (is_ended and not tap.is_used):
        return None
    if not tap.is_used and tap.is_by_owner:
        return _decided(findings, ticket, Event.CLIENT_REPLIED, f"one tap says that it {tap.says}")
    because = "the tap was used before" if tap.is_used else f"one tap came from another address, {findings.mail_author}"
    return Decision(outcome=Outcome.FOLLOW_UP, because=f"{because}, and does nothing", ticket=ticket.number)


def _decided(
    findings: Findings, ticket: Ticket, event: Event, because: str, *, outcome: Outcome = Outcome.FOLLOW_UP
) -> Decision:
    tap = findings.answer
    uses = tap.token if tap is not None and tap.is_by_owner and not tap.is_used else None
    return Decision(outcome=outcome, because=because, event=event, ticket=ticket.number, uses=uses)
