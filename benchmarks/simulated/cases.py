"""Cases: what the people of the simulated desk know of a ticket, from the mails that they got about it."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.simulated.letters import Received
from benchmarks.simulated.words import marks_in
from benchmarks.simulated.world import Issue, World

_NUMBER = re.compile(r"\+t(\d+)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a person of the desk has to work on: a ticket, and the mail that says so."""

    number: int
    issue: Issue
    received: Received


@dataclass(kw_only=True)
class SimulatedDesk:
    """What all people of the desk know together: which ticket is about which issue."""

    world: World
    clients: dict[str, Callable[[], None]]
    """Address of a client to what makes them write at once."""

    answers: Counter[int] = field(default_factory=Counter)
    """Ticket to how often somebody of the desk wrote about it."""

    _issues: dict[int, Issue] = field(default_factory=dict)

    def case_of(self, received: Received) -> Case | None:
        """Read a mail: its ticket, and the issue by the first mark that it shows."""
        number = number_of(received)
        if number is None:
            return None
        issues = self.world.truth.issues
        mark = next((mark for mark in marks_in(received.text, "C") if mark in issues), None)
        if mark is not None:
            self._issues.setdefault(number, issues[mark])
        issue = self._issues.get(number)
        return Case(number=number, issue=issue, received=received) if issue else None

    def others_of(self, case: Case) -> list[int]:
        """Further tickets of the same client."""
        return [
            number
            for number, issue in self._issues.items()
            if issue.client == case.issue.client and number != case.number
        ]

    def let_client_write(self, issue: Issue) -> None:
        """The client writes at this very moment."""
        if issue.client in self.clients:
            self.clients[issue.client]()


def number_of(received: Received) -> int | None:
    """The ticket, as the reply address has it."""
    found = _NUMBER.search(str(received.message["Reply-To"] or ""))
    return int(found[1]) if found else None
