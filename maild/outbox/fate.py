"""What becomes of a mail after an attempt to submit it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.errors import Bounced, Refused, Unauthorized, Unavailable, Uncertain, Unnoted
from maild.outbox.schedule import Schedule
from maild.store.outgoing.outbox import Due

A_MOMENT = timedelta(seconds=1)
"""Of rest for a store that is there again, so that one that is not quite there keeps nobody running in circles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """The next state of a row of the outbox."""

    state: str
    """`sent`, `deferred`, `bounced`, `uncertain` or `held`."""

    answer: str
    """The server's words, or why there are none."""

    due_at: datetime | None = None
    """Of a deferred mail: when it is tried again."""

    is_our_trouble: bool = False
    """The admin must do something; the recipient cannot."""


def decide_fate(due: Due, outcome: str | Refused, *, schedule: Schedule, now: datetime) -> Fate:
    """Read the fate from the server's answer or refusal."""
    if isinstance(outcome, str):
        return Fate(state="sent", answer=outcome)
    if isinstance(outcome, Uncertain):
        return Fate(state="uncertain", answer=str(outcome))
    if isinstance(outcome, Bounced):
        return Fate(state="bounced", answer=str(outcome))
    if isinstance(outcome, Unnoted):  # when this is written down, the store is there again
        return Fate(state="deferred", answer=str(outcome), due_at=now + A_MOMENT, is_our_trouble=True)
    return _later(due, outcome, schedule=schedule, now=now)


def _later(due: Due, refusal: Refused, *, schedule: Schedule, now: datetime) -> Fate:
    # Trouble of ours says nothing about the recipient: never a bounce and, where it is everybody's, no longer pauses.
    is_our_trouble = isinstance(refusal, Unavailable | Unauthorized)
    if not schedule.is_over(attempts=due.attempts, created_at=due.created_at, now=now):
        attempts = 1 if isinstance(refusal, Unavailable) else due.attempts
        due_at = schedule.next_try_at(attempts=attempts, now=now)
        return Fate(state="deferred", answer=str(refusal), due_at=due_at, is_our_trouble=is_our_trouble)
    given_up = (
        f"given up after {due.attempts} attempts in {(now - due.created_at).days} days; the last answer: {refusal}"
    )
    return Fate(state="held" if is_our_trouble else "bounced", answer=given_up, is_our_trouble=is_our_trouble)
