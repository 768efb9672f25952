"""Staleness: which articles should perhaps be retired, and why. Pure."""

from datetime import datetime, timedelta

LEAST_SAID = 5
"""Suggestions about which somebody has said something, below which nothing is concluded."""

LEAST_CONFIRMED = 0.2
LONG = timedelta(days=365)


def why_stale(*, said: int, confirmed: int, asked_again: int, used_at: datetime, now: datetime) -> str | None:
    """Why a person should look at it; None: nothing speaks against it.

    `said`: suggestions of it about which a TSM has said something; `used_at`: when it was written or confirmed last.
    """
    if said >= LEAST_SAID and confirmed / said <= LEAST_CONFIRMED:
        return f"suggested with {said} tickets, and confirmed for {confirmed}"
    if asked_again >= 2 and asked_again > confirmed:  # noqa: PLR2004 - once may be chance
        return f"{asked_again} tickets that it had helped with came back, {confirmed} did not"
    if now - used_at > LONG:
        return f"neither written nor confirmed since {used_at:%Y-%m-%d}"
    return None
