"""The pool: order, time, memory and sudden death, each for one mail alone."""

import contextlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import psutil
import pytest
from pebble import ProcessFuture, ProcessPool

from maild.errors import ConfigurationError, Deferred, Unreadable
from maild.mail import parsing
from maild.mail.message import Limits, Mail
from maild.mail.parsing import Parsing, Pulse
from maild.mail.pool import ParsingPool
from maild.mail.worker import YIELDING, Parsed
from tests.mail.test_attacks import BOMBS
from tests.support.mail_making import LANGUAGES, a_source

GOOD = a_source("Mein Drucker funktioniert seit heute morgen nicht.")
BUSY = a_source(b"\n--x" * 1_000_000, content_type="multipart/mixed; boundary=b")
"""About a second of work."""

ENDLESS = a_source(b"\n--x" * 10_000_000, content_type="multipart/mixed; boundary=b")
PATIENCE = 120.0


@pytest.fixture(scope="module")
def pool() -> Iterator[ParsingPool]:
    with ParsingPool(Limits(), LANGUAGES) as started:
        yield started


def workers() -> list[psutil.Process]:
    """The processes that parse: the children of the fork server."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if any("forkserver" in word for word in child.cmdline()):
                found += child.children()
    return found


def seconds_of(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:2])
    except psutil.Error:
        return 0.0


def await_true(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.kill()


def kill_a_busy_one(times: int, parsing: threading.Event) -> None:
    """End a worker that has worked on this for a while, so many times."""
    for _ in range(times):
        before = {process.pid: seconds_of(process) for process in workers()}

        def busy(before: dict[int, float] = before) -> list[psutil.Process]:
            found = []
            for process in workers():
                spent = seconds_of(process)
                if spent > before.setdefault(process.pid, spent) + 0.2:
                    found.append(process)
            return found

        await_true(lambda busy=busy: bool(busy()) or parsing.is_set())  # type: ignore[misc]
        for process in busy():
            kill(process)


def test_answers_stand_in_the_order_of_the_sources(pool: ParsingPool) -> None:
    sources = [a_source("hello", Subject=f"number {number}") for number in range(100)]
    answers = pool.parse(sources)
    assert [answer.subject for answer in answers if isinstance(answer, Mail)] == [f"number {n}" for n in range(100)]


def test_language_is_found_in_the_pool(pool: ParsingPool) -> None:
    (answer,) = pool.parse([GOOD])
    assert isinstance(answer, Mail)
    assert answer.language == "de"


def test_processes_that_parse_give_way_to_the_daemon_that_started_them(pool: ParsingPool) -> None:
    pool.parse([GOOD])
    nicer = {process.nice() - psutil.Process().nice() for process in workers()}
    assert nicer == {min(YIELDING, 19 - psutil.Process().nice())}


def test_no_sources_give_no_answers(pool: ParsingPool) -> None:
    assert pool.parse([]) == []


def test_a_bad_mail_leaves_its_neighbours_alone(pool: ParsingPool) -> None:
    answers = pool.parse([GOOD, *BOMBS.values(), GOOD])
    assert [isinstance(answer, Mail) for answer in answers] == [True, *[False] * len(BOMBS), True]


def test_a_mail_that_takes_too_long_is_held_and_its_neighbours_are_not() -> None:
    with ParsingPool(Limits(seconds=3.0), LANGUAGES) as quick:
        quick.parse([GOOD])
        started = time.monotonic()
        answers = quick.parse([GOOD, ENDLESS, GOOD])
        assert time.monotonic() - started < PATIENCE
    assert [isinstance(answer, Mail) for answer in answers] == [True, False, True]
    assert "3 s ([limits] time)" in str(answers[1])


@pytest.mark.parametrize("source", [BUSY, ENDLESS], ids=["put forward", "put back"])
def test_a_clock_that_somebody_sets_meanwhile_changes_nothing(source: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(0, 10**9, 3_600))
    with ParsingPool(Limits(seconds=3.0 if source is ENDLESS else 600.0), LANGUAGES) as quick:
        quick.parse([GOOD])
        monkeypatch.setattr(time, "time", lambda: 1e9 - next(hours) if source is ENDLESS else 1e9 + next(hours))
        (answer,) = quick.parse([source])
    assert isinstance(answer, Mail) or "3 s ([limits] time)" in str(answer)
    assert isinstance(answer, Mail) == (source is BUSY)


def test_a_mail_whose_process_is_killed_from_outside_is_tried_once_more(pool: ParsingPool) -> None:
    pool.parse([GOOD])
    done = threading.Event()
    killer = threading.Thread(target=kill_a_busy_one, args=(1, done))
    killer.start()
    answers = pool.parse([BUSY])
    done.set()
    killer.join()
    assert isinstance(answers[0], Mail)


IMPATIENT, PATIENT = 0.02, 40
"""Limits of a mail that a silence may last: so few that nobody waits, and so many that no busy machine is taken for silent."""


def is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def await_end(stopped: Sequence[psutil.Process], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silence be at an end at once, until these have been ended for it."""
    monkeypatch.setattr(parsing, "SILENCE_FACTOR", IMPATIENT)
    await_true(lambda: all(map(is_gone, stopped)))
    monkeypatch.setattr(parsing, "SILENCE_FACTOR", PATIENT)


def stop_a_busy_one(is_over: threading.Event, others: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker stand still in the middle of its work, where its own timer cannot end it either, and await its end."""
    before = {process.pid: seconds_of(process) for process in workers()}
    stopped: list[psutil.Process] = []

    def is_stopped() -> bool:
        for one in workers():
            if one.pid not in others and seconds_of(one) > before.get(one.pid, 0.0) + 0.2:
                one.suspend()
                stopped.append(one)
        return bool(stopped)

    await_true(lambda: is_stopped() or is_over.is_set())
    await_end(stopped, monkeypatch)


def test_a_mail_whose_process_stands_still_is_parsed_by_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "SILENCE_FACTOR", PATIENT)
    others, is_over = {process.pid for process in workers()}, threading.Event()
    with ParsingPool(Limits(seconds=30.0), LANGUAGES) as still:
        still.parse([GOOD])
        stopper = threading.Thread(target=stop_a_busy_one, args=(is_over, others, monkeypatch))
        stopper.start()
        (answer,) = still.parse([BUSY])
        is_over.set()
        stopper.join()
    assert isinstance(answer, Mail)


def test_a_pool_of_which_no_process_takes_anything_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {process.pid for process in workers()}
    with ParsingPool(Limits(), LANGUAGES) as still:
        still.parse([GOOD])
        stopped = [process for process in workers() if process.pid not in others]
        for process in stopped:
            process.suspend()
        monkeypatch.setattr(parsing, "STANDSTILL_SECONDS", 0.0)
        ender = threading.Thread(target=await_end, args=(stopped, monkeypatch))
        ender.start()
        (answer,) = still.parse([GOOD])
        ender.join()
    assert isinstance(answer, Mail)


@pytest.mark.parametrize("kind", [BrokenProcessPool, TypeError])
def test_what_broke_a_pool_holds_no_mail_in_memory(kind: type[Exception]) -> None:
    future: ProcessFuture[list[Parsed | Unreadable]] = ProcessFuture()
    broken = kind()
    with contextlib.suppress(kind):
        try:
            raise BrokenPipeError
        except OSError as error:
            raise broken from error if kind is BrokenProcessPool else None
    future.set_exception(broken)
    Pulse().beat(future)
    assert (broken.__cause__, broken.__traceback__) == (None, None)


def test_what_a_pool_that_has_ended_says_of_a_mail_blames_no_mail() -> None:
    future: ProcessFuture[list[Parsed | Unreadable]] = ProcessFuture()
    future.set_exception(TypeError("its pipe was closed in the middle of the mail"))
    ended = ProcessPool(max_workers=1)
    ended.stop()  # type: ignore[no-untyped-call]
    with pytest.raises(BrokenProcessPool, match="its pipe was closed"):
        Parsing(pool=ended, future=future, pulse=Pulse(), limit=1.0).result()


def test_a_mail_whose_process_dies_each_time_is_held(pool: ParsingPool) -> None:
    pool.parse([GOOD])
    done = threading.Event()
    killer = threading.Thread(target=kill_a_busy_one, args=(20, done))
    killer.start()
    answers = pool.parse([ENDLESS[:20_000_000], GOOD])
    done.set()
    killer.join()
    assert isinstance(answers[0], Unreadable)
    assert "died" in str(answers[0])
    assert isinstance(answers[1], Mail)


def test_a_pool_whose_idle_processes_were_killed_works_on(pool: ParsingPool) -> None:
    pool.parse([GOOD])
    for process in workers():
        kill(process)
    for _ in range(3):
        (answer,) = pool.parse([GOOD])
        assert isinstance(answer, Mail)


def test_a_mail_that_eats_memory_is_held() -> None:
    with ParsingPool(Limits(source_bytes=20_000_000), LANGUAGES, workers=1) as small:
        answers = small.parse([a_source(b"x: y\n" * 3_900_000, content_type="message/rfc822"), GOOD])
    assert isinstance(answers[0], Unreadable)
    assert isinstance(answers[1], Mail)


def test_threads_share_a_pool(pool: ParsingPool) -> None:
    answers: dict[int, list[Mail | Unreadable]] = {}

    def parse(number: int) -> None:
        answers[number] = pool.parse([a_source("hello", Subject=f"number {number}")] * 20)

    threads = [threading.Thread(target=parse, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, found in answers.items():
        assert {answer.subject for answer in found if isinstance(answer, Mail)} == {f"number {number}"}
        assert len(found) == 20


def test_a_pool_that_is_closed_meanwhile_blames_no_mail() -> None:
    before = {process.pid for process in workers()}
    found: list[Exception] = []

    def parse() -> None:
        try:
            ending.parse([BUSY] * 8)
        except Deferred as error:
            found.append(error)

    ending = ParsingPool(Limits(), LANGUAGES)
    with ending:
        parsing = threading.Thread(target=parse)
        parsing.start()
        await_true(lambda: any(seconds_of(process) > 0.5 for process in workers() if process.pid not in before))
    parsing.join()
    assert found
    await_true(lambda: not {process.pid for process in workers()} - before)


def test_a_temporary_folder_whose_name_is_too_long_for_sockets_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("x" * 80)))
    with pytest.raises(ConfigurationError, match=r"TMPDIR.* is too long"), ParsingPool(Limits(), LANGUAGES):
        pass


def test_no_process_is_left_behind() -> None:
    before = {process.pid for process in workers()}
    with ParsingPool(Limits(), LANGUAGES) as brief:
        brief.parse([GOOD])
        assert {process.pid for process in workers()} - before
    await_true(lambda: not {process.pid for process in workers()} - before)
