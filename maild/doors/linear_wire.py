"""One question to Linear's API over HTTP, and what its answer means: data, a limit, a refusal, or nothing at all."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

from maild.doors.posting import Place, Posted, post
from maild.errors import Bounced, Deferred, Refused, Throttled, Unauthorized, Unavailable

PATIENCE_SECONDS = 20.0
LONGEST_ANSWER = 5_000_000
OAUTH_TOKEN = "lin_oauth_"  # noqa: S105  # how such a token begins
RESERVE = 0.02
"""Share of an hour's budget that is left to people who use the same key."""

SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
BUDGETS = ("Requests", "Complexity")
BUSY, FORBIDDEN, UNAUTHORIZED = 429, 403, 401

# What stands in `extensions` of an error, as `code` or as `type`, in capitals and without spaces.
LIMITED = frozenset({"RATELIMITED"})
LOCKED_OUT = frozenset({"AUTHENTICATION_ERROR", "AUTHENTICATIONERROR", "FORBIDDEN", "FEATURE_NOT_ACCESSIBLE"})
WRONG = frozenset(
    {"INPUT_ERROR", "INVALID_INPUT", "INVALIDINPUT", "USERERROR", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
)

Answer = Mapping[str, Any]


@dataclass(kw_only=True)
class Wire:
    """The API under one key. It knows how much of the hour's budget is left, and does not use up the rest."""

    url: str
    key: Callable[[], str]
    """Read whenever it is needed: a personal key, or an OAuth token."""

    clock: Callable[[], datetime]
    ca_file: Path | None = None
    _open_again_at: datetime | None = field(default=None, repr=False)

    def ask(self, query: str, variables: Mapping[str, Any]) -> Answer:
        """Give the answer's data.

        Raises Throttled, Unavailable, Unauthorized, Deferred or Bounced; ConfigurationError for a plain URL beyond loopback.
        No message repeats the key or what was asked.
        """
        now = self.clock()
        if self._open_again_at and now < self._open_again_at:
            raise Throttled(
                f"Linear's limit is nearly used up until {_clock(self._open_again_at)}", until=self._open_again_at
            )
        answer = post(self._place, json.dumps({"query": query, "variables": variables}).encode(), self._fields())
        self._open_again_at = _pause(answer.headers, now)
        return _understood(answer, now)

    @property
    def _place(self) -> Place:
        return Place(
            url=self.url,
            called="Linear",
            section="[linear]",
            ca_file=self.ca_file,
            patience_seconds=PATIENCE_SECONDS,
            longest_answer=LONGEST_ANSWER,
        )

    def _fields(self) -> Mapping[str, str]:
        key = self.key()
        authorization = f"Bearer {key}" if key.startswith(OAUTH_TOKEN) else key
        return {"Content-Type": "application/json", "Authorization": authorization}


def _understood(answer: Posted, now: datetime) -> Answer:
    """GraphQL's errors come with status 200 or 400; what is no GraphQL at all is a server in trouble."""
    found, status = _object(answer.content), answer.status
    errors = [each for each in (found or {}).get("errors") or () if isinstance(each, dict)]
    if status == BUSY or any(_words(each) & LIMITED for each in errors):
        until = _reset(answer.headers, now)
        raise Throttled(f"Linear answers no more before {_clock(until)}: its limit is used up", until=until)
    if status in {UNAUTHORIZED, FORBIDDEN} or any(_words(each) & LOCKED_OUT for each in errors):
        raise Unauthorized(f"Linear does not let us in: {_said(errors) or f'HTTP status {status}'}")
    if errors:
        raise _refusal(errors)
    data = (found or {}).get("data")
    if not isinstance(data, dict):
        raise Unavailable(f"Linear answers with HTTP status {status} and nothing that can be understood")
    return data


def _refusal(errors: Sequence[Answer]) -> Refused:
    """Only what is known to be wrong for good is refused for good."""
    wrong = all(_words(each) & WRONG or _extensions(each).get("userError") is True for each in errors)
    return Bounced(f"Linear refused: {_said(errors)}") if wrong else Deferred(f"Linear failed: {_said(errors)}")


def _extensions(error: Answer) -> Answer:
    found = error.get("extensions")
    return found if isinstance(found, dict) else {}


def _words(error: Answer) -> set[str]:
    given = (_extensions(error).get(name) for name in ("code", "type"))
    return {str(word).upper().replace(" ", "_") for word in given if word}


def _said(errors: Sequence[Answer]) -> str:
    """Linear has a sentence for people beside the one for programs."""
    said = (str(_extensions(each).get("userPresentableMessage") or each.get("message") or "") for each in errors)
    return "; ".join(" ".join(one.split())[:300] for one in said if one)[:600]


def _pause(headers: "Message[str, str]", now: datetime) -> datetime | None:
    """Until when to ask nothing, because nearly all of a budget is used; it refills evenly, an hour for all of it."""
    waits = []
    for budget in BUDGETS:
        limit, left = (_number(headers, f"X-RateLimit-{budget}-{name}") for name in ("Limit", "Remaining"))
        if limit and left is not None and left < limit * RESERVE:
            waits.append(timedelta(hours=1) * (2 * RESERVE - left / limit))
    return now + max(waits) if waits else None


def _reset(headers: "Message[str, str]", now: datetime) -> datetime:
    """When the budget is whole again: told in milliseconds since 1970, and by some servers in seconds to wait."""
    told = [at for budget in BUDGETS if (at := _moment(_number(headers, f"X-RateLimit-{budget}-Reset")))]
    after = _number(headers, "Retry-After")
    until = now + timedelta(seconds=after) if after else max(told, default=now + timedelta(minutes=1))
    return min(max(until, now + SHORTEST_WAIT), now + LONGEST_WAIT)


def _number(headers: "Message[str, str]", name: str) -> float | None:
    with suppress(TypeError, ValueError):
        return float(headers.get(name) or "")
    return None


def _moment(milliseconds: float | None) -> datetime | None:
    with suppress(OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
    return None


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S} UTC"


def _object(body: bytes) -> Answer | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
