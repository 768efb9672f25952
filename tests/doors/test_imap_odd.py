"""IMAP servers with habits of their own."""

import logging
from dataclasses import replace

import pytest

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot, until
from tests.servers.imap_proxy import ImapProxy
from tests.support.watched import Watched


def refuse_idle(line: bytes) -> bytes | None:
    tag, _, command = line.strip().partition(b" ")
    return tag + b" NO not on this server\r\n" if command == b"IDLE" else None


class SpeakFirst:
    """Announce a mail between the client's IDLE and the server's consent (RFC 3501, 7 allows it at any time)."""

    def __init__(self) -> None:
        self.has_spoken = False

    def __call__(self, line: bytes) -> bytes | None:
        if line.strip().endswith(b" IDLE") and not self.has_spoken:
            self.tag = line.partition(b" ")[0]
            self.has_spoken = True
            return b"* 1 RECENT\r\n+ idling\r\n"
        if line == b"DONE\r\n" and self.tag:
            tag, self.tag = self.tag, b""
            return tag + b" OK done\r\n"
        return None


@pytest.fixture
def watched(dovecot: Dovecot, store: Store, imap_user: str) -> Watched:
    return Watched(dovecot, store, imap_user)


def test_a_server_that_refuses_idle_is_polled_on_one_connection(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="maild.doors.imap")
    with ImapProxy(watched.server.port, refuse_idle) as proxy:
        watched.settings = replace(watched.settings, port=proxy.port, poll_seconds=0.3)
        with watched.running(watched.watch()):
            watched.until_well()
            for number in (1, 2, 3):
                watched.deliver(number)
                watched.until_stored(number)
            until(lambda: sum(line.startswith(b"SELECT") for line in proxy.lines) >= 5, "not polled")
        assert proxy.connections == 1
        assert proxy.lines.count(b"IDLE") == 1
    assert [record.getMessage() for record in caplog.records] == ["IDLE refused, the mailbox is polled"]


def test_a_server_that_speaks_before_it_consents_to_idle_is_watched_on(watched: Watched) -> None:
    odd = SpeakFirst()
    with ImapProxy(watched.server.port, odd) as proxy:
        watched.settings = replace(watched.settings, port=proxy.port)
        with watched.running(watched.watch()):
            until(lambda: odd.has_spoken, "no IDLE")
            watched.deliver(1)
            watched.until_stored(1)
        assert proxy.connections == 1
