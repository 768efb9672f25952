"""Simulated people of the desk: they answer, command, note, err, tap, escalate, and are away; all of it by mail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from benchmarks.simulated.cases import Case, SimulatedDesk
from benchmarks.simulated.cast import DESK, SERVER, ZONE, Member
from benchmarks.simulated.letters import Letter, Received, source_of
from benchmarks.simulated.taps import Tap, find_tap
from benchmarks.simulated.words import house_phrase, marks_in
from benchmarks.simulated.world import Issue, World
from maild.process.people.duty import next_duty
from maild.process.ticket import Role
from maild.replies.kinds import KINDS

UNVOUCHED = 0.03
"""Mails of the desk's people that their server does not vouch for: sent from a phone by another way."""

TAPPED = 0.2
"""New tickets that are decided by a tap, if there is one."""

AT_ONCE = 0.03
"""Answers that cross with one of the client."""

_DECIDED_BY_TAP = {"confirm": ("release",), "leak": ("relay",), "whose": ("new",)}
"""Kind of mail to the word of the link that is tapped."""

_AWAY_NOTE = "I am away from my desk."


class Answering(Protocol):
    """Chooses what to write about a case; None: nothing."""

    def __call__(self, case: Case, person: "SimulatedMember", /) -> str | None:
        """The text, commands first."""


@dataclass(kw_only=True)
class SimulatedMember:
    """One person of the desk."""

    member: Member
    world: World
    answering: Answering
    start: datetime
    desk: SimulatedDesk
    _sent: int = 0
    _pending: set[int] = field(default_factory=set)
    _told_away: set[str] = field(default_factory=set)

    def hear(self, received: Received) -> None:
        """A mail of maild: to be tapped, answered, or left."""
        if self._is_away():
            self._answer_by_machine(received)
        if received.kind in _DECIDED_BY_TAP:
            tap = find_tap(received, *_DECIDED_BY_TAP[received.kind])
            if tap is not None and not marks_in(received.text, "F"):
                self._later(0.2, lambda: self.tap(tap))
            return
        kind = KINDS.get(received.kind)
        if (kind and kind.is_internal_thread) or self.member.role is Role.ENGINEER:
            self._join_internal_thread(received)
            return
        case = self.desk.case_of(received)
        if case is not None and case.number not in self._pending:
            self._take_up(case)

    def _take_up(self, case: Case) -> None:
        tap = self._quick_tap(case)
        text = None if tap else self.answering(case, self)
        if tap is not None:
            self._later(1.0, lambda: self.tap(tap))
        if text is not None:
            self._pending.add(case.number)
            self._later(self.world.chance.lognormvariate(0.6, 1.2), lambda: self._answer(case, text))

    def _answer(self, case: Case, text: str) -> None:
        self._pending.discard(case.number)
        self.desk.answers[case.number] += 1
        self.write(case.received, text)
        if self.world.chance.random() < AT_ONCE:
            self.desk.let_client_write(case.issue)

    def public(self, case: Case, words: str) -> str:
        """Words for the client, with a mark that tells later whom they reached."""
        mark = self.world.marks.next("P")
        self.world.truth.relays[mark] = case.issue.client
        return f"{words} ({mark})"

    def internal(self, who: str) -> str:
        """Words that must never leave the house."""
        return f"{house_phrase(self.world.chance, who)} {self.world.marks.next('N')}"

    def _later(self, hours: float, act: Callable[[], None]) -> None:
        """After so many hours, at the person's next duty."""
        at = self.world.now + timedelta(hours=min(hours, 60))
        rules = self.world.rules
        person = rules.team.person_at(self.member.address)
        duty = next_duty(person, at, rules.priorities.calendar) if person else None
        self.world.plan(duty or at, act)

    def write(self, received: Received, text: str, *, cc: str = "") -> None:
        """Answer a mail of the desk, in this person's mail client."""
        self._sent += 1
        is_vouched = self.world.chance.random() >= UNVOUCHED
        letter = Letter(
            name=self.member.name,
            address=self.member.address,
            to=str(received.message["Reply-To"] or received.message["From"]),
            cc=cc,
            subject=f"Re: {received.message['Subject']}",
            words=text,
            message_id=self._message_id(),
            at=self.world.now.astimezone(ZoneInfo(ZONE)),
            shape=self.member.shape,
            answers=received,
            fields=self._results() if is_vouched else (),
        )
        self.world.arrive(source_of(letter))

    def _quick_tap(self, case: Case) -> Tap | None:
        """What a new ticket is about, by tap, where the mail offers the right one."""
        topic = case.issue.topic
        if case.received.kind != "assignment" or self.world.chance.random() > TAPPED:
            return None
        return find_tap(case.received, topic.category or topic.team or "")

    def tap(self, tap: Tap) -> None:
        """Send what the link prepares."""
        self._sent += 1
        letter = Letter(
            name=self.member.name,
            address=self.member.address,
            to=tap.to,
            subject=tap.subject,
            words="",
            message_id=self._message_id(),
            at=self.world.now.astimezone(ZoneInfo(ZONE)),
            shape="mobile",
            fields=self._results(),
        )
        self.world.arrive(source_of(letter))

    def forward(self, issue: Issue) -> None:
        """A client has written to this person alone: they hand it to the desk."""
        self._sent += 1
        subject, text = issue.topic.texts[issue.language]
        client = issue.client
        words = (
            f"{self.internal('note')}\n\n---------- Forwarded message ---------\nFrom: Client <{client}>\n"
            f"Date: {self.world.now:%a, %d %b %Y at %H:%M}\nSubject: {subject}\nTo: {self.member.address}\n\n"
            f"{text} ({issue.mark})"
        )
        letter = Letter(
            name=self.member.name,
            address=self.member.address,
            to=DESK,
            subject=f"Fwd: {subject}",
            words=words,
            message_id=self._message_id(),
            at=self.world.now.astimezone(ZoneInfo(ZONE)),
            fields=self._results(),
        )
        self.world.arrive(source_of(letter))

    def _join_internal_thread(self, received: Received) -> None:
        """Engineers, and whoever asked them, talk; some answer to all, the client too."""
        chance, is_engineer = self.world.chance, self.member.role is Role.ENGINEER
        case = self.desk.case_of(received)
        if case is None or chance.random() > (0.6 if received.kind == "dossier" else 0.12):
            return
        cc = case.issue.client if is_engineer and chance.random() < 0.2 else ""
        text = self.internal("engineer" if is_engineer else "note")
        self._later(chance.expovariate(0.2), lambda: self.write(received, text, cc=cc))

    def _is_away(self) -> bool:
        away, day = self.member.away, (self.world.now - self.start).days
        return away is not None and away[0] <= day <= away[1]

    def _answer_by_machine(self, received: Received) -> None:
        """An out-of-office note of the house: its words are internal, too."""
        subject = str(received.message["Subject"])
        if subject in self._told_away:
            return
        self._told_away.add(subject)
        self._sent += 1
        letter = Letter(
            name=self.member.name,
            address=self.member.address,
            to=str(received.message["Reply-To"] or DESK),
            subject=f"Automatic reply: {subject}",
            words=f"{_AWAY_NOTE} {self.world.marks.next('N')}",
            message_id=self._message_id(),
            at=self.world.now.astimezone(ZoneInfo(ZONE)),
            shape="mobile",
            answers=received,
            fields=(*self._results(), ("Auto-Submitted", "auto-replied")),
        )
        source = source_of(letter)
        self.world.plan(self.world.now + timedelta(seconds=20), lambda: self.world.arrive(source))

    def _message_id(self) -> str:
        return f"<{self.member.name.split()[0].lower()}.{self._sent}@acme.example>"

    def _results(self) -> tuple[tuple[str, str], ...]:
        return (("Authentication-Results", f"{SERVER}; dmarc=pass header.from=acme.example"),)
