"""Signals as events: heard at once, whatever the main thread waits for."""

import os
import signal
import threading

from maild.daemon.signals import stopping


def test_sigterm_sets_the_event_though_the_main_thread_waits_without_end() -> None:
    stop = threading.Event()
    with stopping(stop):
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()
        assert stop.wait(60)


def test_a_signal_in_the_very_moment_before_the_wait_is_not_lost() -> None:
    for _ in range(200):
        stop = threading.Event()
        with stopping(stop):
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.wait(60)


def test_the_former_handlers_come_back() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with stopping(threading.Event()):
        pass
    assert {number: signal.getsignal(number) for number in before} == before
