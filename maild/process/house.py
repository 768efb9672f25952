"""Rules about mails of the house: of the desk itself, of its people, and of other teams."""

from dataclasses import replace

from maild.process.authority import find_doubt, find_doubt_of_copy, find_reach, say_reach
from maild.process.decision import Decision, Findings
from maild.process.guarding.leaks import in_words
from maild.process.plan import Refusal, Step
from maild.process.rules import Rules
from maild.process.tap import Tap
from maild.process.ticket import Event, Outcome, Role, Status, Trust

DROP = "/drop"
"""What a tap orders that gives a held mail up."""

OWN = "/own "
"""What a tap orders that places a person's own words in the ticket of this number; they are shown all of them then, and asked."""

FOLLOW = "/follow "
"""What a tap orders that places what somebody forwards in the ticket of this number."""

_GIVEN_UP = "the message that it is about was given up before this; send it again if you want it to happen after all"
_OVER = "the message that it is about is no longer being held, and what became of it stays as it is"


def from_the_desk(findings: Findings, rules: Rules) -> Decision | None:
    """The desk's own address never becomes a client of itself."""
    if findings.author is None or not rules.desk.owns(findings.author.address):
        return None
    because = f"its author is the desk's own address {findings.author.address}, and maild did not write it"
    return Decision(outcome=Outcome.HELD, because=because)


def from_a_form(findings: Findings, _: Rules) -> Decision | None:
    """What only looks like a form of the house is for a person to see: anybody can write its address into From."""
    writer = findings.unproven_writer
    if writer is None or findings.is_sent:
        return None
    because = (
        f"it reads as if a contact form of yours had handed on what {writer.address} wrote, and your mail server does not vouch "
        f"for {findings.mail_author}: look at it; name that address in [desk] own_lists if your form cannot sign its mail, "
        "and let it be taken in again"
    )
    return Decision(outcome=Outcome.HELD, because=because)


def sent_by_hand(findings: Findings, rules: Rules) -> Decision | None:
    """What a mail client sent from the shared mailbox is the desk's answer, and never a command (CONTRACT.md, Commands)."""
    if not findings.is_sent:
        return None
    if findings.author is None or not rules.desk.owns(findings.author.address):
        return Decision(outcome=Outcome.UNRELATED, because="sent by hand, and not from an address of the desk")
    if findings.ticket is None:
        return Decision(outcome=Outcome.UNRELATED, because="sent by hand from the desk's mailbox; it touches no ticket")
    because = f"the desk answered {findings.ticket.client} by hand, from its own mailbox"
    return Decision(
        outcome=Outcome.RELAY,
        because=because,
        event=Event.ANSWERED_DIRECTLY,
        ticket=findings.ticket.number,
        settles=findings.held_copy,
    )


def receipt(findings: Findings, _: Rules) -> Decision | None:
    """Whatever the receiving team answers under its token is its receipt: custody passes (PROCESS.md, hand off)."""
    ticket = findings.ticket
    if ticket is None or ticket.status is not Status.HANDED_OFF or findings.trust is Trust.CLAIMED:
        return None
    if ticket.team is None or findings.staff != ticket.team or findings.orders is not None:
        return None
    because = f"{ticket.team} answered: it has this now"
    return Decision(outcome=Outcome.HAND_OFF, because=because, event=Event.HAND_OFF_CONFIRMED, ticket=ticket.number)


def answer_in_copy(findings: Findings, rules: Rules) -> Decision | None:
    """A person of the desk wrote to the client themselves and the desk in copy: the client has heard from us.

    Once they have confirmed that it is theirs it is still no answer to relay: the client has it.
    """
    ticket = findings.ticket
    if ticket is None or findings.staff is None or not findings.is_in_copy:
        return None
    if doubt := find_doubt_of_copy(findings, rules):
        because = f"in the name of {findings.addressee}, who seems to have written to {ticket.client} directly: {doubt}"
        return Decision(outcome=Outcome.HELD, because=because, event=Event.CONFIRMATION_ASKED, ticket=ticket.number)
    if isinstance(findings.orders, Refusal):
        return _not_done(findings.orders, ticket.number)
    because = f"{findings.staff} answered {ticket.client} directly, with the desk in copy"
    return Decision(outcome=Outcome.RELAY, because=because, event=Event.ANSWERED_DIRECTLY, ticket=ticket.number)


def tapped(findings: Findings, _: Rules) -> Decision | None:
    """A one-tap action releases a held mail; one that gives commands is `ordered`. Each works once, for one person."""
    tap = findings.tap
    if tap is None:
        return None
    if not tap.is_by_owner:
        because = f"one tap of {tap.owner or tap.person} came from another address, {findings.mail_author}: {tap.does}"
        if findings.readers:
            because = f"{because}; {say_reach(findings.readers, is_shared=False)}"
        is_asked = not tap.is_used and tap.owner is not None
        if is_asked and tap.ticket is None:
            told = f"one tap came from another address, {findings.mail_author}"
            return Decision(outcome=Outcome.HELD, because=because, idle_because=told)
        event = Event.CONFIRMATION_ASKED if is_asked else None
        return Decision(outcome=Outcome.HELD, because=because, event=event, ticket=tap.ticket)
    return _by_owner(tap) if tap.mail is not None or tap.is_used else None


def _by_owner(tap: Tap) -> Decision:
    """What a tap does about a held mail; nothing where it was used, unless it only asks: what asks may have been withheld."""
    if tap.is_used and tap.orders.startswith(OWN) and tap.came_to is Outcome.HELD:
        return replace(_releasing(tap), uses=None, repeats=tap.token)
    if tap.is_used:
        return _refused(tap, "this was already done when you tapped it before")
    if tap.came_to not in {None, Outcome.HELD}:
        return _refused(tap, _GIVEN_UP if tap.came_to is Outcome.UNRELATED else _OVER)
    if tap.orders == DROP:
        because = f"{tap.owner} gave up mail {tap.mail}"
        return Decision(outcome=Outcome.COMMAND, because=because, drop=tap.mail, uses=tap.token)
    return _releasing(tap)


def _releasing(tap: Tap) -> Decision:
    because = f"{tap.owner} released mail {tap.mail}"
    return Decision(outcome=Outcome.COMMAND, because=because, release=tap.mail, uses=tap.token)


def left_the_house(findings: Findings, _: Rules) -> Decision | None:
    """Who was told about a ticket as one of the house, and is none of it now, does not become its client by that."""
    if not findings.was_staff or findings.is_released or findings.thread is None:
        return None
    because = f"{findings.mail_author} was of the house when this ticket was theirs, and is not now; nothing was done"
    return Decision(
        outcome=Outcome.HELD, because=because, event=Event.CONFIRMATION_ASKED, ticket=findings.thread.ticket
    )


def _refused(tap: Tap, trouble: str) -> Decision:
    refusal = Refusal(lines=(("one tap", trouble),))
    number = _ticket_of(tap)
    if number is None:
        return Decision(outcome=Outcome.COMMAND, because=trouble, refusal=refusal, idle_because=trouble)
    return Decision(
        outcome=Outcome.COMMAND, because=trouble, event=Event.COMMAND_REFUSED, ticket=number, refusal=refusal
    )


def _ticket_of(tap: Tap) -> int | None:
    """The ticket of which the tap is; of the question whose ticket it is, the one that it names."""
    placing = next((word for word in (OWN, FOLLOW) if tap.orders.startswith(word)), None)
    return tap.ticket if tap.ticket is not None or placing is None else int(tap.orders.removeprefix(placing))


def ordered(findings: Findings, rules: Rules) -> Decision | None:
    """What a person of the desk writes about a ticket happens: all of it, or nothing, or after their confirmation."""
    ticket, orders = findings.ticket, findings.orders
    if ticket is None or orders is None:
        return None
    if doubt := find_doubt(findings, rules):
        because = f"in the name of {findings.addressee}, and held until they confirm it: {doubt}"
        return Decision(outcome=Outcome.HELD, because=because, event=Event.CONFIRMATION_ASKED, ticket=ticket.number)
    uses = findings.tap.token if findings.tap else None
    if isinstance(orders, Refusal):
        return _not_done(orders, ticket.number)
    if findings.leaks:
        return _leaking(findings, ticket.number)
    is_answer = all(step.event is Event.TSM_ANSWERED for step in orders.steps)
    return Decision(
        outcome=Outcome.RELAY if is_answer else Outcome.COMMAND,
        because=f"{findings.addressee}: {', '.join(_done(findings, step) for step in orders.steps)}",
        ticket=ticket.number,
        plan=orders,
        uses=uses,
    )


def _not_done(refusal: Refusal, number: int) -> Decision:
    because = f"nothing was done: {refusal.because}"
    return Decision(
        outcome=Outcome.COMMAND, because=because, event=Event.COMMAND_REFUSED, ticket=number, refusal=refusal
    )


def _done(findings: Findings, step: Step) -> str:
    """What a step did, in words that need not name its doer again."""
    return step.because.removeprefix(f"{findings.addressee} ")


def _leaking(findings: Findings, number: int) -> Decision:
    """Nothing is sent before whoever wrote it has looked again; the reasons in the history hold no secret."""
    because = f"the words to the client wait for one tap: {in_words(findings.leaks)}; {find_reach(findings)}"
    found = Refusal(lines=tuple((leak.found, leak.because) for leak in findings.leaks))
    return Decision(outcome=Outcome.HELD, because=because, event=Event.RELAY_HELD, ticket=number, refusal=found)


def from_staff(findings: Findings, _: Rules) -> Decision | None:
    """A TSM never becomes the client unasked; what they write about a ticket stays with it, unsent."""
    if findings.staff is None:
        return None
    thread = findings.thread
    if thread and thread.joins and findings.trust is not Trust.CLAIMED:
        because = f"{findings.staff} wrote about this ticket; kept here, and not relayed to the client"
        return Decision(outcome=Outcome.HELD, because=because, event=Event.STAFF_WROTE, ticket=thread.ticket)
    because = f"its author is {findings.staff} of the desk, and it touches no ticket by a valid token; nothing was sent"
    is_asked = findings.person is not None and findings.person.role is not Role.TEAM
    return Decision(outcome=Outcome.HELD, because=because, asks_whose=is_asked)
