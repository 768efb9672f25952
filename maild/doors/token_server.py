"""The token server of a mail provider: one POST, and what it answers (RFC 6749, RFC 8628)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from maild.doors.posting import Place, post
from maild.errors import Deferred, Refused, Unavailable

PATIENCE_SECONDS = 7.0
"""Short enough that a log-in under way keeps nothing from ending in time; who is slower is asked again."""

LONGEST_ANSWER = 1_000_000
TEMPORARY = frozenset({"temporarily_unavailable", "server_error"})


class TokenRefused(Refused):
    """The token server said no; `error` is its word for why (RFC 6749, 5.2)."""

    def __init__(self, message: str, *, error: str) -> None:
        super().__init__(message)
        self.error = error


def ask(url: str, form: Mapping[str, str], *, ca_file: Path | None = None) -> Mapping[str, Any]:
    """Post a form, and give the answer's JSON object.

    Raises TokenRefused for the server's no, Deferred where it cannot be reached or says nothing that can be understood, and
    ConfigurationError for a plain URL beyond loopback. No message ever repeats what was posted.
    """
    place = Place(
        url=url,
        called="the token server",
        section="[mailbox.oauth]",
        ca_file=ca_file,
        patience_seconds=PATIENCE_SECONDS,
        longest_answer=LONGEST_ANSWER,
    )
    try:
        answer = post(place, urlencode(form).encode(), {"Accept": "application/json"})
    except Unavailable as error:
        raise Deferred(str(error)) from error  # the token at hand may serve meanwhile
    name = f"the token server {place.host}"
    if not answer.is_good:
        raise _refusal(name, answer.status, answer.content)
    return _understood(name, answer.status, answer.content)


def _understood(name: str, code: int, answer: bytes) -> Mapping[str, Any]:
    found = _object(answer)
    if found is None:
        raise Deferred(f"{name} answered with what is no JSON object")
    if "error" in found:  # some say no with status 200
        raise _refusal(name, code, answer)
    return found


def _refusal(name: str, code: int, answer: bytes) -> Refused:
    found = _object(answer) or {}
    word = str(found.get("error") or "")
    # Microsoft's descriptions have several lines; the first tells what is wrong
    said = next(iter(str(found.get("error_description") or "").splitlines()), "")[:300]
    reason = ": ".join(part for part in (word, said) if part) or f"HTTP status {code}"
    if not word or word in TEMPORARY or code >= 500 or code == 429:  # noqa: PLR2004  # RFC 6585 4
        return Deferred(f"{name} gives no token for now: {reason}")
    return TokenRefused(f"{name} refused: {reason}", error=word)


def _object(answer: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
