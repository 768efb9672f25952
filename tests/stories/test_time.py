"""Time passes strangely: a night in which the clocks change, and a week in which maild stands still."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.stories.shapes import in_shape
from tests.stories.staffed import ANA, BEN, LOGIN, MORNING, by_client, everything_for, it_is, last_to, staffed

SECOND = timedelta(seconds=1)
NIGHTS = (
    # The client's mail client, when they write, when four hours of that night are over, and what the wall shows then: clocks go back, and ahead.
    (
        "gmail",
        datetime(2026, 10, 24, 20, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        "02:30 (Europe/Berlin, UTC+2)",
    ),
    (
        "outlook",
        datetime(2026, 10, 24, 21, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "02:30 (Europe/Berlin, UTC+1)",
    ),
    (
        "terminal",
        datetime(2027, 3, 27, 21, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        "03:30 (Europe/Berlin)",
    ),
)
ANNOUNCED = EmailMessage()
ANNOUNCED["From"], ANNOUNCED["Message-ID"] = "Acme Support <support@acme.example>", "<hours@acme.example>"
ANNOUNCED.set_content("We are there day and night.\n")
ANNOUNCED.add_alternative("<p>We are there day and night.</p>\n", subtype="html")
"""What clients answer who look for an old mail of the desk to write to it."""

SCREEN = (
    "The screen of my laptop is broken, it stays black since Monday. It is a ThinkPad T14, serial number PF-3X9K2L.\n"
)
AWAY = {
    "asked": ("gmail", "/waiting"),
    "resolved": ("outlook", "/resolve"),
    "answering": ("apple", "/waiting"),
    "told": ("mobile", "/update"),
}
"""Client to the mail client and the command of the TSM, before maild stands still for a week."""


def client(name: str) -> str:
    return f"bea@{name}.example"


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with staffed(tmp_path, dovecot, smtp_server, database_url, imap_user) as made:
        yield made


def never_closes(desk: RunningDesk) -> None:
    """The desk works day and night, and promises to write within four hours."""
    priorities = desk.folder / "priorities.toml"
    text = priorities.read_text().replace(
        "[calendar]\n", '[calendar]\nsaturday = "00:00-24:00"\nsunday = "00:00-24:00"\n'
    )
    priorities.write_text(
        text.replace('"09:00-17:00"', '"00:00-24:00"')
        .replace('"1 business day"', '"4h"')
        .replace('"2 business days"', '"4h"')
    )


def overdue(database_url: str) -> list[tuple[object, ...]]:
    return rows(database_url, "SELECT ticket_id FROM events WHERE event = 'update_overdue' ORDER BY id")


def test_a_promise_of_four_hours_is_four_hours_long_in_a_night_when_the_clocks_change(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    never_closes(desk)
    for number, (shape, evening, due_at, shown) in enumerate(NIGHTS, 1):
        it_is(desk, evening)
        desk.take_turn(in_shape(shape, ANNOUNCED, SCREEN, From=client(str(number)), Subject=f"Screen {number}"))
        assert shown in everything_for(smtp_server, client(str(number)))
        for now, count in ((due_at - SECOND, 0), (due_at, 1), (due_at + SECOND, 1)):
            it_is(desk, now)
            desk.take_turn()
            assert overdue(database_url).count((number,)) == count, (evening, now)
    reminded = rows(database_url, "SELECT ticket_id FROM events WHERE event = 'update_due_soon' ORDER BY ticket_id")
    assert reminded == [(1,), (2,), (3,)]


def test_a_week_of_standing_still_is_no_week_of_reminders(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    names = (*AWAY, "forgotten")
    desk.take_turn(*(a_letter(From=client(name), Subject=f"Screen {name}", body=SCREEN) for name in names))
    house = (ANA, BEN)
    answers: list[bytes] = []
    for name, (shape, command) in AWAY.items():
        to = next(who for who in house if client(name) in everything_for(smtp_server, who))
        words = f"{command}\nDear Bea, this is about {name}."
        answers.append(in_shape(shape, last_to(smtp_server, to, client(name)), words, From=to, **LOGIN))
    desk.take_turn(*answers)
    before = Counter(mail.recipients[0] for mail in smtp_server.accepted)
    came = in_shape(
        "thunderbird", sent_to(smtp_server, client("answering"))[-1], "It is still black.", From=client("answering")
    )
    desk.dovecot.deliver(desk.address, came)
    desk.rest()
    it_is(desk, MORNING + timedelta(days=8))
    desk.take_turn()
    desk.take_turn()
    wrote = Counter(mail.recipients[0] for mail in smtp_server.accepted) - before
    # One reminder for each whose turn it is; whoever has answered meanwhile is not reminded.
    assert {name: wrote[client(name)] for name in names} == {
        "asked": 1, "resolved": 1, "answering": 0, "told": 0, "forgotten": 0
    }  # fmt: skip
    assert by_client(database_url)[client("answering")] == ("open",)
    late = rows(
        database_url, "SELECT ticket_id, count(*) FROM events WHERE event = 'update_overdue' GROUP BY ticket_id"
    )
    assert sorted(late) == [(names.index("told") + 1, 1), (names.index("forgotten") + 1, 1)]
    assert "update_due_soon" not in str(rows(database_url, "SELECT event FROM events"))
    # The lead: each overdue update, and each dossier, as it is overdue for long. The TSMs: who is asked for help, and the answer.
    assert (wrote[LEAD], wrote[ANA] + wrote[BEN]) == (4, 3)
    once = rows(database_url, "SELECT deadline_id, event FROM events WHERE deadline_id IS NOT NULL")
    assert len(once) == len(set(once))
