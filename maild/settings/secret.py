"""Secrets: read when they are needed, never shown, never kept in a file of the configuration."""

from collections.abc import Mapping

from maild.errors import ConfigurationError
from maild.settings.values import Secret


def read_secret(secret: Secret, environ: Mapping[str, str]) -> str:
    """Read a secret from its file or its variable; a line's end behind it does not count.

    Raises ConfigurationError, which never says the secret.
    """
    text = read_secret_file(secret) if secret.file else environ.get(secret.variable or "", "")
    if not text:
        raise ConfigurationError(f"{secret.key}: {place(secret)} is empty; write the password into it")
    if "\n" in text or "\r" in text or "\0" in text:
        raise ConfigurationError(
            f"{secret.key}: {place(secret)} holds more than one line; only the password may stand there"
        )
    return text


def read_secret_file(secret: Secret) -> str:
    """Read the file of a secret, without the end of its line."""
    assert secret.file  # noqa: S101  # the caller has looked
    try:
        return secret.file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except FileNotFoundError:
        raise ConfigurationError(f"{secret.key}: {place(secret)} does not exist; write the password into it") from None
    except OSError as error:
        raise ConfigurationError(f"{secret.key}: {place(secret)} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{secret.key}: {place(secret)} is not UTF-8") from None


def place(secret: Secret) -> str:
    """Say where a secret is kept."""
    return f"the file {secret.file}" if secret.file else f"the environment variable {secret.variable}"
