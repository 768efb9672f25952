"""Simulated clients: they write, answer, thank, fall silent, mistake the thread, and are away."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from benchmarks.simulated.cast import DESK, ZONE, Client
from benchmarks.simulated.letters import Letter, Received, source_of
from benchmarks.simulated.words import Topic, marks_in, phrase, topics
from benchmarks.simulated.world import Issue, World

MOST_TURNS = 5
REPEATED, WITH_COLLEAGUE, COLLEAGUE_ANSWERS = 0.02, 0.06, 0.3
_REACTIONS = {"answer": 0.3, "works": 0.16, "fails": 0.1, "wrong thread": 0.04, "silence": 0.4}


@dataclass(kw_only=True)
class SimulatedClient:
    """One client with all their issues."""

    client: Client
    world: World
    _turns: dict[str, int] = field(default_factory=dict)
    """Mark of the issue to how often they wrote about it."""

    _answered_by_machine: set[str] = field(default_factory=set)

    def begin(self, topic: Topic | None = None, *, answers: Received | None = None) -> None:
        """Write about something new; by mistake, perhaps, as an answer to an old mail."""
        world, issue = self.world, self.have_issue(topic)
        topic = issue.topic
        subject, text = topic.texts[issue.language]
        cc = self._colleague if world.chance.random() < WITH_COLLEAGUE else ""
        self._write(issue.mark, subject, text, answers=answers, cc=cc)

    def have_issue(self, topic: Topic | None = None) -> Issue:
        """Something does not work; nobody knows yet."""
        world = self.world
        topic = topic or world.chance.choice(topics())
        mark = world.marks.next("C")
        issue = Issue(mark=mark, client=self.client.address, topic=topic, language=self.client.language)
        world.truth.issues[mark] = issue
        return issue

    def hear(self, received: Received) -> None:
        """The desk has written."""
        mark = next(iter(marks_in(received.text, "C")), None) or self._mark_of(received)
        if self._is_away():
            self._answer_by_machine(received)
        if mark is None or self._turns.get(mark, 0) >= MOST_TURNS:
            return
        reaction = self._reaction(received)
        if reaction != "silence":
            delay = timedelta(hours=min(self.world.chance.lognormvariate(1.0, 1.3), 120))
            self.world.plan(self.world.now + delay, lambda: self._react(received, mark, reaction))

    def _mark_of(self, received: Received) -> str | None:
        """By the subject, if nothing is quoted: the newest issue of that subject."""
        subject = str(received.message["Subject"])
        mine = [issue for issue in self.world.truth.issues.values() if issue.client == self.client.address]
        return next((i.mark for i in reversed(mine) if i.topic.texts[i.language][0] in subject), None)

    def _reaction(self, received: Received) -> str:
        chance = self.world.chance
        if received.kind == "acknowledgement":
            return "answer" if chance.random() < 0.08 else "silence"
        if received.kind == "handed_off_notice":
            return "silence"
        if received.kind not in {"answer", "verification"}:
            return "answer" if chance.random() < 0.5 else "silence"
        return chance.choices(list(_REACTIONS), list(_REACTIONS.values()))[0]

    def _react(self, received: Received, mark: str, reaction: str) -> None:
        if reaction == "wrong thread":
            self.begin(answers=received)
            return
        text = phrase(self.world.chance, "client", self.client.language, reaction)
        self._write(mark, "", text, answers=received)

    def _write(self, mark: str, subject: str, text: str, *, answers: Received | None, cc: str = "") -> None:
        world, client = self.world, self.client
        self._turns[mark] = self._turns.get(mark, 0) + 1
        letter = Letter(
            name=client.name,
            address=client.address,
            to=str(answers.message["Reply-To"] or answers.message["From"]) if answers else DESK,
            cc=cc,
            subject=f"Re: {answers.message['Subject']}" if answers else subject,
            words=f"{text} ({mark})",
            message_id=f"<{mark.lower()}.{self._turns[mark]}@{client.address.partition('@')[2]}>",
            at=world.now.astimezone(ZoneInfo(ZONE)),
            shape=client.shape,
            answers=answers,
            fields=self._results(),
        )
        source = source_of(letter)
        world.arrive(source)
        if world.chance.random() < REPEATED:
            world.truth.repeated += 1
            again = b"Received: from relay.example by other.example; Mon, 5 Oct 2026 10:00:00 +0000\r\n" + source
            world.plan(world.now + timedelta(hours=world.chance.expovariate(0.2)), lambda: world.arrive(again))
        if cc and client.is_vouched and world.rules.trust.method != "none":
            world.truth.circles.add(frozenset({client.address, cc}))
        if cc and world.chance.random() < COLLEAGUE_ANSWERS:
            world.plan(world.now + timedelta(hours=3), lambda: self._colleague_writes(letter))

    def _colleague_writes(self, letter: Letter) -> None:
        """Somebody who does not belong to the ticket answers to all."""
        text = f"{phrase(self.world.chance, 'client', self.client.language, 'answer')} ({self._new_mark()})"
        source = source_of(
            Letter(
                name="Colleague",
                address=self._colleague,
                to=DESK,
                cc=letter.address,
                subject=f"Re: {letter.subject}",
                words=text,
                message_id=letter.message_id.replace("<", "<colleague."),
                at=self.world.now.astimezone(ZoneInfo(ZONE)),
                fields=(("In-Reply-To", letter.message_id), ("References", letter.message_id)),
            )
        )
        self.world.arrive(source)

    def _new_mark(self) -> str:
        """A colleague's mail is an issue of the colleague."""
        mark = self.world.marks.next("C")
        topic = topics()[0]
        issue = Issue(mark=mark, client=self._colleague, topic=topic, language=self.client.language)
        self.world.truth.issues[mark] = issue
        return mark

    @property
    def _colleague(self) -> str:
        return f"colleague.of.{self.client.address}"

    def _results(self) -> tuple[tuple[str, str], ...]:
        if not self.client.is_vouched:
            return ()
        domain = self.client.address.partition("@")[2]
        return (("Authentication-Results", f"mx.acme.example; dmarc=pass header.from={domain}"),)

    def _is_away(self) -> bool:
        away = self.client.away
        return away is not None and away[0] <= self.world.now < away[1]

    def _answer_by_machine(self, received: Received) -> None:
        """An out-of-office note, one to each thread, unless the mail asks for none (RFC 3834)."""
        subject = str(received.message["Subject"])
        if "OOF" in str(received.message["X-Auto-Response-Suppress"] or "") or subject in self._answered_by_machine:
            return
        self._answered_by_machine.add(subject)
        source = source_of(
            Letter(
                name=self.client.name,
                address=self.client.address,
                to=str(received.message["Reply-To"]),
                subject=f"Automatic reply: {subject}",
                words=phrase(self.world.chance, "client", self.client.language, "away"),
                message_id=f"<away.{len(self._answered_by_machine)}.{self.client.address}>",
                at=self.world.now.astimezone(ZoneInfo(ZONE)),
                answers=received,
                fields=(("Auto-Submitted", "auto-replied"),),
            )
        )
        self.world.plan(self.world.now + timedelta(seconds=30), lambda: self.world.arrive(source))
