"""Opens the account of a mailbox: connect, secure, log in."""

from maild.doors.credential import Bearer, Credential, Credentials
from maild.doors.imap import ImapConnection, connect
from maild.errors import Deferred, Refused
from maild.settings.values import MailboxSettings


def open_account(settings: MailboxSettings, credential: Credential, *, timeout_seconds: float = 60.0) -> ImapConnection:
    """Give a connection that is logged in, for the caller to close; Refused or Deferred where there is none."""
    connection = connect(
        settings.host,
        settings.port,
        security=settings.security,
        ca_file=settings.ca_file,
        timeout_seconds=timeout_seconds,
    )
    try:
        connection.log_in(settings.username, credential)
    except BaseException:
        connection.close()
        raise
    return connection


def open_with(settings: MailboxSettings, credentials: Credentials, *, timeout_seconds: float) -> ImapConnection:
    """As `open_account`; a token that was shown before and is refused now is followed by a new one.

    It may be taken back before its time, which is nothing to wake anybody for.
    """
    credential = credentials()
    try:
        return open_account(settings, credential, timeout_seconds=timeout_seconds)
    except Deferred:
        raise
    except Refused:
        if not (isinstance(credential, Bearer) and credential.was_shown):
            raise
    return open_account(settings, credentials(), timeout_seconds=timeout_seconds)
