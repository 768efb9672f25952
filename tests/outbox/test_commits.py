import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from maild.errors import Refused
from maild.outbox.commits import SharedCommits
from maild.store.engine import Connection, Store
from maild.store.outgoing import outbox
from tests.support.outbox_rows import claim, state
from tests.support.rows import LONG, due


def with_commits(store: Store, work: Callable[[SharedCommits], Awaitable[Any]], *, crew: int = 1) -> Any:
    async def work_and_close() -> Any:
        commits = SharedCommits(store)
        with ExitStack() as stack:
            stack.callback(commits.close)
            for _ in range(crew):
                stack.enter_context(commits.on_board())
            return await work(commits)

    return asyncio.run(work_and_close())


def transaction_of(connection: Connection) -> int:
    """Identifies the transaction: the object is one for all work of a group."""
    return id(connection)


def write(number: int) -> Callable[[Connection], None]:
    def insert(connection: Connection) -> None:
        connection.execute(text("INSERT INTO tallies VALUES (:name, 1, 1)"), {"name": f"n{number}"})

    return insert


def written(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(text("SELECT name FROM tallies ORDER BY name")))


def test_work_that_waits_at_the_same_time_shares_a_transaction(store: Store) -> None:
    async def ten_at_once(commits: SharedCommits) -> set[int]:
        return set(await asyncio.gather(*(commits.commit(transaction_of) for _ in range(10))))

    assert len(with_commits(store, ten_at_once)) == 1


def test_work_that_fails_fails_alone(store: Store) -> None:
    async def two_good_one_bad(commits: SharedCommits) -> list[Any]:
        works = [commits.commit(write(number)) for number in (1, 1, 2)]
        return await asyncio.gather(*works, return_exceptions=True)

    answers = with_commits(store, two_good_one_bad)
    assert [isinstance(answer, Exception) for answer in answers] == [False, True, False]
    assert written(store) == ["n1", "n2"]


def test_what_is_not_urgent_is_committed_soon_all_the_same(store: Store) -> None:
    with_commits(store, lambda commits: commits.commit(write(1), urgent=False))
    assert written(store) == ["n1"]


def test_what_is_not_urgent_rides_with_what_is(store: Store) -> None:
    async def one_of_each(commits: SharedCommits) -> tuple[int, int]:
        return await asyncio.gather(commits.commit(transaction_of, urgent=False), commits.commit(transaction_of))

    lazy, urgent = with_commits(store, one_of_each)
    assert lazy == urgent


def test_a_caller_that_left_does_not_disturb_the_others(store: Store) -> None:
    async def one_leaves(commits: SharedCommits) -> None:
        leaving = asyncio.create_task(commits.commit(write(1)))
        await asyncio.sleep(0)
        leaving.cancel()
        await commits.commit(write(2))

    with_commits(store, one_leaves)
    assert "n2" in written(store)


def test_a_store_that_is_gone_is_told_to_everybody_who_waits(tmp_path: Path) -> None:
    async def two(commits: SharedCommits) -> list[Any]:
        return await asyncio.gather(*(commits.commit(transaction_of) for _ in range(2)), return_exceptions=True)

    store = Store(f"sqlite:///{tmp_path}/no/such/folder/maild.db")
    assert all(isinstance(answer, Refused) for answer in with_commits(store, two))


def test_the_rest_of_the_crew_is_waited_for(store: Store) -> None:
    async def one_is_first(commits: SharedCommits) -> list[int]:
        first = asyncio.create_task(commits.commit(transaction_of))
        await asyncio.sleep(0)
        return await asyncio.gather(first, *(commits.commit(transaction_of) for _ in range(2)))

    assert len(set(with_commits(store, one_is_first, crew=3))) == 1


def test_nobody_waits_for_ever_for_a_crew_that_has_nothing_to_do(store: Store) -> None:
    with_commits(store, lambda commits: commits.commit(write(1)), crew=3)
    assert written(store) == ["n1"]


def test_who_has_left_the_crew_is_not_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maild.outbox.commits.MUSTER_SECONDS", 3600.0)

    async def one_leaves(commits: SharedCommits) -> None:
        with commits.on_board():
            waiting = asyncio.create_task(commits.commit(write(1)))
            await asyncio.sleep(0)
        await asyncio.wait_for(waiting, 60)

    with_commits(store, one_leaves)
    assert written(store) == ["n1"]


def test_of_several_rows_those_that_are_not_ours_any_more_are_told_apart(store: Store) -> None:
    mine, also_mine, lost = due(store), due(store), due(store)
    claim(store)
    store.transact(lambda c: outbox.give_back(c, [lost], holder="me"))

    async def all_at_once(commits: SharedCommits) -> list[bool]:
        works = [commits.commit(outbox.sending(one, holder="me", lease=LONG)) for one in (mine, lost, also_mine)]
        return await asyncio.gather(*works)

    assert with_commits(store, all_at_once) == [True, False, True]
    assert [state(store, one) for one in (mine, lost, also_mine)] == ["sending", "due", "sending"]


def test_rows_that_change_alike_are_changed_by_one_statement(store: Store) -> None:
    numbers = [due(store) for _ in range(3)]
    claim(store)
    seen: list[str] = []

    async def all_at_once(commits: SharedCommits) -> list[bool]:
        works = [commits.commit(outbox.sending(one, holder="me", lease=LONG)) for one in numbers]
        return await asyncio.gather(*works)

    event.listen(store._engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    assert with_commits(store, all_at_once) == [True, True, True]
    assert len([one for one in seen if one.startswith("UPDATE outbox")]) == 1
