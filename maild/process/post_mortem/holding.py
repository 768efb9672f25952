"""What held: of all that clients were told to solve a ticket, the words that nobody has taken back or contradicted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.process.ticket import Event

TELLING = (Event.RESOLVED, Event.TSM_ANSWERED, Event.PROGRESS_REPORTED)
"""Events with words to the client."""

ENDING = (Event.CLIENT_DENIED, Event.REOPENED)
"""Events that say of what was done before that it did not help."""

MOST = 3
"""Solutions that stand beside each other: the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that happened to the ticket, in the order of its history."""

    event: Event
    words: str = ""
    """Without commands; to the client where the event is one of TELLING."""

    is_partly: bool = False
    """The client said that it is solved in part."""


@dataclass(slots=True)
class _Attempt:
    """From one beginning of the work to the next."""

    solutions: list[str]
    answer: str = ""

    @property
    def said(self) -> list[str]:
        return self.solutions or ([self.answer] if self.answer else [])


def what_held(history: Sequence[Said]) -> tuple[str, ...]:
    """The words of each `/resolve` since the client last said that it did not help; else the last answer since.

    Who says "partly" takes nothing back. A `/resolve` without words leaves it at the answer before it, and where nothing was said
    since the client's no, what helped had been said before: they found that it does work, or wrote of something else.
    """
    attempts = [_Attempt([])]
    for each in history:
        last = attempts[-1]
        if each.event in ENDING and not each.is_partly:
            attempts.append(_Attempt([]))
        elif each.event is Event.SPLIT_OFF and len(attempts) > 1 and not last.solutions:
            attempts.pop()
        elif each.event is Event.RESOLVED and each.words:
            last.solutions.append(each.words)
        elif each.event in TELLING and each.words:
            last.answer = each.words
    found = next((attempt.said for attempt in reversed(attempts) if attempt.said), [])
    return tuple(found[-MOST:])
