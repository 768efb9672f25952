"""Linear's webhooks: whether one is Linear's own and of this minute, and which issues it speaks of."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from maild.errors import Refused
from maild.process.tracker import Changed, Signal

WINDOW = timedelta(seconds=60)
"""How far its own time may be from ours, either way."""

LONGEST_NAME = 100


class Forged(Refused):
    """It is not signed with the webhook's secret, or not of this minute."""


def understand(body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime) -> Signal:
    """Check the signature over the very bytes, then the time that was signed with them.

    `headers`: names in lower case. Raises Forged. The reason is for the log: whoever posted it is not told.
    """
    signature = headers.get("linear-signature", "")
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
        raise Forged("its signature is not made with the webhook's secret")
    told = _read(body)
    at = _moment(told.get("webhookTimestamp"))
    if at is None or abs(now - at) > WINDOW:
        raise Forged(f"its time is {at or 'missing'}, and the clock here says {now}")
    delivery = headers.get("linear-delivery", "")[:LONGEST_NAME]
    return Signal(changes=tuple(_changes(told)), delivery=delivery or hashlib.sha256(body).hexdigest())


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Forged("its body is no JSON object")
    return told


def _changes(told: Mapping[str, Any]) -> list[Changed]:
    """What is neither an issue nor a comment concerns nobody here."""
    data = told.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        return []
    if told.get("type") == "Issue":
        return [Changed(issue=data["id"], at=_time(data.get("updatedAt")))]
    if told.get("type") == "Comment" and isinstance(data.get("issueId"), str):
        return [Changed(issue=data["issueId"], at=None, comment=data["id"])]
    return []


def _moment(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _time(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None
