"""The keys of [mailbox.oauth] and [smtp.oauth]: how maild gets in without a password."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import PlainValidator

from maild.loopback import is_loopback
from maild.settings.fields import Line, Section, text_that

TENANT = text_that(
    re.compile(r"[A-Za-z0-9.-]{1,255}", re.ASCII), "a tenant's id or domain, such as acme.onmicrosoft.com"
)


def token_url(value: Any) -> str:
    """Check the address of a token server."""
    place = urlsplit(value) if isinstance(value, str) else urlsplit("")
    is_safe = place.scheme == "https" or (place.scheme == "http" and is_loopback(place.hostname or ""))
    if not (is_safe and place.hostname) or place.username or place.fragment:
        raise ValueError("an address that begins with https://")
    return str(value)


Url = Annotated[str, PlainValidator(token_url)]


class OAuthKeys(Section):
    """OAuth 2 in place of a password: a token of the provider (Microsoft 365, Google, or any other)."""

    provider: Literal["microsoft365", "google", "other"]
    """`microsoft365`, `google`, or `other`, which needs `token_url`."""

    grant: Literal["client_credentials", "refresh_token", "service_account"] | None = None
    """`client_credentials` (maild as itself; Microsoft 365 with a secret), `refresh_token` (a person has logged in once with `maild init --log-in`), `service_account` (Google); chosen by what else stands here if left out."""

    client_id: Line | None = None
    """The application's id at the provider; not for a service account."""

    client_secret_file: str | None = None
    """File that holds the application's secret."""

    client_secret_env: str | None = None
    """Environment variable that holds the application's secret."""

    tenant: Annotated[str, PlainValidator(TENANT)] | None = None
    """Microsoft 365: your tenant's id or domain."""

    refresh_token_file: str | None = None
    """Where the refresh token is kept, and replaced when the provider gives a new one; `secrets/refresh-token` if left out."""

    service_account_file: str | None = None
    """Google: the key file of the service account; `secrets/service-account.json` if left out."""

    token_url: Url | None = None
    """Where tokens are asked for; known for Microsoft 365 and Google."""

    device_url: Url | None = None
    """Where `maild init --log-in` begins (RFC 8628); known for Microsoft 365. Google has none for mail."""

    scope: Line | None = None
    """What the token is for; known for Microsoft 365 and Google."""

    ca_file: str | None = None
    """PEM file of the authority that signed the token server's certificate, if it is not a public one."""
