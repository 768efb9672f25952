"""The outbox: claimed by a lease, swapped to sending; nothing is ever sent twice by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import update

from maild.store.engine import Store
from maild.store.outgoing import outbox
from maild.store.tables import outbox as table
from tests.support.outbox_rows import begin, claim, in_state, state
from tests.support.rows import NOW, OVER, a_new_outbox, due


def test_what_is_due_longest_is_claimed_first_with_its_very_bytes(store: Store) -> None:
    content = bytes(range(256))
    late, early = due(store, due_at=NOW), due(store, due_at=NOW - timedelta(hours=1), content=content)
    claimed = claim(store)
    assert [one.id for one in claimed] == [early, late]
    assert (claimed[0].content, claimed[0].attempts) == (content, 1)


def test_of_mails_that_are_due_at_one_moment_the_one_that_was_written_first_is_claimed_first(store: Store) -> None:
    ids = [due(store, due_at=NOW) for _ in range(3)]
    for at in (NOW + timedelta(hours=1), NOW):  # the database has its row anew, behind the others
        moved = update(table).where(table.c.id == ids[0]).values(due_at=at)
        store.transact(lambda connection, moved=moved: connection.execute(moved).rowcount)  # type: ignore[misc]
    assert [one.id for one in claim(store)] == ids


def test_what_is_not_due_yet_waits(store: Store) -> None:
    due(store, due_at=NOW + timedelta(seconds=1))
    assert claim(store) == []
    assert len(claim(store, now=NOW + timedelta(seconds=1))) == 1


def test_several_mails_are_added_at_once_and_known_by_their_order(store: Store) -> None:
    news = [a_new_outbox() for _ in range(5)]
    ids = store.transact(lambda c: outbox.add_all(c, news))
    found = {one.id: one.message_id for one in claim(store)}
    assert [found[one] for one in ids if one is not None] == [new.message_id for new in news]


def test_adding_rings_outbox(store: Store) -> None:
    bell = store.bell("outbox")
    due(store)
    assert bell.wait(timeout=60)


def test_what_may_be_written_once_is_written_once(store: Store) -> None:
    first = due(store, once="acknowledgement of 17")
    again = [a_new_outbox(), a_new_outbox(once="acknowledgement of 17")]
    added = store.transact(lambda c: outbox.add_all(c, again))
    assert added[0] is not None
    assert added[1] is None
    assert len(claim(store)) == 2
    assert state(store, first) == "claimed"


def test_a_mail_that_was_written_already_is_not_added_again(store: Store) -> None:
    written = a_new_outbox(message_id="<same@acme.example>")
    assert store.transact(lambda c: outbox.add(c, written)) is not None
    assert store.transact(lambda c: outbox.add(c, written)) is None
    assert len(claim(store)) == 1


def test_what_one_has_claimed_nobody_else_gets_before_the_lease_ends(store: Store) -> None:
    outbox_id = due(store)
    claim(store, holder="one")
    assert claim(store, holder="two") == []
    assert begin(store, outbox_id, holder="two") == set()


def test_a_claimed_mail_of_a_killed_process_is_due_again(store: Store) -> None:
    outbox_id = due(store)
    claim(store, holder="killed", lease=OVER)
    assert begin(store, outbox_id, holder="killed") == set(), "too late: somebody else may have it any moment"
    assert [(one.id, one.attempts) for one in claim(store, holder="next")] == [(outbox_id, 2)]
    assert begin(store, outbox_id, holder="next") == {outbox_id}


def test_data_begins_once_for_a_mail(store: Store) -> None:
    outbox_id = due(store)
    claim(store)
    assert begin(store, outbox_id) == {outbox_id}
    assert begin(store, outbox_id) == set()


def test_four_threads_never_send_the_same_mail(store: Store) -> None:
    ids = {due(store) for _ in range(40)}

    def drain(number: int) -> list[int]:
        mine: list[int] = []
        while some := claim(store, holder=f"thread {number}", limit=3):
            mine.extend(begin(store, *(one.id for one in some), holder=f"thread {number}"))
        return mine

    with ThreadPoolExecutor(4) as pool:
        sent = [outbox_id for mine in pool.map(drain, range(4)) for outbox_id in mine]
    assert len(sent) == 40
    assert set(sent) == ids


def test_a_mail_that_is_sending_is_never_claimed_again(store: Store) -> None:
    outbox_id = due(store)
    claim(store)
    begin(store, outbox_id, lease=OVER)
    assert claim(store, holder="next") == []


def test_a_deferred_mail_is_due_at_its_time(store: Store) -> None:
    outbox_id = in_state(store, "deferred")
    assert claim(store) == []
    assert [one.attempts for one in claim(store, now=NOW + timedelta(hours=1))] == [2]
    assert state(store, outbox_id) == "claimed"


def test_only_the_holder_defers_or_holds(store: Store) -> None:
    outbox_id = in_state(store, "claimed")
    assert not store.transact(lambda c: outbox.defer(c, outbox_id, due_at=NOW, answer="", holder="another"))
    assert not store.transact(lambda c: outbox.hold(c, outbox_id, answer="", holder="another"))
    assert store.transact(lambda c: outbox.hold(c, outbox_id, answer="ask", holder="me"))
    assert claim(store) == []


def test_a_clean_stop_gives_back_what_is_claimed_and_not_what_is_sending(store: Store) -> None:
    claimed, sending = due(store), due(store)
    claim(store)
    begin(store, sending)
    store.transact(lambda c: outbox.give_back(c, [claimed, sending], holder="me"))
    assert [(one.id, one.attempts) for one in claim(store, holder="next")] == [(claimed, 1)]


def test_the_next_due_time_is_that_of_the_next_free_mail(store: Store) -> None:
    with store.read() as connection:
        assert outbox.next_due_at(connection) is None
    in_state(store, "claimed")
    in_state(store, "uncertain")
    due(store, due_at=NOW + timedelta(hours=2))
    with store.read() as connection:
        assert outbox.next_due_at(connection) == NOW + timedelta(hours=2)
