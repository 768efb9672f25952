"""What a log-in shows to a server: a password, or an access token that somebody else has signed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Password:
    """A secret that the account and the server share."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """An access token (RFC 6750): whoever bears it is let in, for an hour or so."""

    text: str = field(repr=False)
    forget: Callable[[], None] = field(repr=False)
    """Tell that the server did not believe it: the next log-in asks for another one."""

    was_shown: bool = False
    """It has served another log-in before: where a server does not believe it now, it may have been taken back meanwhile."""


Credential: TypeAlias = Password | Bearer


class Credentials(Protocol):
    """Gives what the next log-in shows; read or fetched when it is needed, because secrets change and tokens expire."""

    def __call__(self) -> Credential:
        """Raises ConfigurationError, Refused or Deferred where there is none."""
        ...


XOAUTH2, OAUTHBEARER = "XOAUTH2", "OAUTHBEARER"


def initial_response(mechanism: str, username: str, token: Bearer) -> bytes:
    """Write what the client says first, not yet in base64.

    OAUTHBEARER is RFC 7628 (its GS2 header RFC 5801); XOAUTH2 is what Google and Microsoft had before it and prefer to this day.
    """
    if mechanism == XOAUTH2:
        return f"user={username}\1auth=Bearer {token.text}\1\1".encode()
    name = username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\1auth=Bearer {token.text}\1\1".encode()


def refused_response(mechanism: str) -> bytes:
    """Write what the client says to the server's reasons, so that the server can say no."""
    return b"" if mechanism == XOAUTH2 else b"\1"
