"""A token server of a mail provider: rotates refresh tokens, refuses old ones, and signs what Dovecot believes."""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from itertools import count
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl

import jwt
import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.dovecot_configuration import OAUTH, OAUTH_FILE, dialect
from tests.servers.listener import Listener, Reply
from tests.servers.ports import free_ports

ISSUER = "https://login.example.test/"
SCOPE = "https://outlook.office.com/IMAP.AccessAsUser.All"
SIGNING_KEY = b"a signing key of the tests, 32 octets and more"
CLIENT_ID, CLIENT_SECRET = "maild-at-the-desk", "the application's secret"

Form = Mapping[str, str]
Answer = tuple[int, Mapping[str, Any]]


class TokenServer:
    """Listens in a thread of its own. `down` makes it answer 503; `life` is what new tokens are said to hold."""

    def __init__(self, username: str, *, life: float = 3600.0) -> None:
        self.username, self.life, self.down = username, life, False
        self.asked: list[Form] = []
        self.valid = {"first-refresh-token"}
        """Refresh tokens that it takes: each once."""

        self.logged_in = False
        """Whether the person has entered the code of a device log-in."""

        self.answers: list[str] = []
        """What the next questions whether they have are answered, before all else: words of RFC 8628, 3.5."""

        self.interval = 5
        """Seconds after which it wants to be asked again whether they have."""

        self.while_waiting: Callable[[], object] = lambda: None
        """Called at each such question."""

        self.account_key: str | None = None
        """Public key of the service account."""

        self._numbers, self._signed = count(2), count(1)
        self._listener = Listener(self._reply, name="token server")

    def __enter__(self) -> Self:
        self._listener.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.__exit__()

    @property
    def url(self) -> str:
        return self._listener.url

    def sign(self, *, life: float = 3600.0) -> str:
        """An access token that Dovecot believes until it expires."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": "1",
            "email": self.username,
            "scope": SCOPE,
            "iat": now - 5,
            "exp": now + int(life),
            "jti": str(next(self._signed)),
        }
        return jwt.encode(claims, SIGNING_KEY, algorithm="HS256", headers={"kid": "default"})

    def answer(self, path: str, form: Form) -> Answer:
        self.asked.append(form)
        if self.down:
            return 503, {}
        if path == "/device":
            page = "https://login.example.test/device"
            return 200, {
                "device_code": "dev",
                "user_code": "WDJB-MJHT",
                "verification_uri": page,
                "interval": self.interval,
            }
        grants: Mapping[str, Callable[[Form], Answer]] = {
            "refresh_token": self._refresh,
            "client_credentials": self._credentials,
            "urn:ietf:params:oauth:grant-type:jwt-bearer": self._assertion,
            "urn:ietf:params:oauth:grant-type:device_code": self._device,
        }
        return grants[form["grant_type"]](form)

    def _refresh(self, form: Form) -> Answer:
        if form["refresh_token"] not in self.valid:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS70008: expired\r\nTrace ID: 1"}
        self.valid = {f"refresh-token-{next(self._numbers)}"}
        return self._tokens(refresh_token=next(iter(self.valid)))

    def _credentials(self, form: Form) -> Answer:
        if (form["client_id"], form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        return self._tokens()

    def _assertion(self, form: Form) -> Answer:
        if self.account_key is None:
            return 400, {"error": "invalid_client"}
        try:
            claims = jwt.decode(form["assertion"], self.account_key, algorithms=["RS256"], audience=f"{self.url}/token")
        except jwt.PyJWTError as error:
            return 400, {"error": "invalid_grant", "error_description": str(error)}
        return self._tokens() if claims["sub"] == self.username else (400, {"error": "unauthorized_client"})

    def _device(self, form: Form) -> Answer:
        self.while_waiting()
        if self.answers:
            return 400, {"error": self.answers.pop(0)}
        if not self.logged_in:
            return 400, {"error": "authorization_pending"}
        self.valid = {"first-refresh-token"}
        return self._tokens(refresh_token="first-refresh-token") if form["device_code"] == "dev" else (400, {})

    def _tokens(self, **more: str) -> Answer:
        return 200, {"access_token": self.sign(), "token_type": "Bearer", "expires_in": self.life, **more}

    def _reply(self, path: str, _: "Message[str, str]", body: bytes) -> Reply:
        status, answer = self.answer(path, dict(parse_qsl(body.decode())))
        return status, {}, json.dumps(answer).encode()


def oauth_dovecot(folder: Path, relay_port: int, *, mechanisms: str = "xoauth2 oauthbearer") -> tuple[Dovecot, int]:
    """A Dovecot that believes the token server, and its submission port, which hands on to `relay_port`."""
    keys = folder / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_text(b64encode(SIGNING_KEY).decode())
    folder.chmod(0o755)  # Dovecot's own account must read it
    told = {"folder": folder, "issuer": ISSUER, "scope": SCOPE, "mechanisms": mechanisms}
    (folder / "oauth2.conf").write_text(OAUTH_FILE.format(**told))
    (port,) = free_ports(1)
    extra = OAUTH[dialect()] + _EXTRA
    return Dovecot(extra=extra.format(**told, port=port, relay=relay_port)), port


_EXTRA = """
protocols = imap submission
auth_mechanisms = plain login {mechanisms}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {port}
  }}
  inet_listener submissions {{
    port = 0
  }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
hostname = localhost
"""


@pytest.fixture
def token_server(imap_user: str) -> Iterator[TokenServer]:
    """One that knows the test's user."""
    with TokenServer(imap_user) as server:
        yield server
