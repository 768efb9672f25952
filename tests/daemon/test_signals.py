"""Signals as events: heard at once, whatever the main thread waits for."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.daemon.signals import stopping
from tests.servers.dovecot import until


@pytest.fixture(autouse=True)
def _started_from_a_terminal() -> Iterator[None]:
    """Whoever runs the tests by nohup has them inherit that SIGHUP is ignored."""
    former = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, former)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_sets_the_event_though_the_main_thread_waits_without_end(number: signal.Signals) -> None:
    stop = threading.Event()
    with stopping(stop):
        threading.Thread(target=os.kill, args=(os.getpid(), number)).start()
        assert stop.wait(60)


def test_who_was_started_to_outlive_its_terminal_does() -> None:
    former, stop = signal.signal(signal.SIGHUP, signal.SIG_IGN), threading.Event()
    try:
        with stopping(stop):
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert not stop.is_set()
    finally:
        signal.signal(signal.SIGHUP, former)


def test_a_signal_in_the_very_moment_before_the_wait_is_not_lost() -> None:
    for _ in range(200):
        stop = threading.Event()
        with stopping(stop):
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.wait(60)


def test_the_former_handlers_come_back() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    with stopping(threading.Event()):
        pass
    assert {number: signal.getsignal(number) for number in before} == before


def test_a_daemon_that_is_ended_while_it_begins_leaves_no_folder_behind(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "maild", "--config", str(tmp_path / "none"), "run")
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(tmp_path)}, stderr=subprocess.PIPE) as daemon:
        until(lambda: list(tmp_path.glob("pymp-*")), "no fork server was begun")
        daemon.terminate()
        daemon.communicate()
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_no_fork_server_that_still_reads_its_libraries() -> None:
    script = """
import os, signal, time
from maild.mail.pool import start_reading
signal.signal(signal.SIGINT, lambda *_: None)
start_reading("maild.intake.classifying")
for _ in range(10):
    os.killpg(0, signal.SIGINT)
    time.sleep(0.02)
print("nobody died" if os.waitpid(-1, os.WNOHANG) == (0, 0) else "somebody died")
"""
    command = (sys.executable, "-c", script)
    ended = subprocess.run(command, capture_output=True, text=True, start_new_session=True, check=False, timeout=60)
    assert (ended.stdout, ended.stderr) == ("nobody died\n", "")
