"""What is known about an arrived mail, and the decision about it: its outcome, what happens to which ticket, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from maild.classify.verdict import Verdict
from maild.mail.message import Address, Mail
from maild.process.guarding.leaks import Leak
from maild.process.people.team import Person
from maild.process.plan import Plan, Refusal
from maild.process.tap import Tap, TappedAnswer
from maild.process.thread import Thread
from maild.process.ticket import Event, Outcome, Ticket, Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail of ours that something came back for."""

    id: int
    """Row of the outbox."""

    ticket: int | None
    kind: str
    recipient: str
    has_bounced: bool = False
    """It is known already that it never got there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How far the closing of a ticket has come, when somebody of the client's side writes about it."""

    is_asked: bool = False
    """What the client was written last asks whether it works: a bare yes or no answers that."""

    closed_at: datetime | None = None
    """When it was closed last; None: it is not closed, or in a way that asks no client."""

    is_over: bool = False
    """The time is over in which it is taken up again."""

    was_proven: bool = False
    """Our mail server has vouched before for what the ticket's client wrote in it."""

    shift: str | None = None
    """Why the mail is about something else than the ticket; None: nothing says so."""


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

    held_copy: int | None = None
    """An earlier arrival of the same mail that is held, where this one proves more: it lies among what was sent."""

    is_our_own: bool
    """Its Message-ID is one that we gave out, and it is not a delivery report."""

    bounced: SentMail | None
    """The mail of ours that this delivery report returns."""

    staff: str | None
    """Name of the person or other team to whom the author's address belongs."""

    person: Person | None = None
    """The person of the desk to whom it belongs."""

    words: str = ""
    """What the mail says, as it is read where somebody of the house has written it: with its commands, without its quotes."""

    orders: Plan | Refusal | None = None
    """What a person of the desk wants done to the ticket; None where nobody of the desk speaks of one."""

    readers: tuple[str, ...] = ()
    """Addresses of the client's side that would get the words. Looked up only where whoever wrote them is asked about it."""

    is_in_copy: bool = False
    """Somebody of the house, or of another team, wrote to the client themselves, and to the desk beside them."""

    is_known_client: bool = False
    """The author has a ticket of this desk. Looked up only where it matters."""

    loop: str | None = None
    """Why a machine may be answering in a person's place; None: no sign of one."""

    is_placed: bool = False
    """Its author has said of which ticket it speaks, and has not confirmed it yet."""

    is_released: bool = False
    """The mail was held, and the person in whose name it came has released it."""

    is_asked_anew: bool = False
    """It was held, and nobody was asked whether its words may go to those who would get them now."""

    was_staff: bool = False
    """The author is a stranger now, and was told about the ticket as one of the house before."""

    is_sent: bool = False
    """It lies where mail clients put what they send: somebody wrote it in the name of the desk."""

    unproven_writer: Address | None = None
    """Whom it names as a form of the house would, and our server does not vouch for its From."""

    leaks: tuple[Leak, ...] = ()
    """What its words hold that this client should perhaps not see, or leave behind that they should perhaps see."""

    tap: Tap | None = None
    """The one-tap action by which it was sent."""

    answer: TappedAnswer | None = None
    """The tap of a client that it is."""

    has_words_inside: bool = False
    """Its author also wrote between the lines of what they quote, where no mail client marks it."""

    closing: Closing | None = None
    """Looked up only where somebody of the client's side writes to a ticket that is solved, closed or old."""

    @property
    def addressee(self) -> str | None:
        """Who of the house is written to about this mail: in whose name it came, or whose ticket it touches."""
        if self.tap is not None and not self.tap.is_by_owner:
            return self.tap.owner
        if self.was_staff and self.ticket is not None:
            return self.ticket.assignee
        return self.tap.owner if self.tap else self.staff

    @property
    def mail_author(self) -> str:
        """The author's address, for reasons."""
        return self.author.address if self.author else "nobody"

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

    branches_off: str | None = None
    """Why a mail of somebody who takes part in that ticket is a new one."""

    technical: bool | None = None
    """Whether the new ticket is technical, by its verdict or by a sure category; None: a person says."""

    is_as_before: bool = False
    """The new ticket is about the very thing that the old one was about."""

    team: str | None = None
    plan: Plan | None = None
    """What a person of the desk ordered, in place of one event."""

    refusal: Refusal | None = None
    """Why nothing was done that a person of the desk ordered."""

    release: int | None = None
    """The held mail that is taken in now."""

    drop: int | None = None
    """The held mail that is given up."""

    settles: int | None = None
    """The held mail that is the same as this one."""

    asks_whose: bool = False
    """Its author, a person of the desk, is asked whose ticket the mail is."""

    idle_because: str | None = None
    """Why a tap that is of no ticket did nothing: its owner is told."""

    uses: str | None = None
    """Token of the one-tap action that is used up."""

    repeats: str | None = None
    """Token of a choice that is made once more."""
