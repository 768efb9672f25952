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
from maild.errors import Deferred, MaildError, Refused

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
    return _Refresh(application=application, file=file)


@dataclass(kw_only=True)
class _Refresh:
    application: Application
    file: TokenFile
    _unsaved: tuple[str, str] | None = field(default=None, repr=False)
    """What the file holds, and what should be there instead: a disk that was full is no reason to log in again."""

    def __call__(self) -> Mapping[str, Any]:
        with self.file.locked():
            there = self.file.read()
            held = self._unsaved[1] if self._unsaved and self._unsaved[0] == there else there
            if there is None or held is None:
                raise Refused(
                    f"nobody has logged in yet: {self.file.path} holds no refresh token. Log in once: maild init --log-in"
                )
            answer = self.application.ask(grant_type="refresh_token", refresh_token=held)
            fresh = answer.get("refresh_token")
            self._save(there, fresh if isinstance(fresh, str) and fresh else held)
            return answer

    def _save(self, there: str, fresh: str) -> None:
        self._unsaved = None
        if fresh == there:
            return
        try:
            self.file.replace(fresh)
        except Refused as trouble:
            self._unsaved, because = (there, fresh), str(trouble)
        else:
            return
        facts = {"section": self.application.key, "because": because}
        log.error("refresh token not saved, tried again at the next renewal", extra=facts)


class NoToken(Refused):
    """The provider gives no token until a person does something; who watches over tokens tells the leads."""


@dataclass(kw_only=True)
class AccessTokens:
    """The access token of one application and account; safe to share between threads."""

    key: str
    grant: Grant
    clock: Callable[[], datetime]
    _token: str | None = field(default=None, repr=False)
    _expires_at: datetime | None = None
    _renew_at: datetime | None = None
    _refusal: str | None = None
    _is_shown: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self) -> Bearer:
        """Give a token that holds for a while yet. Raises NoToken, Deferred or ConfigurationError."""
        with self._lock:
            self._renew()
            token, was_shown, self._is_shown = self._token or "", self._is_shown, True
        return Bearer(token, forget=lambda: self._forget(token), was_shown=was_shown)

    def keep_fresh(self) -> None:
        """Renew what is at hand before it expires, though nobody logs in for hours: a refusal shows while there is time."""
        with self._lock:
            if self._token is not None:
                self._renew()

    def _renew(self) -> None:
        """Where there is no new token, the one at hand serves as long as it holds: that is what the margin is for."""
        now = self.clock()
        if self._token is not None and self._renew_at is not None and now < self._renew_at:
            return
        try:
            self._fetch()
        except MaildError as trouble:
            if self._token is None or self._expires_at is None or now >= self._expires_at:
                raise
            log.warning("oauth not renewed yet", extra={"section": self.key, "because": str(trouble)})

    @property
    def expires_at(self) -> datetime | None:
        """When the token at hand expires; None where there is none."""
        return self._expires_at

    @property
    def refusal(self) -> str | None:
        """Why the last renewal was refused, with the cure; None where it was not."""
        return self._refusal

    def _fetch(self) -> None:
        try:
            self._keep(self.grant())
        except Deferred as trouble:
            raise Deferred(f"{self.key}: {trouble}") from trouble
        except Refused as refusal:
            raise self._refused(refusal) from refusal

    def _keep(self, answer: Mapping[str, Any]) -> None:
        token = answer.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Deferred(f"{self.key}: the token server's answer holds no access token")
        now, life = self.clock(), _life(answer.get("expires_in"))
        self._token, self._expires_at = token, now + life
        self._renew_at = self._expires_at - min(MARGIN, life / 10)
        self._refusal, self._is_shown = None, False

    def _refused(self, refusal: Refused) -> NoToken:
        """Say it at the first refusal: a mailbox that nobody can open is found by its clients otherwise."""
        if self._refusal is None:
            log.error("oauth refused", extra={"section": self.key, "because": str(refusal)})
        self._refusal = f"{refusal}. {cure(refusal.error)}" if isinstance(refusal, TokenRefused) else str(refusal)
        return NoToken(f"{self.key}: {self._refusal}")

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
