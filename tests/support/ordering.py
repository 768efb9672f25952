"""Which test comes when: random, but stories never last, so that no worker is still busy with one when all others have ended."""

import os
from collections.abc import Sequence
from itertools import groupby

import pytest

FIRST = "tests/stories/test_machines.py"
"""Minutes, nearly all of them waiting."""

BEFORE = 0.6
"""The share of a worker's tests within which its stories are told."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order what has been shuffled, the same in each worker. Who has nothing left takes from the end of another's tests."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = deal(items, workers)


def deal(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Give the tests worker by worker, as many to each, and of each its share of the stories. Tests of a file stay together."""
    stories = [list(file) for _, file in groupby(filter(_is_story, items), key=_file)]
    stories.sort(key=lambda story: _file(story[0]) != FIRST)
    others = [item for item in items if not _is_story(item)]
    dealt: list[pytest.Item] = []
    for worker in range(workers):
        told = stories[worker::workers]
        size = max(0, (len(items) - len(dealt)) // (workers - worker) - sum(map(len, told)))
        dealt += _mixed(told, others[:size])
        del others[:size]
    return dealt


def _mixed(stories: Sequence[list[pytest.Item]], others: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Tell the stories between the other files, from the first to the last one of `BEFORE`."""
    files = [list(file) for _, file in groupby(others, key=_file)]
    placed = [
        *((BEFORE * number / len(stories), story) for number, story in enumerate(stories)),
        *((number / len(files), file) for number, file in enumerate(files)),
    ]
    placed.sort(key=lambda each: each[0])
    return [item for _, file in placed for item in file]


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _is_story(item: pytest.Item) -> bool:
    return _file(item).startswith("tests/stories/")
