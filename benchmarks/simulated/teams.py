"""Simulated other teams: they confirm what was handed to them, write to the client themselves, or stay silent."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from benchmarks.simulated.cases import SimulatedDesk
from benchmarks.simulated.cast import SERVER, ZONE
from benchmarks.simulated.letters import Letter, Received, source_of
from benchmarks.simulated.taps import find_tap
from benchmarks.simulated.words import house_phrase
from benchmarks.simulated.world import World

CONFIRMS, ANSWERS_CLIENT, TAPS = 0.4, 0.12, 0.25
"""What is left is silence."""

RETURNED = 0.2
"""Of the taps: not theirs."""


@dataclass(kw_only=True)
class SimulatedTeam:
    """One other team."""

    name: str
    address: str
    world: World
    desk: SimulatedDesk
    _sent: int = 0

    def hear(self, received: Received) -> None:
        """The desk hands something over."""
        case = self.desk.case_of(received)
        kind = self.world.chance.random()
        if case is None or received.kind != "hand_off" or kind > CONFIRMS + ANSWERS_CLIENT + TAPS:
            return
        after = timedelta(hours=min(self.world.chance.expovariate(0.1), 70))
        if kind > CONFIRMS + ANSWERS_CLIENT:
            self.world.plan(self.world.now + after, lambda: self._tap(received))
            return
        cc = case.issue.client if kind > CONFIRMS else ""
        self.world.plan(self.world.now + after, lambda: self._write(received, cc))

    def _tap(self, received: Received) -> None:
        tap = find_tap(received, "return" if self.world.chance.random() < RETURNED else "claim")
        if tap is not None:
            self._send(tap.to, "", tap.subject, "", None)

    def _write(self, received: Received, cc: str) -> None:
        words = f"{house_phrase(self.world.chance, 'team')} {self.world.marks.next('N')}"
        self._send(str(received.message["Reply-To"]), cc, f"Re: {received.message['Subject']}", words, received)

    def _send(self, to: str, cc: str, subject: str, words: str, answers: Received | None) -> None:
        self._sent += 1
        domain = self.address.partition("@")[2]
        letter = Letter(
            name=self.name,
            address=self.address,
            to=to,
            cc=cc,
            subject=subject,
            words=words,
            message_id=f"<{self.name.split()[0].lower()}.{self._sent}@{domain}>",
            at=self.world.now.astimezone(ZoneInfo(ZONE)),
            shape="outlook",
            answers=answers,
            fields=(("Authentication-Results", f"{SERVER}; dmarc=pass header.from={domain}"),),
        )
        self.world.arrive(source_of(letter))
