"""Connections of our own IMAP door to the Dovecot of a test."""

from collections.abc import Callable, Iterator

import pytest

from maild.doors.credential import Password
from maild.doors.imap import ImapConnection, connect
from tests.servers.dovecot import PASSWORD, Dovecot

Open = Callable[..., ImapConnection]


@pytest.fixture
def open_inbox(imap_user: str) -> Iterator[Open]:
    """Opens connections as the test's own user, and closes them all in the end."""
    opened = []

    def open_one(server: Dovecot, *, security: str = "none", timeout_seconds: float = 60.0) -> ImapConnection:
        port = server.tls_port if security == "tls" else server.port
        authority = server.certificate.authority
        connection = connect("localhost", port, security=security, ca_file=authority, timeout_seconds=timeout_seconds)
        opened.append(connection)
        connection.log_in(imap_user, Password(PASSWORD))
        connection.select("INBOX")
        return connection

    yield open_one
    for connection in opened:
        connection.close()


def forget(connection: ImapConnection, *capabilities: str) -> None:
    """Talk to the server as to one that cannot do this."""
    client = connection._client
    left = [name for name in client.capabilities() if name.decode() not in capabilities]
    client._cached_capabilities = tuple(left)
