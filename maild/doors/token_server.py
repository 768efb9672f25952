"""The token server of a mail provider: one POST, and what it answers (RFC 6749, RFC 8628)."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from maild.doors.tls import is_loopback, trust
from maild.errors import ConfigurationError, Deferred, Refused

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
    place = urlsplit(url)
    if place.scheme != "https" and not (place.scheme == "http" and is_loopback(place.hostname or "")):
        raise ConfigurationError(f"the token server {url} is not https; plain http is for loopback only")
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Accept": "application/json"})  # noqa: S310  # looked at above
    context = trust("[mailbox.oauth]", ca_file) if place.scheme == "https" else None
    name = f"the token server {place.hostname}"
    try:
        with _opener(context).open(request, timeout=PATIENCE_SECONDS) as answer:
            return _understood(name, answer.status, answer.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(name, error.code, _read(error)) from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Deferred(f"{name} cannot be reached: {reason}") from error


def _opener(context: Any) -> urllib.request.OpenerDirector:
    """No redirects: a form with a secret goes where the admin said, and nowhere else."""
    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirects)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _read(error: urllib.error.HTTPError) -> bytes:
    with suppress(OSError, HTTPException):
        return error.read(LONGEST_ANSWER)
    return b""


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
