"""Mailboxes: a cursor that never goes back, a lease that one process has."""

from datetime import timedelta

from maild.store.engine import Connection, Store
from maild.store.incoming import mailboxes
from tests.support.arrival_rows import count
from tests.support.rows import LONG, NOW, OVER, a_mailbox, an_arrival, stored


def test_a_mailbox_is_adopted_once_and_keeps_its_since(store: Store) -> None:
    def adopt(connection: Connection, later: timedelta) -> mailboxes.Mailbox:
        return mailboxes.adopt_mailbox(connection, account="a", name="INBOX", since=NOW + later)

    first = store.transact(lambda c: adopt(c, timedelta()))
    assert store.transact(lambda c: adopt(c, timedelta(days=9))) == first


def test_a_mailbox_is_polled_by_one_process_until_its_lease_ends(store: Store) -> None:
    mailbox = a_mailbox(store)

    def claim_it(holder: str, lease: timedelta) -> bool:
        return store.transact(lambda c: mailboxes.claim_mailbox(c, mailbox, holder=holder, lease=lease))

    assert claim_it("one", LONG)
    assert claim_it("one", LONG), "a renewal"
    assert not claim_it("two", LONG)
    assert claim_it("one", OVER)
    assert claim_it("two", LONG), "the lease had ended"
    store.transact(lambda c: mailboxes.release_mailbox(c, mailbox, holder="one"))
    assert not claim_it("one", LONG), "only the holder can give it back"
    store.transact(lambda c: mailboxes.release_mailbox(c, mailbox, holder="two"))
    assert claim_it("one", LONG)


def test_the_cursor_moves_forward_and_never_back(store: Store) -> None:
    mailbox = stored(store, an_arrival(uid=9))
    store.transact(lambda c: mailboxes.advance_cursor(c, mailbox, last_uid=5))
    with store.read() as connection:
        assert [one.last_uid for one in mailboxes.list_mailboxes(connection)] == [9]


def test_a_batch_of_an_older_uidvalidity_is_kept_and_leaves_the_cursor_alone(store: Store) -> None:
    mailbox = a_mailbox(store, uidvalidity=2)
    stored(store, an_arrival(uid=70), mailbox=mailbox, uidvalidity=1)
    with store.read() as connection:
        assert [one.last_uid for one in mailboxes.list_mailboxes(connection)] == [0]
    assert count(store) == (1, 1)


def test_trouble_is_noted_and_taken_back(store: Store) -> None:
    mailbox = a_mailbox(store)
    store.transact(lambda c: mailboxes.note_trouble(c, mailbox, "the server does not answer", now=NOW))
    with store.read() as connection:
        (one,) = mailboxes.list_mailboxes(connection)
    assert (one.trouble, one.seen_at) == ("the server does not answer", None)
    store.transact(lambda c: mailboxes.note_trouble(c, mailbox, None, now=NOW))
    with store.read() as connection:
        (one,) = mailboxes.list_mailboxes(connection)
    assert (one.trouble, one.seen_at) == (None, NOW)
