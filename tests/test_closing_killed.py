"""Whatever ends a step of closing in its middle: nothing of it is there, and done again it is there once."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event

from maild.classify.verdict import Verdict
from maild.desk.falling_due import fall_due
from maild.desk.transaction import begin
from maild.mail.message import Mail
from maild.process.trust import TrustMethod
from maild.store import deadlines
from maild.store.engine import Connection, Store
from tests.closings import CLIENT, TEAM, TSM, reply, resolve, said, status, tap, the_reply
from tests.desks import TECHNICAL, Desk
from tests.making import NOON, some_rules

LATER = NOON + timedelta(days=2)
TABLES = ("tickets", "events", "outbox", "actions", "links", "deadlines", "mails", "threads", "labels", "participants")
Written = tuple[Mail, Sequence[Verdict]]


class PowerCut(Exception):
    """The process ends here."""


@pytest.fixture
def desk(store: Store) -> Desk:
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    return Desk(store, some_rules(team=TEAM, trust=vouching))


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


def seen(desk: Desk) -> dict[str, list[str]]:
    return {table: sorted(map(str, desk.rows(f"SELECT * FROM {table}"))) for table in TABLES}  # noqa: S608 - our own names


def interrupted(store: Store, work: Callable[[Connection], object], after: int) -> bool:
    """Do it, with an end after so many statements; whether it came to that end."""
    done = 0

    def cut(*_: object) -> None:
        nonlocal done
        done += 1
        if done > after:
            raise PowerCut

    def act(connection: Connection) -> None:
        event.listen(connection, "before_cursor_execute", cut)
        work(connection)

    try:
        store.transact(act, serial=True)
    except PowerCut:
        return True
    return False


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
