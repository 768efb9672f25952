"""One POST over HTTP to a place that an admin has named: no redirects, a limit of time and of octets."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from maild.doors.tls import trust
from maild.errors import ConfigurationError, Unavailable
from maild.loopback import is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is posted, and how long that may take."""

    url: str
    called: str
    """What people call it, for reasons."""

    section: str
    """Of the configuration, where `ca_file` stands."""

    ca_file: Path | None
    patience_seconds: float
    longest_answer: int
    """Octets; what is more is left out."""

    @property
    def host(self) -> str:
        """Its name on the network."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was answered, whatever it means."""

    status: int
    headers: "Message[str, str]"
    content: bytes

    @property
    def is_good(self) -> bool:
        """Whether the status says that it was understood and done (RFC 9110 15.3)."""
        return 200 <= self.status < 300  # noqa: PLR2004


def post(place: Place, content: bytes, fields: Mapping[str, str]) -> Posted:
    """Post the content under these header fields.

    Raises Unavailable where there is no answer, and ConfigurationError for a plain URL beyond loopback. No message repeats
    what was posted.
    """
    parts = urlsplit(place.url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(place.host)):
        raise ConfigurationError(f"{place.called}: {place.url} is not https; plain http is for loopback only")
    request = urllib.request.Request(place.url, content, dict(fields))  # noqa: S310  # looked at above
    context = trust(place.section, place.ca_file) if parts.scheme == "https" else None
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirects)
    try:
        with opener.open(request, timeout=place.patience_seconds) as answer:
            return Posted(status=answer.status, headers=answer.headers, content=answer.read(place.longest_answer))
    except urllib.error.HTTPError as error:
        with error:
            return Posted(status=error.code, headers=error.headers, content=_read(error, place.longest_answer))
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Unavailable(f"{place.called} cannot be reached at {place.host}: {reason}") from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What holds a secret goes where the admin said, and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def _read(error: urllib.error.HTTPError, most: int) -> bytes:
    with suppress(OSError, HTTPException):
        return error.read(most)
    return b""
