"""Arrivals: stored once with their cursor, claimed by one process."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from maild.store.engine import Connection, Store
from maild.store.incoming import arrivals, waiting
from tests.support.arrival_rows import claim, count
from tests.support.outboxes import wait_until
from tests.support.rows import NOW, OVER, a_mailbox, an_arrival, stored

CLAIMS_AND_HANGS = """
import sys
from datetime import timedelta
from maild.store.incoming.waiting import claim_mails
from maild.store.engine import Store
store = Store(sys.argv[1])
lease = timedelta(seconds=2)
print(len(store.transact(lambda c: claim_mails(c, holder="killed", lease=lease, limit=9))), flush=True)
sys.stdin.read()
"""


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
    assert bell.wait(timeout=60)


def test_stored_uids_are_those_of_this_uidvalidity(store: Store) -> None:
    mailbox = stored(store, an_arrival(uid=3), an_arrival(uid=4))
    with store.read() as connection:

        def known(uidvalidity: int, uids: Sequence[int]) -> set[int]:
            return arrivals.stored_uids(connection, mailbox, uidvalidity=uidvalidity, uids=uids)

        assert known(1, [2, 3, 4, 5]) == {3, 4}
        assert known(2, [3, 4]) == set()
        assert known(1, range(1, 70_000)) == {3, 4}, "more than a statement has parameters"


def test_the_oldest_mails_are_claimed_first_with_their_very_bytes(store: Store) -> None:
    sources = [bytes(range(256)) * number for number in (1, 2, 3)]
    stored(store, *(an_arrival(source=source) for source in sources))
    claimed = claim(store, limit=2)
    assert [one.source for one in claimed] == sources[:2]
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
    store.transact(lambda c: waiting.release_mails(c, ids))
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
    again: list[int] = []

    def is_free() -> bool:
        again.extend(one.attempts for one in claim(store))
        return bool(again)

    wait_until(is_free)
    assert again == [2]


def test_a_source_is_stored_by_its_digest_once(store: Store) -> None:
    digests = {store.transact(lambda c: arrivals.add_source(c, b"the same")) for _ in range(2)}
    assert digests == {hashlib.sha256(b"the same").hexdigest()}
    assert count(store) == (0, 1)
