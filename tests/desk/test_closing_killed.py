"""Whatever ends a step of closing in its middle: nothing of it is there, and done again it is there once."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from maild.classify.verdict import Verdict
from maild.desk.falling_due import fall_due
from maild.desk.transaction import begin
from maild.mail.message import Address, Mail
from maild.process.policy import PostMortem
from maild.process.rules import Rules
from maild.process.trust import TrustMethod
from maild.store.desk import deadlines
from maild.store.engine import Connection, Store
from tests.support.closings import CLIENT, TEAM, TSM, reply, resolve, said, say_solved, status, tap, the_reply
from tests.support.desks import TECHNICAL, Desk
from tests.support.forking import Forks
from tests.support.interrupting import interrupted, seen
from tests.support.making import NOON, a_mail, a_policy, some_rules
from tests.support.outboxes import wait_until

TICKETS, DAYS, SEED = 12, 60, 2026
LIVE = "SELECT id FROM deadlines WHERE settled_at IS NULL"
LATER = NOON + timedelta(days=2)
Written = tuple[Mail, Sequence[Verdict]]


def rules(skip_below: int = 0) -> Rules:
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    return some_rules(team=TEAM, trust=vouching, policy=a_policy(post_mortem=PostMortem(skip_below=skip_below)))


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, rules(skip_below=3))


def a_yes(desk: Desk) -> Written:
    return the_reply(resolve(desk), "Yes, it works."), said("resolved")


def a_tapped_yes(desk: Desk) -> Written:
    return tap(resolve(desk), "works"), TECHNICAL


def back_again(desk: Desk) -> Written:
    resolve(desk)
    reply(desk, "Works.", "resolved")
    return the_reply(desk.newest("closure_thanks", CLIENT), "It fails again."), said("not_resolved")


def another_problem(desk: Desk) -> Written:
    return the_reply(resolve(desk), "Another thing: the printer."), said("new_problem")


@pytest.mark.parametrize(
    ("written", "after", "told"),
    [
        (a_yes, "closed", {CLIENT: 1}),
        (a_tapped_yes, "closed", {CLIENT: 1}),
        (back_again, "open", {TSM: 1}),
        (another_problem, "resolved", {CLIENT: 1, TSM: 1}),
    ],
)
def test_what_a_client_says_happens_whole_or_not_at_all(
    desk: Desk, written: Callable[[Desk], Written], after: str, told: dict[str, int]
) -> None:
    mail, verdicts = written(desk)
    before, had, statements, number = seen(desk), Counter(to for _, to in desk.written()), 0, desk.uid
    while interrupted(desk.store, lambda connection: desk.take_in(connection, [mail], verdicts, LATER), statements):
        desk.uid = number
        assert seen(desk) == before
        statements += 7
    assert statements > 20
    assert status(desk) == after
    assert Counter(to for _, to in desk.written()) - had == told


def test_silence_closes_whole_or_not_at_all(desk: Desk) -> None:
    resolve(desk)
    for day in range(1, 12):
        desk.pass_time(NOON + timedelta(days=day))
    late, statements, before = NOON + timedelta(days=40), 0, seen(desk)

    def close(connection: Connection) -> None:
        passed = deadlines.claim_deadlines(connection, now=late, limit=100)
        with begin(connection, rules=desk.rules, voice=desk.voice, now=late) as transaction:
            for due in passed:
                fall_due(transaction, due)

    while interrupted(desk.store, close, statements):
        assert seen(desk) == before
        statements += 5
    assert statements > 10
    assert (status(desk), desk.written_to(CLIENT).count("closed_notice")) == ("closed", 1)


def test_two_processes_of_which_one_is_killed_remind_close_and_ask_what_was_learnt_once(
    store: Store, database_url: str
) -> None:
    desk, chance = Desk(store, rules()), random.Random(SEED)
    for number in range(1, TICKETS + 1):
        author = Address(address=f"client@firm{number}.example")
        desk.arrive(a_mail(message_id=f"<{number}@firm.example>", fingerprint=f"{number:063}a", author=author))
        say_solved(desk, number)
    with Forks("tests.desk.closing_process") as forks:
        pair = [forks.start(database_url), forks.start(database_url)]
        time.sleep(chance.uniform(0.05, 0.3))  # the moment of death is the point
        pair[0].kill()
        reminded = "SELECT ticket_id FROM events WHERE event = 'post_mortem_reminded'"
        wait_until(lambda: len(desk.rows(reminded)) >= TICKETS)
        wait_until(lambda: not desk.rows(LIVE))
        time.sleep(0.2)  # the other one looks several times more
    each = range(1, TICKETS + 1)
    once = {
        **dict.fromkeys(("closed_by_silence", "post_mortem_asked", "post_mortem_reminded"), dict.fromkeys(each, 1)),
        "client_reminded": dict.fromkeys(each, 2),
    }
    happened = desk.rows("SELECT ticket_id, event FROM events")
    assert {event: Counter(row.ticket_id for row in happened if row.event == event) for event in once} == once
    mails = {"client_reminder": 2, "closed_notice": 1, "post_mortem": 2}
    written = desk.rows("SELECT ticket_id, kind FROM outbox")
    assert Counter((row.ticket_id, row.kind) for row in written if row.kind in mails) == {
        (number, kind): times for number in each for kind, times in mails.items()
    }
    assert desk.rows(LIVE) == []
