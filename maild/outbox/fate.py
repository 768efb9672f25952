"""What becomes of a mail after an attempt to submit it."""

from dataclasses import dataclass
from datetime import datetime

from maild.errors import Bounced, Refused, Unavailable, Uncertain
from maild.outbox.schedule import Schedule
from maild.store.outbox import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """The next state of a row of the outbox."""

    state: str
    """`sent`, `deferred`, `bounced`, `uncertain` or `held`."""

    answer: str
    """The server's words, or why there are none."""

    due_at: datetime | None = None
    """Of a deferred mail: when it is tried again."""


def decide_fate(due: Due, outcome: str | Refused, *, schedule: Schedule, now: datetime) -> Fate:
    """Read the fate from the server's answer or refusal."""
    if isinstance(outcome, str):
        return Fate(state="sent", answer=outcome)
    if isinstance(outcome, Uncertain):
        return Fate(state="uncertain", answer=str(outcome))
    if isinstance(outcome, Bounced):
        return Fate(state="bounced", answer=str(outcome))
    return _later(due, outcome, schedule=schedule, now=now)


def _later(due: Due, refusal: Refused, *, schedule: Schedule, now: datetime) -> Fate:
    is_our_trouble = isinstance(refusal, Unavailable)
    # Trouble of ours says nothing about the recipient: no longer pauses, and never a bounce.
    attempts = 1 if is_our_trouble else due.attempts
    due_at = schedule.next_try_at(attempts=attempts, created_at=due.created_at, now=now)
    if due_at is not None:
        return Fate(state="deferred", answer=str(refusal), due_at=due_at)
    given_up = (
        f"given up after {due.attempts} attempts in {(now - due.created_at).days} days; the last answer: {refusal}"
    )
    return Fate(state="held" if is_our_trouble else "bounced", answer=given_up)
