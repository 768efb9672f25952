"""Whatever ends the mirror in the middle of its work: nothing is there twice, here or in Linear, and nothing is lost."""

import random
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from maild.mirror.line import Mirror
from maild.store.engine import Store
from maild.store.leases import end_leases
from tests.servers.linear import LinearServer
from tests.servers.linear_world import ANA, EVA
from tests.support.forking import Forks
from tests.support.making import NOON, a_mail
from tests.support.mirrors import MINUTE, Mirrored
from tests.support.mirrors import desk as desk  # noqa: PLC0414 - a fixture
from tests.support.outboxes import wait_until

TICKETS, KILLS, SEED = 5, 1, 2026
STRIDE = 4


class PowerCut(BaseException):
    """The process ends here."""


class Cutter:
    """Ends the work after so many statements and calls; a call is cut before it, or after Linear has done it."""

    def __init__(self, store: Store, after: int) -> None:
        self.left = after
        self.engine = store._engine
        event.listen(self.engine, "before_cursor_execute", self.step)

    def step(self, *_: object) -> None:
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    def wrap(self, tracker: Any) -> None:
        ask = tracker.wire.ask

        def cut(query: str, variables: Any) -> Any:
            self.step()
            answer = ask(query, variables)
            self.step()
            return answer

        tracker.wire.ask = cut

    def close(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self.step)


def is_cut(desk: Mirrored, mirror: Mirror, after: int) -> bool:
    """Let it work, with an end after so many steps; whether it came to that end."""
    cutter = Cutter(desk.store, after)
    cutter.wrap(mirror.desk.tracker)
    try:
        mirror.work()
    except PowerCut:
        return True
    finally:
        cutter.close()
        desk.store.transact(lambda connection: end_leases(connection, [mirror.desk.holder]))
    return False


def test_work_that_is_cut_off_again_and_again_is_done_once(desk: Mirrored) -> None:
    desk.arrive(a_mail(), now=NOON)
    desk.order("/note\nFirst.\n")
    desk.order("/impact 1\nSecond.\n")
    cuts = work_through_cuts(desk)
    world, issue = desk.world, desk.world.issue
    world.move(issue, ANA, priority=4)
    world.say(issue, EVA, "Third.")
    desk.order("/note\nFourth.\n")
    cuts += work_through_cuts(desk)
    assert cuts > 20
    assert [words.rpartition("> ")[2] for words in world.said()] == ["First.", "Second.", "Third.", "Fourth."]
    assert (len(world.attachments), issue["priority"]) == (1, 4.0)
    assert max(Counter(world.made).values()) == 1
    assert desk.ticket("priority") == (4,)
    counts = Counter(row.event for row in desk.rows("SELECT event FROM events"))
    assert (counts["mirrored"], counts["tracker_noted"], counts["tracker_declined"]) == (1, 1, 0)
    assert len([each for each in desk.events("prioritized") if "in Linear" in each]) in {1, 2}
    assert desk.written_to(ANA).count("internal_words") == 1
    assert desk.rows("SELECT 1 FROM mirror_issues WHERE due_at IS NOT NULL") == []


def work_through_cuts(desk: Mirrored) -> int:
    """Each process gets a little further than the one before it; how many were cut off."""
    for number, after in enumerate(range(1, 2_000, STRIDE)):
        desk.now += MINUTE
        if not is_cut(desk, desk.new_mirror(holder=f"process {number}"), after):
            return number
    pytest.fail("it never comes to an end")


def test_two_processes_that_are_killed_make_everything_once(
    desk: Mirrored, database_url: str, linear: LinearServer
) -> None:
    chance, world = random.Random(SEED), linear.world
    world.clock = lambda: datetime.now(UTC)
    for number in range(TICKETS):
        desk.arrive(a_mail(message_id=f"<{number}@client.example>", fingerprint=f"{number:064}"), now=NOON)
        desk.order(f"/note\nNote {number}.\n")
    with Forks("tests.mirror.mirror_process") as forks:
        for _ in range(KILLS):
            pair = [forks.start(database_url, linear.url) for _ in range(2)]
            time.sleep(chance.uniform(0.0, 0.2))  # the moment of death is the point
            for process in pair:
                process.kill()
        forks.start(database_url, linear.url)
        forks.start(database_url, linear.url)
        wait_until(lambda: len(world.comments) == TICKETS)
        wait_until(lambda: not desk.rows("SELECT 1 FROM mirror_issues WHERE due_at IS NOT NULL"))
    assert sorted(issue["title"].split()[0] for issue in world.issues.values()) == [
        f"T-{n + 1}" for n in range(TICKETS)
    ]
    assert sorted(words.rpartition("> ")[2] for words in world.said()) == [f"Note {n}." for n in range(TICKETS)]
    assert (len(world.attachments), max(Counter(world.made).values())) == (TICKETS, 1)
    assert len(desk.events("mirrored")) == TICKETS
