"""Secrets: read when they are needed, never shown, never kept in a file of the configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from maild.errors import ConfigurationError
from maild.settings.values import LinearSettings, MailboxSettings, OAuthSettings, Secret, Settings, SmtpSettings

WHERE = "maild.toml: "
"""The file whose keys name secrets."""


def read_secret(secret: Secret, environ: Mapping[str, str]) -> str:
    """Read a secret from its file or its variable; a line's end behind it does not count.

    Raises ConfigurationError, which never says the secret.
    """
    text = read_secret_file(secret) if secret.file else environ.get(secret.variable or "", "")
    if not text:
        raise ConfigurationError(f"{WHERE}{secret.key}: {place(secret)} is empty; write the password into it")
    if "\n" in text or "\r" in text or "\0" in text:
        raise ConfigurationError(
            f"{WHERE}{secret.key}: {place(secret)} holds more than one line; only the password may stand there"
        )
    return text


def read_secret_file(secret: Secret) -> str:
    """Read the file of a secret, without the end of its line."""
    assert secret.file  # noqa: S101  # the caller has looked
    try:
        return secret.file.read_text(encoding="utf-8-sig").removesuffix("\n").removesuffix("\r")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{WHERE}{secret.key}: {place(secret)} does not exist; write the password into it"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{WHERE}{secret.key}: {place(secret)} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{WHERE}{secret.key}: {place(secret)} is not UTF-8") from None


def find_missing(settings: Settings, environ: Mapping[str, str]) -> list[Secret]:
    """Each secret that the configuration names and that is not there."""
    return [one for one in dict.fromkeys(_places(settings)) if not _is_there(one, environ)]


def find_laid_down(secret: Secret, folder: Path) -> Path | None:
    """The file of the same name in this secrets/, where an absolute path names one below another secrets/."""
    parts = secret.file.parts if secret.file else ()
    if folder.name not in parts:
        return None
    behind = parts[len(parts) - parts[::-1].index(folder.name) :]
    found = folder.joinpath(*behind)
    return found if behind and found != secret.file and found.is_file() else None


def _places(value: object) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, MailboxSettings | SmtpSettings) and value.oauth:
        yield from _places(value.oauth)
    elif isinstance(value, OAuthSettings):
        yield from _of_oauth(value)
    elif isinstance(value, LinearSettings):
        yield from (value.key, value.webhook_secret) if value.webhook_port else (value.key,)
    elif isinstance(value, Settings | MailboxSettings | SmtpSettings):
        for field in fields(value):
            yield from _places(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _places(each)


def _of_oauth(oauth: OAuthSettings) -> Iterator[Secret]:
    file = {"refresh_token": oauth.refresh_token_file, "service_account": oauth.service_account_file}
    if oauth.client_secret:
        yield oauth.client_secret
    if oauth.grant in file:
        yield Secret(key=f"{oauth.key}.{oauth.grant}_file", file=file[oauth.grant])


def _is_there(secret: Secret, environ: Mapping[str, str]) -> bool:
    if secret.file:
        try:
            return secret.file.is_file() and secret.file.stat().st_size > 0
        except PermissionError:
            return True  # for all that is known; whoever reads it says more
    return bool(environ.get(secret.variable or ""))


def place(secret: Secret) -> str:
    """Say where a secret is kept."""
    return f"the file {secret.file}" if secret.file else f"the environment variable {secret.variable}"
