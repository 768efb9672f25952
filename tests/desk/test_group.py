"""Mails that share a transaction: each knows what the ones before it did."""

import pytest
from sqlalchemy import event

from maild.mail.message import Address, Mail
from maild.process.ticket import Outcome
from maild.store.engine import Store
from tests.support.desks import Desk
from tests.support.making import a_mail, some_rules


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules())


def numbered(number: int, *refers: str, **differences: object) -> Mail:
    return a_mail(
        message_id=f"<{number}@client.example>",
        fingerprint=f"{number:064}",
        in_reply_to=refers[-1:],
        references=refers,
        **differences,
    )


def test_strangers_in_one_group_have_a_ticket_each_and_are_answered_once(desk: Desk) -> None:
    decisions = desk.arrive_together([numbered(number) for number in range(5)])
    assert [decision.outcome for decision in decisions] == [Outcome.TICKET] * 5
    kinds = [row.kind for row in desk.rows("SELECT kind FROM outbox")]
    assert (kinds.count("acknowledgement"), len(set(kinds)), len(kinds)) == (5, 2, 10)
    assert desk.rows("SELECT count(*) FROM deadlines WHERE settled_at IS NULL")[0][0] == 5
    assert desk.rows("SELECT count(*) FROM events WHERE event = 'opened'")[0][0] == 5
    assert desk.rows("SELECT count(*) FROM mails WHERE outcome = 'ticket' AND ticket_id IS NOT NULL")[0][0] == 5


def test_a_mail_that_comes_twice_in_one_group_is_one_mail(desk: Desk) -> None:
    decisions = desk.arrive_together([numbered(1), numbered(2), numbered(1)])
    assert [decision.outcome for decision in decisions] == [Outcome.TICKET, Outcome.TICKET, Outcome.DUPLICATE]


def test_an_answer_in_the_group_of_its_question_is_a_follow_up(desk: Desk) -> None:
    decisions = desk.arrive_together([numbered(1), numbered(2), numbered(3, "<1@client.example>")])
    assert [decision.outcome for decision in decisions] == [Outcome.TICKET, Outcome.TICKET, Outcome.FOLLOW_UP]
    assert desk.mail_of("follow_up")["In-Reply-To"] == desk.mail_of("assignment")["Message-ID"]


def test_a_question_that_comes_after_its_answer_in_one_group_joins_it(desk: Desk) -> None:
    decisions = desk.arrive_together([numbered(2, "<1@client.example>"), numbered(1)])
    assert [decision.outcome for decision in decisions] == [Outcome.TICKET, Outcome.FOLLOW_UP]


def test_two_answers_to_a_mail_that_never_came_belong_together_in_one_group(desk: Desk) -> None:
    decisions = desk.arrive_together([numbered(2, "<ghost@client.example>"), numbered(3, "<ghost@client.example>")])
    assert [decision.outcome for decision in decisions] == [Outcome.TICKET, Outcome.FOLLOW_UP]


def test_limits_hold_within_one_group(desk: Desk) -> None:
    desk.arrive_together([numbered(number) for number in range(8)])
    desk.arrive(numbered(8))
    limit = some_rules().policy.limits.per_address
    assert [row.kind for row in desk.rows("SELECT kind FROM outbox")].count("acknowledgement") == limit < 8
    counted = desk.rows("SELECT count FROM tallies WHERE name NOT LIKE 'person %'")  # those count notices
    assert [row[0] for row in counted] == [limit] * 7  # the address, its domain, and five of everybody


def test_a_group_of_new_tickets_asks_the_database_little(desk: Desk) -> None:
    """What a mail costs is its statements: whatever makes each mail ask alone shows here."""
    asked: list[str] = []

    @event.listens_for(desk.store._engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    beside = Address(address="colleague@client.example")  # in copy, to be offered
    desk.arrive_together([numbered(number, author=Address(address=f"c{number}@c{number}.example"), cc=(beside,))
                          for number in range(40)])  # fmt: skip
    event.remove(desk.store._engine, "before_cursor_execute", note)
    # the test lays the mails down one by one, and each is asked about; the desk's turn asks once for a group
    assert len([each for each in asked if "erasure_keys" in each]) <= 40 + 2
    stored = ("mailboxes", "sources", "INTO mails", "FROM mails", "erasure_keys")
    assert len([each for each in asked if not any(part in each for part in stored)]) <= 40 + 60
