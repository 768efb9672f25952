"""Opens the account of a mailbox: connect, secure, log in."""

from maild.doors.credential import Credential
from maild.doors.imap import ImapConnection, connect
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
