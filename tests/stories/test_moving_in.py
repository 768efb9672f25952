"""A desk moves its history in while `kill -9` hits: in the end all is there, once, and nobody was mailed."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stories.looking import rows
from tests.support.desk_folder import a_folder
from tests.support.forking import Forked, Forks
from tests.support.past_exports import a_zendesk_comment, a_zendesk_ticket, write_json, write_zendesk
from tests.support.past_mails import DESK, THREAD, past_threads, write_mbox

THREADS = 50
MAILS = THREADS * THREAD
KILLS = 2
LONGEST_SECONDS = 240.0
Start = Callable[[Path, Path, str], Forked]


@pytest.fixture
def short_lived() -> Iterator[str]:
    """A temporary folder for processes that cannot clear up behind themselves; its path is short, for their sockets."""
    with tempfile.TemporaryDirectory(prefix="m", ignore_cleanup_errors=True) as folder:
        yield folder


@pytest.fixture
def start(forks: Forks, tmp_path: Path, short_lived: str) -> Start:
    def begin(folder: Path, mbox: Path, url: str) -> Forked:
        command = ("--config", str(folder), "import", str(mbox), "--ours", DESK)
        environ = {**os.environ, "MAILD_DATABASE__URL": url, "TMPDIR": short_lived}
        return forks.begin(*command, environ=environ, output=[tmp_path / "told"] * 2)

    return begin


def an_export(folder: Path) -> Path:
    """As many tickets with as many mails, as Zendesk exports them; each is another client's."""
    users = [{"id": 100 + number, "role": "end-user", "email": f"c{number}@c.example"} for number in range(THREADS)]
    tickets = [
        a_zendesk_ticket(
            number + 1,
            requester_id=100 + number,
            comments=[
                a_zendesk_comment(THREAD * number + place + 1, 100 + number, f"Words {number}, {place}")
                for place in range(THREAD)
            ],
        )
        for number in range(THREADS)
    ]
    write_zendesk(folder, tickets)
    write_json(folder / "more-users.json", {"users": users})
    return folder


def numbers(url: str, query: str) -> tuple[int, ...]:
    (found,) = rows(url, query)
    return tuple(int(number) for number in found)


def stored(url: str) -> int:
    return numbers(url, "SELECT count(*) FROM mails")[0]


def kill_when_more_than(count: int, process: Forked, url: str) -> None:
    """Kill the process as soon as it has committed something, unless it has ended before."""
    end = time.monotonic() + LONGEST_SECONDS
    while process.poll() is None and stored(url) <= count:
        assert time.monotonic() < end, "nothing was moved in"
        time.sleep(0.002)
    process.kill()
    process.wait()


def test_an_import_that_is_killed_and_run_again_brings_every_mail_once(
    tmp_path: Path, database_url: str, start: Start
) -> None:
    folder = a_folder(tmp_path / "config")
    # Both kinds of archive go the same way; each is killed on one database.
    mbox = (
        an_export(tmp_path / "old") if "sqlite" in database_url else write_mbox(tmp_path / "m", past_threads(THREADS))
    )
    for _ in range(KILLS):
        before = stored(database_url)
        kill_when_more_than(before, start(folder, mbox, database_url), database_url)
        assert stored(database_url) % 50 == 0, "a group was committed in part"
    assert start(folder, mbox, database_url).wait(LONGEST_SECONDS) == 0
    distinct = "SELECT count(*), count(DISTINCT digest), count(DISTINCT message_id) FROM mails"
    assert numbers(database_url, distinct) == (MAILS, MAILS, MAILS)
    of_tickets = (
        "SELECT count(*), count(DISTINCT client), min(n), max(n) FROM tickets JOIN (SELECT ticket_id, count(*) AS n"
        " FROM mails GROUP BY ticket_id) AS of_it ON of_it.ticket_id = tickets.id WHERE status = 'closed'"
    )
    assert numbers(database_url, of_tickets) == (THREADS, THREADS, THREAD, THREAD)
    assert numbers(database_url, "SELECT count(*) FROM events") == (MAILS,)
    assert numbers(database_url, "SELECT count(*) FROM outbox") == (0,)
    assert numbers(database_url, "SELECT count(*) FROM deadlines") == (0,)
