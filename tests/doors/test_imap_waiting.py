"""How the IMAP door waits for mail, and how it notices that nobody is there any more."""

import threading
import time
from collections.abc import Callable

import pytest

from maild.errors import Deferred
from tests.servers.connections import Open, forget
from tests.servers.dovecot import Dovecot
from tests.support.watched import a_mail

SOURCE = a_mail()
LONG = 120.0
"""Seconds that nobody waits for."""


def seconds(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_idle_ends_when_a_mail_arrives(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    connection = open_inbox(dovecot)
    timer = threading.Timer(0.2, dovecot.deliver, (imap_user, SOURCE))
    timer.start()
    assert seconds(lambda: connection.wait(LONG)) < LONG / 2
    timer.join()


@pytest.mark.parametrize("security", ["tls", "none"])
def test_idle_sees_the_mail_that_came_just_before(
    dovecot: Dovecot, open_inbox: Open, imap_user: str, security: str
) -> None:
    connection = open_inbox(dovecot, security=security)
    dovecot.deliver(imap_user, SOURCE)
    assert seconds(lambda: connection.wait(LONG)) < LONG / 2


def test_idle_is_woken_by_another_thread(dovecot: Dovecot, open_inbox: Open) -> None:
    connection = open_inbox(dovecot)
    timer = threading.Timer(0.1, connection.wake)
    timer.start()
    assert seconds(lambda: connection.wait(LONG)) < LONG / 2
    timer.join()
    assert connection.select("INBOX").exists == 0


def test_a_wake_that_comes_too_early_is_not_lost_and_wakes_once(dovecot: Dovecot, open_inbox: Open) -> None:
    connection = open_inbox(dovecot)
    connection.wake()
    connection.wake()
    assert seconds(lambda: connection.wait(LONG)) < LONG / 2
    assert seconds(lambda: connection.wait(0.3)) >= 0.3


def test_a_server_without_idle_is_waited_for_all_the_same(dovecot: Dovecot, open_inbox: Open) -> None:
    connection = open_inbox(dovecot)
    forget(connection, "IDLE")
    assert seconds(lambda: connection.wait(0.3)) >= 0.3
    connection.wake()
    assert seconds(lambda: connection.wait(LONG)) < LONG / 2


@pytest.mark.parametrize("security", ["tls", "none"])
def test_a_server_that_dies_during_idle_is_noticed(own_dovecot: Dovecot, open_inbox: Open, security: str) -> None:
    connection = open_inbox(own_dovecot, security=security)
    timer = threading.Timer(0.2, own_dovecot.kill)
    timer.start()
    with pytest.raises(Deferred, match="lost while maild waited"):
        connection.wait(LONG)
    timer.join()


def test_a_server_that_falls_silent_during_idle_is_noticed_when_idle_is_renewed(
    own_dovecot: Dovecot, open_inbox: Open
) -> None:
    connection = open_inbox(own_dovecot)
    connection._client.socket().settimeout(0.3)
    own_dovecot.pause()
    with pytest.raises(Deferred):
        connection.wait(0.2)
    own_dovecot.resume()


@pytest.mark.parametrize("security", ["tls", "none"])
def test_a_wait_for_a_silent_server_can_be_broken_off(own_dovecot: Dovecot, open_inbox: Open, security: str) -> None:
    connection = open_inbox(own_dovecot, security=security, timeout_seconds=LONG)
    own_dovecot.pause()
    timer = threading.Timer(0.2, connection.hang_up)
    timer.start()
    with pytest.raises(Deferred):
        connection.select("INBOX")
    timer.join()
    own_dovecot.resume()
