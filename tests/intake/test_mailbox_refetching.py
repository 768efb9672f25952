"""Mails whose bytes stayed on the server: fetched by UID when a person asks for them, or held again with the reason."""

from collections.abc import Callable

import pytest

from maild.doors.imap import ImapConnection
from maild.errors import Deferred
from maild.mail.message import Limits
from maild.store.engine import Store
from maild.store.incoming.waiting import claim_mails, retry_held
from maild.store.view.held import list_held
from tests.servers.dovecot import Dovecot, until
from tests.support.rows import LONG
from tests.support.watched import LAST_YEAR, Watched, a_mail

LOW, HIGH = Limits(source_bytes=4000), Limits(source_bytes=40_000)


@pytest.fixture
def watched(dovecot: Dovecot, store: Store, imap_user: str) -> Watched:
    """A mailbox with a mail between two others that was too large when they came."""
    watched = Watched(dovecot, store, imap_user)
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.deliver(2, size=5000)
    watched.deliver(3)
    watched.watch(limits=LOW).take_over_once()
    watched.take_in()
    return watched


def retry(watched: Watched) -> int:
    with watched.store.read() as connection:
        (line,) = list_held(connection)
    watched.store.transact(lambda connection: retry_held(connection, line.id, source_bytes=HIGH.source_bytes))
    return line.id


def held(watched: Watched) -> list[str | None]:
    with watched.store.read() as connection:
        return [line.because for line in list_held(connection)]


def on_the_server(watched: Watched, act: Callable[[object], object]) -> None:
    with watched.server.log_in(watched.user) as client:
        client.select()
        act(client)
        client.expunge()


def test_a_mail_is_fetched_when_the_limit_was_raised_and_the_cursor_stays(watched: Watched) -> None:
    mail_id = retry(watched)
    watched.watch(limits=HIGH).take_over_once()
    assert watched.known is not None
    assert watched.known.last_uid == 3
    assert watched.uids == [1, 2, 3]
    claimed = watched.store.transact(lambda c: claim_mails(c, holder="me", lease=LONG, limit=9))
    assert [(mail.id, mail.source) for mail in claimed] == [(mail_id, a_mail(2, size=5000))]


def test_a_running_watch_fetches_it_and_marks_it_in_the_end(watched: Watched) -> None:
    with watched.running(watched.watch(limits=HIGH)):
        watched.until_well()
        retry(watched)
        until(lambda: watched.rows[1].digest, "the bytes were not fetched")
        watched.take_in()
        until(lambda: watched.rows[1].marked_at, "the mail was not marked")
    assert a_mail(2, size=5000) in watched.server.sources(watched.user, "Processed")


def test_a_mail_that_is_still_too_large_is_held_again(watched: Watched) -> None:
    retry(watched)
    watched.watch(limits=LOW).take_over_once()
    assert "more than [limits] source_bytes = 4000" in str(held(watched))


def test_a_mail_that_was_moved_meanwhile_is_held_with_that_reason(watched: Watched) -> None:
    on_the_server(watched, lambda client: client.uid("STORE", "2", "+FLAGS", r"(\Deleted)"))  # type: ignore[attr-defined]
    retry(watched)
    watched.watch(limits=HIGH).take_over_once()
    assert "no longer in its mailbox (UID 2)" in str(held(watched))


def test_a_mail_of_a_renumbered_mailbox_is_held_and_comes_in_anew(watched: Watched) -> None:
    retry(watched)
    watched.server.forget_uids(watched.user)
    watched.watch(limits=HIGH).take_over_once()
    assert "renumbered" in str(held(watched))
    assert len({row.digest for row in watched.rows if row.digest}) == 3


@pytest.mark.parametrize("asked", ["list_mails", "fetch"])
def test_a_server_that_puts_it_off_for_ever_does_not_keep_the_mailbox(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    def hang_up(connection: ImapConnection, _uids: list[int]) -> dict[int, bytes]:
        connection.hang_up()
        raise Deferred("it hung up")

    retry(watched)
    watch = watched.watch(limits=HIGH)
    monkeypatch.setattr(ImapConnection, asked, hang_up)
    for _ in range(4):
        with pytest.raises(Deferred):
            watch.take_over_once()
    watch.take_over_once()
    assert "hangs up, or puts maild off" in str(held(watched))
    monkeypatch.undo()
    retry(watched)
    watch.take_over_once()
    assert held(watched) == []
