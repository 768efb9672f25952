"""What a test tells its SMTP server to do instead of saying yes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

DROP = "drop"
"""Hang up instead of an answer."""

ACCEPT_AND_DROP = "accept and drop"
"""At `content` only: take the mail, and hang up before the answer."""

ANYBODY = "*"

Stage = str
"""`mail`, `rcpt`, `data` (before 354), `inside` (hang up within the content) or `content` (after the final dot)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the server does at one point of one mail."""

    at: Stage
    answer: str | None = None
    """Such as `451 4.7.1 come later`, DROP or ACCEPT_AND_DROP; None says yes."""

    times: int | None = None
    """How often; None for ever."""

    until: Callable[[], object] = lambda: True
    """What it waits for before."""

    seconds: float = 0.0
    """How long it thinks after that."""


class Script:
    """The steps by address, shared by the test's thread and the server's."""

    def __init__(self) -> None:
        self._steps: dict[str, list[Step]] = {}
        self._lock = threading.Lock()

    def add(self, address: str, *steps: Step) -> None:
        """Append steps, each of which is played until its times are used up."""
        with self._lock:
            self._steps.setdefault(address.lower(), []).extend(steps)

    def clear(self) -> None:
        """Say yes to everything again."""
        with self._lock:
            self._steps.clear()

    def next_step(self, at: Stage, *addresses: str) -> Step | None:
        """Use up one step for one of the addresses, or for anybody."""
        with self._lock:
            for address in (*addresses, ANYBODY):
                found = self._use(self._steps.get(address.lower(), []), at)
                if found is not None:
                    return found
        return None

    def _use(self, steps: list[Step], at: Stage) -> Step | None:
        for position, step in enumerate(steps):
            if step.at == at and step.times != 0:
                steps[position] = replace(step, times=None if step.times is None else step.times - 1)
                return step
        return None
