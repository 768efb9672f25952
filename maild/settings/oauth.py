"""Checked keys of OAuth to a value: what each provider is known by is filled in, what is missing is a problem."""

from collections.abc import Iterator
from pathlib import Path

from maild.settings.files import Files
from maild.settings.maild_toml import MailboxKeys, SmtpKeys
from maild.settings.oauth_toml import OAuthKeys
from maild.settings.paths import from_place
from maild.settings.values import OAuthSettings, Secret

CLIENT_CREDENTIALS, REFRESH_TOKEN, SERVICE_ACCOUNT = "client_credentials", "refresh_token", "service_account"

MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{place}"
MICROSOFT_SCOPES = {
    CLIENT_CREDENTIALS: "https://outlook.office365.com/.default",
    REFRESH_TOKEN: "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
}
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"  # an address
GOOGLE_SCOPE = "https://mail.google.com/"

DEFAULT_TOKEN = "secrets/refresh-token"  # noqa: S105  # the name of a file
DEFAULT_ACCOUNT = "secrets/service-account.json"


def build_oauth(keys: OAuthKeys, section: str, *, username: str, start: Path) -> OAuthSettings:
    """Build one section; `problems` has found nothing."""
    grant = grant_of(keys)
    return OAuthSettings(
        key=f"{section}.oauth",
        grant=grant,
        client_id=keys.client_id or "",
        client_secret=_secret(keys, section, start),
        token_url=keys.token_url or _token_url(keys),
        device_url=keys.device_url or _device_url(keys),
        scope=keys.scope or _scope(keys, grant),
        refresh_token_file=from_place(start, keys.refresh_token_file or DEFAULT_TOKEN),
        service_account_file=from_place(start, keys.service_account_file or DEFAULT_ACCOUNT),
        username=username,
        ca_file=from_place(start, keys.ca_file) if keys.ca_file else None,
    )


def grant_of(keys: OAuthKeys) -> str:
    """Choose how to get in by what else stands there."""
    if keys.grant:
        return keys.grant
    if keys.provider == "google":
        return REFRESH_TOKEN if keys.client_id else SERVICE_ACCOUNT
    has_secret = keys.client_secret_file or keys.client_secret_env
    return CLIENT_CREDENTIALS if has_secret and not keys.refresh_token_file else REFRESH_TOKEN


def oauth_is_whole(files: Files) -> Iterator[str]:
    """A section of OAuth has all that its provider needs, and stands in place of a password, not beside it."""
    if not files.maild:
        return
    places: dict[str, MailboxKeys | SmtpKeys] = {f"mailbox[{n}]": keys for n, keys in enumerate(files.maild.mailbox)}
    for section, keys in {**places, "smtp": files.maild.smtp}.items():
        for problem in problems(keys.oauth) if keys.oauth else ():
            yield f"{files.folder / 'maild.toml'}: {section}.oauth: {problem}"
        if keys.oauth and (keys.password_file or keys.password_env):
            yield f"{files.folder / 'maild.toml'}: {section} has a password and {section}.oauth; allowed: one of the two"


def problems(keys: OAuthKeys) -> Iterator[str]:
    """Find what is missing or contradicts itself: each is a key, and what is allowed."""
    grant = grant_of(keys)
    if keys.client_secret_file and keys.client_secret_env:
        yield "has both client_secret_file and client_secret_env; allowed: one of the two"
    if grant == SERVICE_ACCOUNT and keys.provider == "microsoft365":
        yield 'grant = "service_account" is not allowed; allowed with microsoft365: client_credentials or refresh_token'
    if grant != SERVICE_ACCOUNT and not keys.client_id:
        yield "client_id is missing; allowed: the id that the provider gave the application"
    if grant == CLIENT_CREDENTIALS and not (keys.client_secret_file or keys.client_secret_env):
        yield "client_secret_file or client_secret_env is missing; allowed: where the application's secret is kept"
    if keys.provider == "microsoft365" and not (keys.tenant or keys.token_url):
        yield "tenant is missing; allowed: your tenant's id or domain, such as acme.onmicrosoft.com"
    if keys.provider == "other" and not keys.token_url:
        yield 'token_url is missing; allowed with provider = "other": the address where tokens are asked for'


def _secret(keys: OAuthKeys, section: str, start: Path) -> Secret | None:
    if keys.client_secret_env:
        return Secret(key=f"{section}.oauth.client_secret_env", variable=keys.client_secret_env)
    if keys.client_secret_file:
        return Secret(key=f"{section}.oauth.client_secret_file", file=from_place(start, keys.client_secret_file))
    return None


def _token_url(keys: OAuthKeys) -> str:
    return GOOGLE_TOKENS if keys.provider == "google" else MICROSOFT.format(tenant=keys.tenant, place="token")


def _device_url(keys: OAuthKeys) -> str | None:
    is_microsoft = keys.provider == "microsoft365" and keys.tenant
    return MICROSOFT.format(tenant=keys.tenant, place="devicecode") if is_microsoft else None


def _scope(keys: OAuthKeys, grant: str) -> str:
    if keys.provider == "google":
        return GOOGLE_SCOPE
    return MICROSOFT_SCOPES.get(grant, "") if keys.provider == "microsoft365" else ""
