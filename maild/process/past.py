"""The decision about a mail of the past: what it was, and which ticket it belongs to. Nobody is told. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from maild.classify.verdict import Verdict
from maild.mail.message import Address
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.process.thread import Thread
from maild.process.ticket import Event, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Whose mails are answers of the desk, and no client's."""

    rules: Rules
    further: frozenset[str] = frozenset()
    """Addresses of people who have left, or whole domains as `@acme.example`; case folded."""

    def wrote(self, address: Address) -> bool:
        """Whether the address is the desk's, a colleague's or another team's."""
        return bool(
            self.rules.desk.owns(address.address)
            or self.rules.team.at(address.address)
            or {address.key, f"@{address.domain}"} & self.further
        )

    def person_behind(self, author: Address | None) -> Person | None:
        """The person of the desk who wrote, under an address of their own or by name under the desk's."""
        if author is None:
            return None
        people = self.rules.team.people if self.rules.desk.owns(author.address) else ()
        named = next((person for person in people if person.name.casefold() == author.name.casefold()), None)
        return named or self.rules.team.person_at(author.address)


class Part(StrEnum):
    """What a mail was in its ticket, as told by an archive that knows tickets."""

    QUESTION = "question"
    """It began one, whatever its words look like."""

    FOLLOW_UP = "follow_up"
    ANSWER = "answer"
    """The client saw it."""

    NOTE = "note"
    """Only the house saw it."""


BY_THE_DESK = frozenset({Part.ANSWER, Part.NOTE})
LATER = frozenset({Part.FOLLOW_UP, *BY_THE_DESK})
"""They belong to the ticket that they name, whoever wrote them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFindings:
    """What is known about a mail of the past when it is decided about."""

    author: Address | None
    is_ours: bool
    """Somebody of the desk or of another team wrote it."""

    written_to: Address | None
    """The first recipient who is not of the desk."""

    verdicts: Mapping[str, Verdict]
    thread: Thread | None
    duplicate_of: int | None
    part: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """What a mail of the past was."""

    outcome: Outcome
    because: str
    client: Address | None = None
    """Of a ticket that begins with it."""

    ticket: int | None = None
    """The ticket that it belongs to."""

    event: Event | None = None
    link_to: int | None = None
    """A ticket that a stranger speaks of."""


Rule = Callable[[PastFindings], PastDecision | None]


def decide_past(findings: PastFindings) -> PastDecision:
    """The first rule that knows the mail decides; the last one knows every mail."""
    return next(decision for rule in RULES if (decision := rule(findings)))


def _duplicate(findings: PastFindings) -> PastDecision | None:
    if findings.duplicate_of is None:
        return None
    because = f"the same mail as mail {findings.duplicate_of}: same author, date and text"
    return PastDecision(outcome=Outcome.DUPLICATE, because=because)


def _of_a_machine(findings: PastFindings) -> PastDecision | None:
    kind = _kind(findings)
    if findings.part or kind is None or kind.label not in {"bounce", "automatic"}:
        return None
    joined = _joined(findings)
    event = Event.AUTOMATIC_REPLY_CAME if joined is not None and kind.label == "automatic" else None
    ticket = joined if event else None
    return PastDecision(outcome=Outcome(kind.label), because=kind.because, ticket=ticket, event=event)


def _without_author(findings: PastFindings) -> PastDecision | None:
    if findings.author is not None:
        return None
    return PastDecision(outcome=Outcome.UNRELATED, because="its From field names nobody")


def _note(findings: PastFindings) -> PastDecision | None:
    joined = _joined(findings)
    if findings.part is not Part.NOTE:
        return None
    because = "a note of the house; no client saw it"
    if joined is None:
        return PastDecision(outcome=Outcome.UNRELATED, because=because)
    return PastDecision(outcome=Outcome.COMMAND, because=because, ticket=joined, event=Event.NOTED)


def _answer(findings: PastFindings) -> PastDecision | None:
    if not findings.is_ours or findings.part is Part.QUESTION:
        return None
    joined = _joined(findings)
    if joined is not None:
        because = f"the desk's answer to its client: {_why_joined(findings)}"
        return PastDecision(outcome=Outcome.RELAY, because=because, ticket=joined, event=Event.TSM_ANSWERED)
    if findings.written_to is None:
        return PastDecision(outcome=Outcome.UNRELATED, because="written inside the house, and to no client")
    because = f"the desk wrote first, to {findings.written_to.address}"
    return PastDecision(outcome=Outcome.TICKET, because=because, client=findings.written_to)


def _unwanted(findings: PastFindings) -> PastDecision | None:
    kind = _kind(findings)
    if findings.part or kind is None or kind.label not in {"bulk", "spam"} or _joined(findings) is not None:
        return None
    return PastDecision(outcome=Outcome(kind.label), because=kind.because)


def _follow_up(findings: PastFindings) -> PastDecision | None:
    joined = _joined(findings)
    if joined is None:
        return None
    return PastDecision(
        outcome=Outcome.FOLLOW_UP, because=_why_joined(findings), ticket=joined, event=Event.CLIENT_REPLIED
    )


def _first_of_its_thread(findings: PastFindings) -> PastDecision:
    link_to = findings.thread.ticket if findings.thread else None
    because = "the first mail of its thread"
    return PastDecision(outcome=Outcome.TICKET, because=because, client=findings.author, link_to=link_to)


def _joined(findings: PastFindings) -> int | None:
    thread = findings.thread
    return thread.ticket if thread and (thread.joins or findings.part in LATER) else None


def _why_joined(findings: PastFindings) -> str:
    if findings.part in LATER:
        return "its archive has it in that ticket"
    return findings.thread.because if findings.thread else ""


def _kind(findings: PastFindings) -> Verdict | None:
    return findings.verdicts.get("kind")


RULES: Sequence[Rule] = (
    _duplicate,
    _of_a_machine,
    _without_author,
    _note,
    _answer,
    _unwanted,
    _follow_up,
    _first_of_its_thread,
)
