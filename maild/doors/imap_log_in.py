"""Log-in on an IMAP connection: with a password, or AUTHENTICATE with XOAUTH2 or OAUTHBEARER."""

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from maild.doors.credential import OAUTHBEARER, XOAUTH2, Bearer, Credential, initial_response, refused_response
from maild.errors import Refused

PERMISSIONS = "username, and that the application may use this mailbox over IMAP"
"""What to check where a token was refused."""


def log_in(client: IMAPClient, server: str, username: str, credential: Credential) -> None:
    """Show the credential. Raises LoginError, whose words are the server's, or Refused for a server that cannot do it."""
    if isinstance(credential, Bearer):
        # both are in use; where a server knows both, the older one has seen more servers
        mechanism = next((name for name in (XOAUTH2, OAUTHBEARER) if client.has_capability(f"AUTH={name}")), None)
        if mechanism is None:
            raise Refused(f"{server} knows neither XOAUTH2 nor OAUTHBEARER: use a password_file instead of OAuth")
        _authenticate(client, mechanism, username, credential)
    # AUTHENTICATE carries any character, imaplib's LOGIN only ASCII
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(username, credential.text)
    else:
        client.login(username, credential.text)


def _authenticate(client: IMAPClient, mechanism: str, username: str, token: Bearer) -> None:
    """Show a token. Where it is of no use the server explains that in a challenge, and says no once that is answered (RFC 7628, 3.2.3)."""
    said = iter([initial_response(mechanism, username, token)])

    def respond(_: bytes) -> bytes:
        return next(said, refused_response(mechanism))

    try:
        # imapclient's own answer a challenge with the token again
        client._command_and_check("authenticate", mechanism, respond)  # noqa: SLF001
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise LoginError(str(error)) from error
