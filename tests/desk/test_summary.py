"""A flood of tickets brings a person of the desk one summary in place of a mail for each, and nothing is left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from maild.deadlines import Deadlines
from maild.desk.telling.summing_up import GATHERED
from maild.mail.message import Address
from maild.process.policy import ReplyLimits
from maild.replies.summary import Line, compose_summary
from maild.replies.voice import Voice
from maild.store import tables
from maild.store.database.packing import unpack
from maild.store.engine import Connection, Store
from maild.store.outgoing.notices import next_notice_at
from maild.store.view.outbox import list_outbox
from tests.support.desks import Desk
from tests.support.making import NOON, a_desk, a_mail, a_policy, a_team, priorities, some_rules

QUARTER = timedelta(minutes=15)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk where two notices an hour are enough for anybody."""
    return a_desk_with_a_limit(store)


def a_desk_with_a_limit(store: Store, languages: Sequence[str] = ("en", "de")) -> Desk:
    rules = some_rules(policy=a_policy(limits=ReplyLimits(per_person=2)))
    return Desk(store, replace(rules, desk=replace(rules.desk, languages=tuple(languages))))


def flood(desk: Desk, numbers: range, *, now: datetime = NOON) -> None:
    for number in numbers:
        author = Address(address=f"forged{number}@c{number}.example", name="x\r\nBcc: y@z.example")
        mail = a_mail(message_id=f"<{number}@x.example>", fingerprint=f"{number:064}", author=author)
        desk.arrive(replace(mail, subject=f"Subject {number}"), now=now)


def pass_time(desk: Desk, now: datetime) -> int:
    return Deadlines(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: now).act_on_all()


def summaries(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        query = select(tables.outbox.c.content).where(tables.outbox.c.kind == "summary").order_by(tables.outbox.c.id)
        sources = [unpack(content) for content in connection.scalars(query)]
    messages = [message_from_bytes(source, policy=policy.default) for source in sources]
    assert all(message["Auto-Submitted"] == "auto-generated" and not message["Reply-To"] for message in messages)
    return [
        str(next(part for part in message.walk() if part.get_content_type() == "text/plain").get_content())
        for message in messages
    ]


def numbers_in(text: str, desk: Desk) -> list[int]:
    prefix = f"- {desk.rules.desk.prefix}-"
    return [int(line.removeprefix(prefix).partition(":")[0]) for line in text.splitlines() if line.startswith(prefix)]


def notices_written(desk: Desk) -> int:
    return [kind for kind, _ in desk.written()].count("assignment")


def test_beyond_the_limit_notices_are_gathered_and_the_tickets_are_in_one_summary(desk: Desk) -> None:
    flood(desk, range(7))
    assert notices_written(desk) == 2
    assert pass_time(desk, NOON + timedelta(minutes=1)) == 0
    assert pass_time(desk, NOON + QUARTER) == 5
    (text,) = summaries(desk)
    assert numbers_in(text, desk) == [3, 4, 5, 6, 7]
    assert "forged3@c3.example, Subject 3" in text
    assert pass_time(desk, NOON + 2 * QUARTER) == 0


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_summary_has_words_of_its_language_for_each_kind(language: str) -> None:
    desk = replace(a_desk(), languages=(language,))
    voice = Voice.load(desk=desk, priorities=priorities(), categories={}, team=a_team())
    lines = [Line(number=1, kind=kind, client="", subject="") for kind in sorted(GATHERED)]
    lena = Address(address="lena@acme.example")
    mail = compose_summary(lines, voice, recipient=lena, message_id="<1@acme.example>", now=NOON)
    said = [line for line in mail.text.splitlines() if line.startswith("- ")]
    assert len(said) == len({*said}) == len(GATHERED)
    unsaid = [kind for kind in GATHERED if any(line.endswith(f" {kind.replace('_', ' ')}") for line in said)]
    assert set(unsaid) <= ({"update_overdue", "update_due_soon"} if language == "en" else set())


def test_every_client_is_acknowledged_all_the_same(desk: Desk) -> None:
    flood(desk, range(7))
    assert [kind for kind, _ in desk.written()].count("acknowledgement") == 7


def test_when_the_flood_is_over_each_ticket_is_a_mail_again(desk: Desk) -> None:
    flood(desk, range(4))
    flood(desk, range(4, 5), now=NOON + timedelta(hours=3))
    assert notices_written(desk) == 3


def test_the_overdue_updates_of_a_flood_are_gathered_too(desk: Desk) -> None:
    flood(desk, range(6))
    pass_time(desk, NOON + timedelta(days=4))
    pass_time(desk, NOON + timedelta(days=4) + QUARTER)
    assert [kind for kind, _ in desk.written()].count("update_overdue") <= 2
    told = summaries(desk)
    assert sum(text.count("update overdue") for text in told) >= 4


def test_the_summary_is_written_once_whatever_breaks_off_before_its_commit(desk: Desk) -> None:
    flood(desk, range(5))
    deadlines = Deadlines(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: NOON + QUARTER)

    def break_off(connection: Connection) -> None:
        assert deadlines._sum_up(connection) == 3
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.store.transact(break_off, serial=True)
    assert summaries(desk) == []
    pass_time(desk, NOON + QUARTER)
    pass_time(desk, NOON + QUARTER)
    assert [numbers_in(text, desk) for text in summaries(desk)] == [[3, 4, 5]]


def test_the_daemon_knows_when_the_next_summary_is_due(desk: Desk) -> None:
    flood(desk, range(3), now=NOON + timedelta(minutes=7))
    with desk.store.read() as connection:
        assert next_notice_at(connection) == NOON + QUARTER


def test_a_summary_stands_in_the_outbox_without_a_ticket(desk: Desk) -> None:
    flood(desk, range(3))
    pass_time(desk, NOON + QUARTER)
    with desk.store.read() as connection:
        line = list_outbox(connection, desk.rules.desk)[-1]
    assert (line.kind, line.ticket) == ("summary", None)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_summary_speaks_the_desks_language(store: Store, language: str) -> None:
    desk = a_desk_with_a_limit(store, (language,))
    flood(desk, range(3))
    pass_time(desk, NOON + QUARTER)
    (text,) = summaries(desk)
    words = {"en": "new ticket", "de": "neues Ticket", "fr": "nouveau ticket", "es": "ticket nuevo"}
    assert words[language] in text
