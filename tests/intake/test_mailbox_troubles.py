"""The story of a mailbox on a bad day: dead, silent, refusing and broken servers, and no busy loop."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from maild.errors import Deferred, Refused
from maild.intake.backoff import Backoff
from maild.store.engine import Store
from tests.servers.dovecot import PASSWORD, Dovecot, until
from tests.servers.imap_proxy import ImapProxy
from tests.support.watched import LAST_YEAR, SOON, Watched, a_mail

LONG = 100.0
"""Seconds that nobody waits for."""


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def watched(own_dovecot: Dovecot, sqlite_store: Store, imap_user: str) -> Watched:
    return Watched(own_dovecot, sqlite_store, imap_user)


def test_a_server_that_is_restarted_is_watched_on(watched: Watched) -> None:
    with watched.running(watched.watch()):
        watched.until_well()
        watched.server.stop()
        watched.deliver(1)
        watched.until_trouble("IMAP server localhost")
        watched.server.start()
        watched.deliver(2)
        watched.until_stored(2)
        watched.until_well()


def test_a_server_that_is_dead_at_the_start_is_waited_for(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.server.stop()
    with watched.running(watched.watch()):
        watched.until_trouble("cannot be reached")
        watched.server.start()
        watched.until_stored(1)


def test_a_mail_of_the_time_when_the_first_start_met_a_dead_server_is_stored(watched: Watched) -> None:
    watched.server.stop()
    with watched.running(watched.watch()):
        watched.until_trouble("cannot be reached")
        watched.deliver(1)
        watched.server.start()
        watched.until_stored(1)


def test_a_server_that_dies_during_idle_costs_no_busy_loop(watched: Watched) -> None:
    attempts = Attempts()
    with watched.running(watched.watch(backoff=attempts.backoff)):
        watched.until_well()
        watched.server.kill()
        watched.until_trouble("IMAP server localhost")
        tries, busy, began = attempts.count, time.process_time(), time.monotonic()
        time.sleep(1.5)
        assert attempts.count - tries <= 5 * (1 + time.monotonic() - began)
        assert time.process_time() - busy < 1.0


def test_an_idle_mailbox_costs_next_to_nothing(watched: Watched) -> None:
    with watched.running(watched.watch()):
        watched.until_well()
        busy = time.process_time()
        time.sleep(1.5)
        assert time.process_time() - busy < 1.0


def test_a_server_that_falls_silent_is_given_up_and_found_again(watched: Watched) -> None:
    watched.settings = replace(watched.settings, poll_seconds=0.5)
    with watched.running(watched.watch(timeout_seconds=0.5)):
        watched.until_well()
        watched.server.pause()
        watched.deliver(1)
        watched.until_trouble("in time")
        watched.server.resume()
        watched.until_stored(1)
        watched.until_well()


def test_a_silent_server_does_not_keep_maild_from_ending(watched: Watched) -> None:
    with watched.running(watched.watch(timeout_seconds=LONG)):
        watched.until_well()
        watched.server.pause()
        start = time.monotonic()
    assert time.monotonic() - start < LONG / 2
    assert watched.trouble is None
    watched.server.resume()


def test_stop_ends_a_long_wait_at_once(watched: Watched) -> None:
    watched.settings = replace(watched.settings, poll_seconds=LONG)
    with watched.running(watched.watch()):
        watched.until_well()
        start = time.monotonic()
    assert time.monotonic() - start < LONG / 2


def test_stop_ends_a_long_backoff_at_once(watched: Watched) -> None:
    watched.server.stop()
    with watched.running(watched.watch(backoff=Backoff(jitter=lambda: 1.0, first_seconds=LONG))):
        watched.until_trouble("cannot be reached")
        start = time.monotonic()
    assert time.monotonic() - start < LONG / 2


def test_a_wrong_password_is_noted_and_tried_again(watched: Watched) -> None:
    passwords = iter(["wrong", "wrong"])
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    with watched.running(watched.watch(password=lambda: next(passwords, PASSWORD))):
        watched.until_trouble("refused the log-in")
        watched.until_stored(1)
        watched.until_well()


def test_a_process_that_cannot_get_in_leaves_the_mailbox_to_those_who_can(watched: Watched) -> None:
    with watched.running(watched.watch(password=lambda: "wrong")):
        watched.until_trouble("refused the log-in")
        watched.deliver(1)
        until(lambda: watched.watch(holder="another").take_over_once() == 1, "the mailbox was not given up")
        watched.deliver(2)
        assert watched.watch(holder="another").take_over_once() == 1


def test_one_trouble_is_one_line_in_the_log(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="maild")
    attempts = Attempts()
    watched.server.stop()
    with watched.running(watched.watch(backoff=attempts.backoff)):
        until(lambda: attempts.count > 3, "no further attempts")
        watched.server.start()
        watched.until_well()
    said = [record.getMessage() for record in caplog.records if record.name == "maild.intake.mailbox"]
    assert said == ["mailbox is in trouble", "mailbox is well again"]


def test_a_process_that_runs_once_says_what_is_wrong(watched: Watched) -> None:
    watched.server.stop()
    with pytest.raises(Deferred, match="cannot be reached"):
        watched.watch().take_over_once()
    assert "cannot be reached" in (watched.trouble or "")


def test_a_certificate_that_nobody_vouches_for_is_refused(watched: Watched) -> None:
    watched.settings = replace(watched.settings, security="tls", port=watched.server.tls_port)
    with pytest.raises(Refused, match="not trusted"):
        watched.watch().take_over_once()


def test_tls_with_its_authority_works_to_the_end(watched: Watched) -> None:
    authority = watched.server.certificate.authority
    watched.settings = replace(watched.settings, security="tls", port=watched.server.tls_port, ca_file=authority)
    with watched.running(watched.watch()):
        watched.until_well()
        watched.deliver(1)
        watched.until_stored(1)
        watched.take_in()
        until(lambda: watched.rows[0].marked_at, "the mail was not marked")


def test_a_mail_that_the_server_cannot_read_is_held_and_the_rest_goes_on(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2, 3)
    with watched.server.log_in(watched.user) as client:
        client.select()
        client.fetch("1:*", "(RFC822.SIZE INTERNALDATE)")
    broken = next(path for path in watched.server.maildir(watched.user).glob("*/*") if path.read_bytes() == a_mail(2))
    broken.chmod(0)
    watch = watched.watch()
    until(lambda: take_over(watch) or len(watched.rows) == 3, "the mailbox is blocked")
    assert [row.outcome for row in watched.rows] == [None, "held", None]


def test_a_mailbox_that_cannot_be_marked_still_brings_new_mail(watched: Watched) -> None:
    watched.settings = replace(watched.settings, processed="a//b")
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    with watched.running(watched.watch()):
        watched.until_stored(1)
        watched.take_in()
        watched.until_trouble("'a//b'")
        watched.deliver(2)
        watched.until_stored(2)


def test_a_database_that_refuses_stops_nobody_for_good(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    original, failures = Store.transact, iter([Deferred("the disk is full")] * 3)

    def transact(store: Store, work: object, **options: object) -> object:
        if threading.current_thread() is not threading.main_thread() and (failure := next(failures, None)):
            raise failure
        return original(store, work, **options)  # type: ignore[arg-type]

    watched.begin(LAST_YEAR)
    watched.deliver(1)
    monkeypatch.setattr(Store, "transact", transact)
    with watched.running(watched.watch()):
        watched.until_stored(1)


class Attempts:
    """Counts how often a watch has failed."""

    def __init__(self) -> None:
        self.count = 0
        self.backoff = replace(SOON, jitter=self._count)

    def _count(self) -> float:
        self.count += 1
        return 0.5


def take_over(watch: object) -> bool:
    try:
        watch.take_over_once()  # type: ignore[attr-defined]
    except Refused:
        return False
    return True


def saying_no(
    answer: str, *commands: str, while_: Callable[[], bool] = lambda: True
) -> Callable[[bytes], bytes | None]:
    """For an ImapProxy: these commands are answered by NO, as long as `while_` says so."""

    def answered(line: bytes) -> bytes | None:
        tag, _, said = line.partition(b" ")
        is_one = said.startswith(tuple(command.encode() for command in commands)) and while_()
        return tag + f" NO {answer}\r\n".encode() if is_one else None

    return answered


@pytest.mark.parametrize("command", ["SELECT", "UID SEARCH", "UID FETCH 1 (RFC822.SIZE", "UID FETCH 1 (BODY.PEEK[]"])
def test_what_a_server_says_no_to_for_now_is_asked_again_and_nothing_is_held(watched: Watched, command: str) -> None:
    tries, alarms = iter(range(2)), list[str]()
    be_busy = saying_no("[UNAVAILABLE] come again in a minute", command, while_=lambda: next(tries, None) is not None)
    watched.deliver(1)
    with ImapProxy(watched.server.port, be_busy) as proxy:
        watched.settings = replace(watched.settings, port=proxy.port)
        watched.begin(LAST_YEAR)
        watch = watched.watch(alarm=lambda _, __, because: alarms.append(because))
        with watched.running(watch):
            watched.until_stored(1)
            watched.until_well()
    (row,) = watched.rows
    assert (row.digest is not None, row.outcome, alarms, next(tries, None)) == (True, None, [], None)


@pytest.mark.parametrize("command", ["SELECT", "UID SEARCH", "UID FETCH 1 (RFC822.SIZE"])
def test_a_lead_hears_of_a_server_that_says_it_needs_a_person(watched: Watched, command: str) -> None:
    alarms, be_broken = list[str](), saying_no("[SERVERBUG] Internal error occurred", command)
    watched.deliver(1)
    with ImapProxy(watched.server.port, be_broken) as proxy:
        watched.settings = replace(watched.settings, port=proxy.port)
        watched.begin(LAST_YEAR)
        watch = watched.watch(alarm=lambda _, __, because: alarms.append(because))
        with watched.running(watch):
            until(lambda: alarms, "no lead was told")
    assert "[SERVERBUG]" in alarms[0]


def test_a_mail_whose_bytes_a_server_refuses_again_and_again_is_held_and_stops_no_other(watched: Watched) -> None:
    asking = ("UID FETCH 1 (BODY.PEEK[]", "UID FETCH 1:2 (BODY.PEEK[]", "UID FETCH 1,2 (BODY")
    keep_back = saying_no("[SERVERBUG] Internal error occurred", *asking)
    watched.deliver(1)
    watched.deliver(2)
    with ImapProxy(watched.server.port, keep_back) as proxy:
        watched.settings = replace(watched.settings, port=proxy.port)
        watched.begin(LAST_YEAR)
        with watched.running(watched.watch()):
            watched.until_stored(2)
    assert [(row.digest is None, row.outcome) for row in watched.rows] == [(True, "held"), (False, None)]
