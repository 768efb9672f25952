"""What is known about an arrived mail, and the decision about it: its outcome, what happens to which ticket, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.classify.verdict import Verdict
from maild.mail.message import Address, Mail
from maild.process.plan import Plan, Refusal
from maild.process.team import Person
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
    subject: str
    has_bounced: bool = False
    """It is known already that it never got there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A one-tap action that a mail carries."""

    token: str
    person: str
    """Key of the address to which it was mailed."""

    ticket: int | None
    mail: int | None
    """The held mail that it releases."""

    is_used: bool
    is_by_owner: bool
    """The mail's author is the person to whom it was mailed."""


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

    person: Person | None = None
    """The person of the desk to whom it belongs."""

    orders: Plan | Refusal | None = None
    """What a person of the desk wants done to the ticket; None where nobody of the desk speaks of one."""

    is_known_client: bool = False
    """The author has a ticket of this desk. Looked up only where it matters."""

    loop: str | None = None
    """Why a machine may be answering in a person's place; None: no sign of one."""

    is_released: bool = False
    """The mail was held, and the person in whose name it came has released it."""

    tap: Tap | None = None
    """The one-tap action by which it was sent."""

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
    plan: Plan | None = None
    """What a person of the desk ordered, in place of one event."""

    refusal: Refusal | None = None
    """Why nothing was done that a person of the desk ordered."""

    release: int | None = None
    """The held mail that is taken in now."""

    uses: str | None = None
    """Token of the one-tap action that is used up."""
