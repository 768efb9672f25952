"""Arrivals: stored once with their cursor, claimed by one process, held for a person."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from maild.errors import NotFound, Refused
from maild.store import arrivals, waiting
from maild.store.engine import Connection, Store
from maild.store.tables import mails, sources
from tests.rows import LONG, NOW, OVER, a_mailbox, an_arrival, stored

CLAIMS_AND_HANGS = """
import sys
from datetime import timedelta
from maild.store.arrivals import claim_mails
from maild.store.engine import Store
store = Store(sys.argv[1])
lease = timedelta(seconds=2)
print(len(store.transact(lambda c: claim_mails(c, holder="killed", lease=lease, limit=9))), flush=True)
sys.stdin.read()
"""


def claim(store: Store, *, holder: str = "me", lease: timedelta = LONG, limit: int = 100) -> list[arrivals.Waiting]:
    return store.transact(lambda c: arrivals.claim_mails(c, holder=holder, lease=lease, limit=limit))


def count(store: Store) -> tuple[int, int]:
    """How many mails and sources there are."""
    with store.read() as connection:
        rows = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (mails, sources))
        return next(rows), next(rows)


def outcome(store: Store, mail_id: int) -> tuple[str | None, str | None]:
    with store.read() as connection:
        row = connection.execute(select(mails.c.outcome, mails.c.because).where(mails.c.id == mail_id)).one()
        return row.outcome, row.because


def a_held_mail(store: Store, **difference: object) -> int:
    mailbox = stored(store, an_arrival(held="its header is a bomb", **difference))
    with store.read() as connection:
        mail_id: int = connection.execute(select(mails.c.id).where(mails.c.mailbox_id == mailbox)).scalar_one()
        return mail_id


def test_a_mailbox_is_adopted_once_and_keeps_its_since(store: Store) -> None:
    def adopt(connection: Connection, later: timedelta) -> arrivals.Mailbox:
        return arrivals.adopt_mailbox(connection, account="a", name="INBOX", since=NOW + later)

    first = store.transact(lambda c: adopt(c, timedelta()))
    assert store.transact(lambda c: adopt(c, timedelta(days=9))) == first


def test_a_mailbox_is_polled_by_one_process_until_its_lease_ends(store: Store) -> None:
    mailbox = a_mailbox(store)

    def claim_it(holder: str, lease: timedelta) -> bool:
        return store.transact(lambda c: arrivals.claim_mailbox(c, mailbox, holder=holder, lease=lease))

    assert claim_it("one", LONG)
    assert claim_it("one", LONG), "a renewal"
    assert not claim_it("two", LONG)
    assert claim_it("one", OVER)
    assert claim_it("two", LONG), "the lease had ended"
    store.transact(lambda c: arrivals.release_mailbox(c, mailbox, holder="one"))
    assert not claim_it("one", LONG), "only the holder can give it back"
    store.transact(lambda c: arrivals.release_mailbox(c, mailbox, holder="two"))
    assert claim_it("one", LONG)


def test_an_arrival_is_stored_once_however_often_it_comes(store: Store) -> None:
    twice = an_arrival()
    mailbox = stored(store, twice)
    stored(store, twice, an_arrival(), mailbox=mailbox)
    assert count(store) == (2, 2)


def test_the_same_bytes_in_two_mailboxes_are_two_arrivals_of_one_source(store: Store) -> None:
    same = an_arrival()
    stored(store, same, mailbox=a_mailbox(store, name="INBOX"))
    stored(store, same, mailbox=a_mailbox(store, name="Other"))
    assert count(store) == (2, 1)


def test_storing_answers_how_many_were_new_and_rings_intake(store: Store) -> None:
    some = [an_arrival(uid=1), an_arrival(uid=2)]
    mailbox = stored(store, some[0])
    bell = store.bell("intake")

    def store_both(connection: Connection) -> int:
        return arrivals.store_arrivals(connection, mailbox, uidvalidity=1, arrivals=some, last_uid=2, now=NOW)

    assert store.transact(store_both) == 1
    assert bell.wait(timeout=10)


def test_the_cursor_moves_forward_and_never_back(store: Store) -> None:
    mailbox = stored(store, an_arrival(uid=9))
    store.transact(lambda c: arrivals.advance_cursor(c, mailbox, last_uid=5))
    with store.read() as connection:
        assert [one.last_uid for one in arrivals.list_mailboxes(connection)] == [9]


def test_a_batch_of_an_older_uidvalidity_is_kept_and_leaves_the_cursor_alone(store: Store) -> None:
    mailbox = a_mailbox(store, uidvalidity=2)
    stored(store, an_arrival(uid=70), mailbox=mailbox, uidvalidity=1)
    with store.read() as connection:
        assert [one.last_uid for one in arrivals.list_mailboxes(connection)] == [0]
    assert count(store) == (1, 1)


def test_stored_uids_are_those_of_this_uidvalidity(store: Store) -> None:
    mailbox = stored(store, an_arrival(uid=3), an_arrival(uid=4))
    with store.read() as connection:

        def known(uidvalidity: int, uids: Sequence[int]) -> set[int]:
            return arrivals.stored_uids(connection, mailbox, uidvalidity=uidvalidity, uids=uids)

        assert known(1, [2, 3, 4, 5]) == {3, 4}
        assert known(2, [3, 4]) == set()
        assert known(1, range(1, 70_000)) == {3, 4}, "more than a statement has parameters"


def test_the_oldest_mails_are_claimed_first_with_their_very_bytes(store: Store) -> None:
    some = [an_arrival(source=bytes(range(256)) * number) for number in (1, 2, 3)]
    stored(store, *some)
    claimed = claim(store, limit=2)
    assert [one.source for one in claimed] == [one.source for one in some[:2]]
    assert [one.attempts for one in claimed] == [1, 1]


def test_a_claim_brings_only_as_many_bytes_as_fit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "BYTES_A_CLAIM", 250)
    stored(store, *(an_arrival(source=b"%d" % number * 100) for number in range(4)))
    assert [len(claim(store)) for _ in range(3)] == [2, 2, 0]


def test_a_mail_larger_than_all_that_fits_is_claimed_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "BYTES_A_CLAIM", 1)
    stored(store, an_arrival(), an_arrival())
    assert [len(claim(store)) for _ in range(3)] == [1, 1, 0]


def test_what_one_has_claimed_nobody_else_gets_before_the_lease_ends(store: Store) -> None:
    stored(store, an_arrival())
    assert len(claim(store, holder="one")) == 1
    assert claim(store, holder="two") == []


def test_a_mail_whose_lease_has_ended_is_claimed_again_and_counted(store: Store) -> None:
    stored(store, an_arrival())
    claim(store, holder="killed", lease=OVER)
    assert [one.attempts for one in claim(store, holder="next")] == [2]


def test_a_released_mail_is_as_if_never_claimed(store: Store) -> None:
    stored(store, an_arrival())
    ids = [one.id for one in claim(store)]
    store.transact(lambda c: arrivals.release_mails(c, ids))
    assert [one.attempts for one in claim(store, holder="other")] == [1]


def test_four_threads_never_claim_the_same_mail(store: Store) -> None:
    stored(store, *(an_arrival() for _ in range(60)))

    def drain(number: int) -> list[int]:
        mine: list[int] = []
        while some := claim(store, holder=f"thread {number}", limit=7):
            mine.extend(one.id for one in some)
        return mine

    with ThreadPoolExecutor(4) as pool:
        claimed = [mail_id for mine in pool.map(drain, range(4)) for mail_id in mine]
    assert len(claimed) == len(set(claimed)) == 60


def test_the_claims_of_a_killed_process_are_free_when_their_lease_ends(store: Store, database_url: str) -> None:
    stored(store, an_arrival())
    child = subprocess.Popen(
        [sys.executable, "-c", CLAIMS_AND_HANGS, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin
    assert child.stdout
    with child.stdin, child.stdout:
        assert child.stdout.readline() == b"1\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    limit = time.monotonic() + 30
    while not (again := claim(store)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert [one.attempts for one in again] == [2]


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
    store.transact(lambda c: arrivals.hold(c, mail.id, because="it cannot be read", now=NOW))
    assert claim(store) == []
    assert outcome(store, mail.id) == ("held", "it cannot be read")
    with store.read() as connection:
        assert [one.id for one in arrivals.unmarked(connection, mailbox, limit=5)] == [mail.id]


def test_a_held_mail_that_is_retried_is_claimed_as_if_new(store: Store) -> None:
    mail_id = a_held_mail(store)
    store.transact(lambda c: arrivals.retry_held(c, mail_id))
    assert [(one.id, one.attempts) for one in claim(store)] == [(mail_id, 1)]


def test_a_held_mail_that_is_dropped_stays_with_its_reason(store: Store) -> None:
    mail_id = a_held_mail(store)
    store.transact(lambda c: arrivals.drop_held(c, mail_id, now=NOW))
    assert outcome(store, mail_id) == (
        "unrelated",
        "dropped by a person; it was held because: its header is a bomb",
    )
    assert count(store) == (1, 1)


def test_a_mail_without_its_bytes_cannot_be_retried(store: Store) -> None:
    mail_id = a_held_mail(store, source=None, size=10**9)
    with pytest.raises(Refused, match="still on the mail server"):
        store.transact(lambda c: arrivals.retry_held(c, mail_id))


def test_only_held_mails_are_retried_or_dropped(store: Store) -> None:
    stored(store, an_arrival())
    (mail,) = claim(store)
    with pytest.raises(Refused, match="is not held"):
        store.transact(lambda c: arrivals.retry_held(c, mail.id))
    with pytest.raises(Refused, match="is not held"):
        store.transact(lambda c: arrivals.drop_held(c, mail.id, now=NOW))
    with pytest.raises(NotFound, match="no mail 4711"):
        store.transact(lambda c: arrivals.retry_held(c, 4711))


def test_only_mails_that_are_taken_in_are_marked_and_only_once(store: Store) -> None:
    mailbox = stored(store, an_arrival(uid=1), an_arrival(uid=2, held="odd"), an_arrival(uid=3, source=None))
    with store.read() as connection:
        found = arrivals.unmarked(connection, mailbox, limit=5)
    assert [(one.uidvalidity, one.uid) for one in found] == [(1, 2)]
    store.transact(lambda c: arrivals.mark(c, [one.id for one in found], now=NOW))
    with store.read() as connection:
        assert arrivals.unmarked(connection, mailbox, limit=5) == []


def test_mails_of_an_older_uidvalidity_are_not_marked(store: Store) -> None:
    mailbox = stored(store, an_arrival(held="odd"))
    store.transact(lambda c: arrivals.reset_cursor(c, mailbox, uidvalidity=2, last_uid=0))
    with store.read() as connection:
        assert arrivals.unmarked(connection, mailbox, limit=5) == []


def test_trouble_is_noted_and_taken_back(store: Store) -> None:
    mailbox = a_mailbox(store)
    store.transact(lambda c: arrivals.note_trouble(c, mailbox, "the server does not answer", now=NOW))
    with store.read() as connection:
        (one,) = arrivals.list_mailboxes(connection)
    assert (one.trouble, one.seen_at) == ("the server does not answer", None)
    store.transact(lambda c: arrivals.note_trouble(c, mailbox, None, now=NOW))
    with store.read() as connection:
        (one,) = arrivals.list_mailboxes(connection)
    assert (one.trouble, one.seen_at) == (None, NOW)


def test_a_source_is_stored_by_its_digest_once(store: Store) -> None:
    digests = {store.transact(lambda c: arrivals.add_source(c, b"the same")) for _ in range(2)}
    assert digests == {hashlib.sha256(b"the same").hexdigest()}
    assert count(store) == (0, 1)
