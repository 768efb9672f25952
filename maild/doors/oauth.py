"""OAuth 2: access tokens for mail servers, fetched before the old one expires, one fetch for all who ask."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from maild.doors.credential import Bearer
from maild.doors.token_file import TokenFile
from maild.doors.token_server import TokenRefused, ask
from maild.errors import Deferred, Refused

log = logging.getLogger(__name__)

USUAL_LIFE = timedelta(hours=1)
MARGIN = timedelta(minutes=5)
"""A token is replaced this long before it expires, or in the last tenth of a short life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The application under which maild is known to a token server."""

    key: str
    """The configuration section, for messages."""

    token_url: str
    client_id: str
    client_secret: Callable[[], str] | None = None
    """Read when it is needed. None: a public client, as for device log-ins."""

    scope: str = ""
    ca_file: Path | None = None

    def ask(self, **form: str) -> Mapping[str, Any]:
        """Post a grant. Raises TokenRefused, Deferred or ConfigurationError."""
        posted = {"client_id": self.client_id, "scope": self.scope, **form}
        if self.client_secret:
            posted["client_secret"] = self.client_secret()
        return ask(self.token_url, {name: value for name, value in posted.items() if value}, ca_file=self.ca_file)


Grant = Callable[[], Mapping[str, Any]]
"""Asks the token server once, and gives its answer."""


def client_credentials(application: Application) -> Grant:
    """Let maild in as itself (RFC 6749, 4.4)."""
    return lambda: application.ask(grant_type="client_credentials")


def refresh_token(application: Application, file: TokenFile) -> Grant:
    """Let maild in for a person who has logged in once (RFC 6749, 6); a new refresh token replaces the old one at once."""

    def fetch() -> Mapping[str, Any]:
        with file.locked():
            held = file.read()
            if held is None:
                raise Refused(
                    f"{application.key}: nobody has logged in yet: {file.path} holds no refresh token."
                    " Log in once: maild init --log-in"
                )
            answer = application.ask(grant_type="refresh_token", refresh_token=held)
            fresh = answer.get("refresh_token")
            if isinstance(fresh, str) and fresh and fresh != held:
                file.replace(fresh)
            return answer

    return fetch


@dataclass(kw_only=True)
class AccessTokens:
    """The access token of one application and account; safe to share between threads."""

    key: str
    grant: Grant
    clock: Callable[[], datetime]
    _token: str | None = field(default=None, repr=False)
    _expires_at: datetime | None = None
    _renew_at: datetime | None = None
    _is_refused: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self) -> Bearer:
        """Give a token that holds for a while yet. Raises Refused, Deferred or ConfigurationError."""
        with self._lock:
            if self._token is None or self._renew_at is None or self.clock() >= self._renew_at:
                self._fetch()
            token = self._token or ""
        return Bearer(token, forget=lambda: self._forget(token))

    @property
    def expires_at(self) -> datetime | None:
        """When the token at hand expires; None where there is none."""
        return self._expires_at

    @property
    def is_refused(self) -> bool:
        """Whether the token server refused the last renewal."""
        return self._is_refused

    def _fetch(self) -> None:
        try:
            self._keep(self.grant())
        except TokenRefused as refusal:
            self._alarm(refusal)
            raise Refused(f"{self.key}: {refusal}. {cure(refusal.error)}") from refusal
        except Deferred as trouble:
            raise Deferred(f"{self.key}: {trouble}") from trouble

    def _keep(self, answer: Mapping[str, Any]) -> None:
        token = answer.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Deferred(f"{self.key}: the token server's answer holds no access token")
        now, life = self.clock(), _life(answer.get("expires_in"))
        self._token, self._expires_at = token, now + life
        self._renew_at = self._expires_at - min(MARGIN, life / 10)
        self._is_refused = False

    def _alarm(self, refusal: TokenRefused) -> None:
        """Say it at the first refusal: a mailbox that nobody can open is found by its clients otherwise."""
        if not self._is_refused:
            log.error("oauth refused", extra={"section": self.key, "because": str(refusal)})
        self._is_refused = True

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:  # another thread may have fetched a new one meanwhile
                self._token = self._expires_at = self._renew_at = None


def cure(error: str) -> str:
    """Say what to do about a refusal (RFC 6749, 5.2)."""
    match error:
        case "invalid_grant":
            return "The log-in has expired or was taken back: log in again with maild init --log-in"
        case "invalid_client" | "unauthorized_client":
            return "Check client_id and client_secret, and what the application is permitted at the provider"
        case "invalid_scope" | "consent_required" | "access_denied":
            return (
                "Give the application the permission for IMAP and SMTP at the provider, and an administrator's consent"
            )
    return "Check the section's keys against the provider's console"


def _life(seconds: object) -> timedelta:
    with suppress(TypeError, ValueError, OverflowError):
        life = timedelta(seconds=float(seconds))  # type: ignore[arg-type]
        if timedelta() < life < timedelta(days=365):
            return life
    return USUAL_LIFE
