"""Who writes next where a database has one writer."""

import threading
from contextlib import suppress

from maild.store.database.one_writer import MOST_SECONDS, OneWriter

PATIENCE = 60.0


class Desk:
    """Writers in threads, whose clock goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.writer = OneWriter(clock=lambda: self.now)
        self.order: list[str] = []
        self.threads: list[threading.Thread] = []

    def write(self, name: str, *, is_long: bool) -> None:
        with self.writer.turn(is_long=is_long):
            self.order.append(name)

    def start(self, name: str, *, is_long: bool) -> None:
        thread = threading.Thread(target=self.write, args=(name,), kwargs={"is_long": is_long}, daemon=True)
        self.threads.append(thread)
        thread.start()

    def await_waiting(self, count: int) -> None:
        """Until so many wait, or all threads have ended."""
        while len(self.writer._waiting) < count and any(thread.is_alive() for thread in self.threads):
            pass

    def join(self) -> list[str]:
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "it never had its turn"
        return self.order


def test_whoever_wrote_for_long_lets_those_who_wait_go_first() -> None:
    desk = Desk()
    with desk.writer.turn(is_long=True):
        desk.start("outbox", is_long=False)
        desk.await_waiting(1)
        desk.now += 0.1
    desk.start("desk", is_long=True)
    desk.threads[0].join(PATIENCE)
    desk.start("outbox again", is_long=False)
    desk.threads[2].join(PATIENCE)
    assert desk.order == ["outbox", "outbox again"]
    desk.now += MOST_SECONDS
    assert desk.join() == ["outbox", "outbox again", "desk"]


def test_whoever_waits_longer_goes_before_one_who_comes_again_at_once() -> None:
    desk = Desk()
    with desk.writer.turn(is_long=False):
        for number, is_long in enumerate((True, False)):
            desk.start("long" if is_long else "short", is_long=is_long)
            desk.await_waiting(number + 1)
        desk.now += MOST_SECONDS
    desk.now += MOST_SECONDS
    desk.write("again", is_long=False)
    assert desk.join() == ["long", "short", "again"]


def test_what_the_desk_itself_writes_in_between_takes_nobodys_time() -> None:
    desk = Desk()

    def take_in() -> None:
        with desk.writer.turn(is_long=True):
            desk.await_waiting(1)
            desk.now += 0.1
        desk.write("claim", is_long=False)
        desk.write("desk", is_long=True)

    desk.threads.append(threading.Thread(target=take_in, daemon=True))
    desk.threads[0].start()
    while not desk.writer._is_taken:
        pass
    for name in ("outbox", "outbox again"):
        desk.start(name, is_long=False)
        desk.threads[-1].join(PATIENCE)
        while len(desk.order) < 2 or not (desk.writer._waiting or "desk" in desk.order):
            pass
    desk.now += MOST_SECONDS
    assert desk.join() == ["outbox", "claim", "outbox again", "desk"]


def test_nobody_is_waited_for_who_does_not_write() -> None:
    desk = Desk()
    for is_long in (True, True, False, True):
        with desk.writer.turn(is_long=is_long):
            desk.now += 0.1 if is_long else 0.0
    desk.write("now", is_long=True)
    assert desk.order == ["now"]


def test_what_fails_in_its_turn_ends_it() -> None:
    desk = Desk()
    for is_long in (True, False):
        with suppress(ZeroDivisionError), desk.writer.turn(is_long=is_long):
            _ = 1 / 0
    desk.write("now", is_long=False)
    assert desk.order == ["now"]
