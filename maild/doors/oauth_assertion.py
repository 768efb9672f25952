"""A service account's grant: a signed statement in place of a log-in (RFC 7523), as Google wants it for delegation."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from maild.doors.oauth import Application, Grant
from maild.errors import ConfigurationError

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE = timedelta(hours=1)
"""The longest that Google takes."""


def service_account(application: Application, key_file: Path, *, subject: str, clock: Callable[[], datetime]) -> Grant:
    """Let maild in for `subject`, in whose name a domain's administrator lets the service account work."""

    def fetch() -> Mapping[str, Any]:
        return application.ask(grant_type=GRANT, assertion=sign(application, key_file, subject=subject, now=clock()))

    return fetch


def sign(application: Application, key_file: Path, *, subject: str, now: datetime) -> str:
    """Write and sign the statement. Raises ConfigurationError for a key file that is none."""
    account, key, key_id = read_key(application.key, key_file)
    claims = {
        "iss": account,
        "sub": subject,
        "scope": application.scope,
        "aud": application.token_url,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
    }
    try:
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": key_id} if key_id else None)
    except (ValueError, TypeError, jwt.PyJWTError):
        raise ConfigurationError(f"{application.key}: the private_key in {key_file} is no RSA key in PEM") from None


def read_key(section: str, key_file: Path) -> tuple[str, str, str | None]:
    """Read the account's address, its private key and the key's id from the file that Google's console gives."""
    try:
        found = json.loads(key_file.read_text(encoding="utf-8"))
        return found["client_email"], found["private_key"], found.get("private_key_id")
    except OSError as error:
        raise ConfigurationError(f"{section}: {key_file} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConfigurationError(
            f"{section}: {key_file} is not a service account's key file (JSON with client_email and private_key)"
        ) from None
