"""Held mails wait for a person; what is taken in may be marked on the server."""

import pytest

from maild.errors import NotFound, Refused
from maild.store.engine import Store
from maild.store.incoming import mailboxes, marking, waiting
from maild.store.incoming.wanted import bring_bytes
from maild.store.view.held import list_held
from tests.support.arrival_rows import a_held_mail, claim, count, outcome
from tests.support.rows import NOW, OVER, an_arrival, stored


def test_a_held_arrival_is_not_claimed(store: Store) -> None:
    mail_id = a_held_mail(store)
    assert claim(store) == []
    assert outcome(store, mail_id) == ("held", "its header is a bomb")


def test_an_arrival_without_its_bytes_is_always_held(store: Store) -> None:
    stored(store, an_arrival(source=None, size=10**9))
    assert claim(store) == []
    assert count(store) == (1, 0)


def test_a_mail_that_is_held_is_claimed_no_more_and_may_be_marked(store: Store) -> None:
    mailbox = stored(store, an_arrival())
    (mail,) = claim(store, lease=OVER)
    store.transact(lambda c: waiting.hold(c, mail.id, because="it cannot be read", now=NOW))
    assert claim(store) == []
    assert outcome(store, mail.id) == ("held", "it cannot be read")
    with store.read() as connection:
        assert [one.id for one in marking.unmarked(connection, mailbox, limit=5)] == [mail.id]


def test_a_mail_that_somebody_else_took_in_meanwhile_is_not_held(store: Store) -> None:
    stored(store, an_arrival())
    (mail,) = claim(store, lease=OVER)
    store.transact(lambda c: waiting.hold(c, mail.id, because="said by the first", now=NOW))
    store.transact(lambda c: waiting.hold(c, mail.id, because="said too late", now=NOW))
    assert outcome(store, mail.id) == ("held", "said by the first")


def test_a_held_mail_that_is_retried_is_claimed_as_if_new(store: Store) -> None:
    mail_id = a_held_mail(store)
    store.transact(lambda c: waiting.retry_held(c, mail_id, source_bytes=50_000_000))
    assert [(one.id, one.attempts) for one in claim(store)] == [(mail_id, 1)]


def test_a_held_mail_that_is_dropped_stays_with_its_reason(store: Store) -> None:
    mail_id = a_held_mail(store)
    store.transact(lambda c: waiting.drop_held(c, mail_id, now=NOW))
    assert outcome(store, mail_id) == (
        "unrelated",
        "dropped by a person; it was held because: its header is a bomb",
    )
    assert count(store) == (1, 1)


def test_a_mail_without_its_bytes_waits_for_them_where_everybody_sees_it(store: Store) -> None:
    mail_id = a_held_mail(store, source=None, size=10**6)
    assert not store.transact(lambda c: waiting.retry_held(c, mail_id, source_bytes=50_000_000))
    assert claim(store) == []
    with store.read() as connection:
        (line,) = list_held(connection)
    assert (
        line.because == "`maild run` fetches its bytes from the mail server; it was held because: its header is a bomb"
    )


def test_a_mail_that_got_its_bytes_is_claimed(store: Store) -> None:
    mail_id = a_held_mail(store, source=None, size=10**6)
    store.transact(lambda c: waiting.retry_held(c, mail_id, source_bytes=50_000_000))
    for source in (b"the mail", b"brought twice"):
        store.transact(lambda c, source=source: bring_bytes(c, mail_id, source))  # type: ignore[misc]
    assert [(one.id, one.source) for one in claim(store)] == [(mail_id, b"the mail")]


def test_a_mail_that_waits_for_its_bytes_can_be_dropped(store: Store) -> None:
    mail_id = a_held_mail(store, source=None, size=10**6)
    store.transact(lambda c: waiting.retry_held(c, mail_id, source_bytes=50_000_000))
    store.transact(lambda c: waiting.drop_held(c, mail_id, now=NOW))
    assert outcome(store, mail_id)[0] == "unrelated"


def test_a_mail_that_is_still_too_large_is_not_retried(store: Store) -> None:
    mail_id = a_held_mail(store, source=None, size=10**9)
    with pytest.raises(Refused, match=r"source_bytes = 50000000 .* still forbids"):
        store.transact(lambda c: waiting.retry_held(c, mail_id, source_bytes=50_000_000))


def test_only_held_mails_are_retried_or_dropped(store: Store) -> None:
    stored(store, an_arrival())
    (mail,) = claim(store)
    with pytest.raises(Refused, match="is not held"):
        store.transact(lambda c: waiting.retry_held(c, mail.id, source_bytes=50_000_000))
    with pytest.raises(Refused, match="is not held"):
        store.transact(lambda c: waiting.drop_held(c, mail.id, now=NOW))
    with pytest.raises(NotFound, match="no mail 4711"):
        store.transact(lambda c: waiting.retry_held(c, 4711, source_bytes=50_000_000))


def test_only_mails_that_are_taken_in_are_marked_and_only_once(store: Store) -> None:
    mailbox = stored(store, an_arrival(uid=1), an_arrival(uid=2, held="odd"), an_arrival(uid=3, source=None))
    with store.read() as connection:
        found = marking.unmarked(connection, mailbox, limit=5)
    assert [(one.uidvalidity, one.uid) for one in found] == [(1, 2)]
    store.transact(lambda c: marking.mark(c, [one.id for one in found], now=NOW))
    with store.read() as connection:
        assert marking.unmarked(connection, mailbox, limit=5) == []


def test_mails_of_an_older_uidvalidity_are_not_marked(store: Store) -> None:
    mailbox = stored(store, an_arrival(held="odd"))
    store.transact(lambda c: mailboxes.reset_cursor(c, mailbox, uidvalidity=2))
    with store.read() as connection:
        assert marking.unmarked(connection, mailbox, limit=5) == []
