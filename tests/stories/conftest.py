"""What stories share: the process from which maild's are forked."""

from collections.abc import Iterator

import pytest

from tests.stories.running import RunningDesk
from tests.support.forking import Forks


@pytest.fixture(scope="session", autouse=True)
def forks() -> Iterator[Forks]:
    """A start costs seconds of a processor, nearly all of them for what each process would read anew."""
    with Forks("tests.stories.maild_process", "-W", "error", "-X", "faulthandler") as opened:
        RunningDesk.forks = opened
        yield opened
        RunningDesk.forks = None
