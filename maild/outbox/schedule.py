"""When a deferred mail is tried again, and when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Pauses between attempts, after RFC 5321, 4.5.4.1: soon at first, for greylisting, then slowly, for days."""

    pauses: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
    )
    """After the first, second ... attempt; the last one repeats."""

    give_up_after: timedelta = timedelta(days=5)
    """Counted from when the mail was written; but every pause is taken once, however late the first attempt."""

    def is_over(self, *, attempts: int, created_at: datetime, now: datetime) -> bool:
        """Whether to give up after so many attempts."""
        return now - created_at >= self.give_up_after and attempts > len(self.pauses)

    def next_try_at(self, *, attempts: int, now: datetime) -> datetime:
        """Say when to try again after so many attempts."""
        return now + self.pauses[min(attempts, len(self.pauses)) - 1]
