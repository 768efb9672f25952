"""Out-of-office notes say when somebody is back; the client's reminder waits for that day, and no other clock does."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from maild.mail.message import Address
from maild.process.people.absence import find_absence, find_absences
from maild.process.people.team import Person
from maild.process.ticket import Event, Role, Status
from maild.store.engine import Store
from tests.desk.test_clocks import BEA, a_desk_that, ana_writes, live, status
from tests.desk.test_triage import text_of
from tests.support.desks import AUTOMATIC, Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_policy, a_team, some_rules
from tests.support.places import SENTENCES

TODAY = date(2026, 11, 23)
BERLIN_NINE = datetime(2026, 12, 7, 8, tzinfo=UTC)
"""When the desk opens on the day of return."""


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("I am out of the office and will be back on 1 December.", date(2026, 12, 1)),
        ("I'm away until November 30, 2026. In urgent cases call Max.", date(2026, 11, 30)),  # a Monday
        ("Returning 2026-12-07", date(2026, 12, 7)),
        ("Ich bin bis zum 04.12.2026 nicht im Büro.", date(2026, 12, 5)),
        (
            "Ich bin ab dem 20.11. im Urlaub und am 7. Dezember wieder da. Wieder erreichbar am 7. Dezember.",
            date(2026, 12, 7),
        ),
        ("Je suis absente jusqu\N{RIGHT SINGLE QUOTATION MARK}au 27 novembre inclus.", date(2026, 11, 28)),
        ("De retour le 1er décembre 2026.", date(2026, 12, 1)),
        ("Estaré fuera de la oficina hasta el 2 de diciembre.", date(2026, 12, 3)),
        ("Vuelvo el 9 de diciembre de 2026", date(2026, 12, 9)),
        ("I will be back on 4 January.", date(2026, 12, 23)),
        ("I will be back on 12/25/2026.", date(2026, 12, 23)),
        ("I was back on 1 November.", None),
        ("I am out of the office. My number is 12.08.2026.", None),
        ("I am back soon.", None),
        ("Back on 31 February or 99.99.", None),
        ("", None),
    ],
)
def test_a_note_says_when_its_author_is_back(note: str, day: date | None) -> None:
    absence = find_absence(note, TODAY)
    assert (absence.back if absence else None) == day


def test_a_note_without_end_is_read_in_no_time() -> None:
    assert find_absence("back until " * 100_000, TODAY) is None
    assert find_absence("until 1.12. " * 100_000, TODAY) is None
    started = time.process_time()
    find_absence("Away." + "\n" * 3_900 + "Start: 3 December", TODAY)
    assert time.process_time() - started < 5


ADVENT = date(2026, 11, 30)
"""A Monday."""


@pytest.mark.parametrize("line", (SENTENCES / "absence_notes.txt").read_text("utf-8").splitlines())
def test_what_a_note_announces_begins_at_its_day_and_what_is_open_until_one_is_no_absence(line: str) -> None:
    said, _, note = line.partition("  ")
    found = [f"{each.begins:%m-%d}..{each.back:%m-%d}" for each in find_absences(note.replace("\\n", "\n"), ADVENT)]
    assert said == (",".join(found) or "none")


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk that waits for its client."""
    desk = a_desk_that(store)
    ana_writes(desk, "/waiting\nWhich version do you use?")
    return desk


def note(desk: Desk, text: str, now: datetime = NOON) -> None:
    desk.arrive(follow_up(desk.last_to(BEA), new_text=text), AUTOMATIC, now=now)


def test_the_reminder_of_a_client_who_is_away_waits_for_their_return(desk: Desk) -> None:
    note(desk, "I am back on 7 December.")
    assert live(desk) == {"client_reminder": BERLIN_NINE}
    assert status(desk) == Status.WAITING
    assert desk.pass_time(NOON + timedelta(days=10)) == []
    assert desk.pass_time(BERLIN_NINE) == [Event.CLIENT_REMINDED]


def test_a_note_that_names_an_earlier_day_changes_nothing(desk: Desk) -> None:
    before = live(desk)
    note(desk, "I am back on 24 November.")
    assert live(desk) == before


def test_notes_do_not_bring_more_reminders_than_there_are(desk: Desk) -> None:
    desk.pass_time(NOON + timedelta(days=4))
    note(desk, "I am back on 7 December.", NOON + timedelta(days=4))
    heard = [desk.pass_time(NOON + timedelta(days=days)) for days in (20, 30, 40)]
    assert heard == [[Event.CLIENT_REMINDED], [Event.CLIENT_SILENT], [Event.CLIENT_SILENT]]


def test_no_clock_of_the_desk_waits_for_a_client_who_is_away(store: Store) -> None:
    desk = a_desk_that(store)
    before = live(desk)
    note(desk, "I am back on 7 December.")
    assert live(desk) == before


MAX = Person(name="Max", addresses=("max@acme.example",), role=Role.TSM, capacity=0)


def a_desk_of_two(store: Store, **policy: object) -> Desk:
    """Ana has the ticket, and Max stands in for her as she does for him."""
    people = (*a_team().people, replace(ANA, substitute="Max"), replace(MAX, substitute=ANA.name))
    desk = Desk(store, some_rules(team=a_team(people=people), policy=a_policy(**policy)))
    desk.arrive(a_mail())
    return desk


def is_away_says(desk: Desk, address: str, number: int) -> None:
    author = Address(address=address)
    text, names = "I am back on 7 December.", {"message_id": f"<{number}@acme.example>", "fingerprint": f"{number:064}"}
    desk.arrive(follow_up(desk.last_to(address), author=author, new_text=text, **names), AUTOMATIC)


def assignee(desk: Desk) -> str:
    return str(desk.rows("SELECT assignee FROM tickets")[0].assignee)


def test_the_substitute_of_a_tsm_who_is_away_takes_the_ticket_and_the_client_hears_nothing(store: Store) -> None:
    desk = a_desk_of_two(store)
    assert assignee(desk) == ANA.name
    is_away_says(desk, ANA.addresses[0], 1)
    assert assignee(desk) == "Max"
    assert desk.written_to(MAX.addresses[0]) == ["assignment"]
    assert "Max stands in" in text_of(desk.newest("reassigned", ANA.addresses[0]))
    assert desk.written_to(BEA) == ["acknowledgement"]


def test_two_who_are_both_away_do_not_hand_a_ticket_to_and_fro(store: Store) -> None:
    desk = a_desk_of_two(store)
    is_away_says(desk, ANA.addresses[0], 1)
    is_away_says(desk, MAX.addresses[0], 2)
    assert assignee(desk) == "Max"


def test_a_desk_may_let_a_ticket_wait_for_its_tsm(store: Store) -> None:
    desk = a_desk_of_two(store, reassign_absent=False)
    is_away_says(desk, ANA.addresses[0], 1)
    assert assignee(desk) == ANA.name


def assignees_of_more(desk: Desk, count: int, now: datetime) -> set[str]:
    """Who gets the tickets of that many further clients."""
    first = desk.rows("SELECT count(*) AS n FROM tickets")[0].n
    for number in range(first, first + count):
        author = Address(address=f"new-{number}@client{number}.example")
        desk.arrive(a_mail(author=author, message_id=f"<{number}@new.example>", fingerprint=f"{number:064}"), now=now)
    newest = desk.rows("SELECT assignee FROM tickets ORDER BY id")[first:]
    return {str(row.assignee) for row in newest}


def test_whoever_is_away_by_their_note_gets_no_new_tickets_until_that_day_or_until_they_write(store: Store) -> None:
    people = (*a_team().people, replace(ANA, substitute="Max"), replace(MAX, capacity=None))
    desk = Desk(store, some_rules(team=a_team(people=people)))
    desk.arrive(a_mail())
    assert assignees_of_more(desk, 3, NOON) == {ANA.name, "Max"}
    is_away_says(desk, ANA.addresses[0], 100)
    assert assignees_of_more(desk, 4, NOON + timedelta(days=1)) == {"Max"}
    assert ANA.name in assignees_of_more(desk, 4, NOON + timedelta(days=14))
    assert assignees_of_more(desk, 1, NOON + timedelta(days=2)) == {"Max"}
    told = desk.newest("assignment", ANA.addresses[0])
    desk.arrive(
        follow_up(told, author=Address(address=ANA.addresses[0]), new_text="/note\nI am back.", fingerprint="7" * 64)
    )
    assert ANA.name in assignees_of_more(desk, 4, NOON + timedelta(days=2))


def test_a_note_in_the_name_of_a_tsm_that_nothing_proves_changes_nothing(store: Store) -> None:
    people = (*a_team().people, replace(ANA, substitute="Max"), replace(MAX, capacity=None))
    desk = Desk(store, some_rules(team=a_team(people=people)))
    desk.arrive(a_mail())
    before, known = assignee(desk), a_mail().message_id
    author, text = Address(address=ANA.addresses[0]), "I am back on 7 December."
    names = {"message_id": "<forged@acme.example>", "fingerprint": "8" * 64, "in_reply_to": (str(known),)}
    desk.arrive(a_mail(author=author, new_text=text, **names), AUTOMATIC)
    (note,) = desk.rows("SELECT outcome, ticket_id, trust FROM mails WHERE message_id = '<forged@acme.example>'")
    assert tuple(note) == ("automatic", 1, "claimed")
    assert assignee(desk) == before
    assert assignees_of_more(desk, 4, NOON + timedelta(days=1)) == {ANA.name, "Max"}


def test_an_old_note_of_a_tsm_that_somebody_sends_again_takes_no_ticket_from_them(store: Store) -> None:
    """Its signature holds still, and a day without a year comes again."""
    desk = a_desk_of_two(store)
    author, text = Address(address=ANA.addresses[0]), "I am back on 7 December."
    names = {"message_id": "<july@acme.example>", "fingerprint": "8" * 64, "written_at": NOON - timedelta(days=340)}
    desk.arrive(follow_up(desk.last_to(ANA.addresses[0]), author=author, new_text=text, **names), AUTOMATIC)
    assert assignee(desk) == ANA.name
    people = tuple(replace(each, capacity=None) for each in desk.rules.team.people)
    desk.rules = replace(desk.rules, team=replace(desk.rules.team, people=people))
    assert ANA.name in assignees_of_more(desk, 4, NOON + timedelta(days=1))


def a_desk_of_two_who_are_there(store: Store) -> Desk:
    people = (*a_team().people, replace(ANA, substitute="Max"), replace(MAX, capacity=None))
    desk = Desk(store, some_rules(team=a_team(people=people)))
    desk.arrive(a_mail())
    return desk


def ana_answers_by_machine(desk: Desk, text: str, number: int, now: datetime) -> None:
    names = {"message_id": f"<{number}@acme.example>", "fingerprint": f"{number:064}"}
    told = desk.newest("assignment", ANA.addresses[0])
    desk.arrive(follow_up(told, author=Address(address=ANA.addresses[0]), new_text=text, **names), AUTOMATIC, now=now)


@pytest.mark.parametrize(
    "text",
    [
        "I will be away from 14 December until 1 January.",
        "Ich bin vom 14. Dezember bis zum 1. Januar im Urlaub.",
        "Je serai absente du 14 décembre au 1er janvier.",
        "Estaré de vacaciones del 14 de diciembre al 1 de enero.",
    ],
)
def test_an_absence_that_is_announced_begins_at_its_day(store: Store, text: str) -> None:
    desk = a_desk_of_two_who_are_there(store)
    before = assignee(desk)
    ana_answers_by_machine(desk, text, 100, NOON)
    assert assignee(desk) == before
    assert ANA.name in assignees_of_more(desk, 4, NOON + timedelta(days=1))
    told = desk.newest("assignment", ANA.addresses[0])
    author = Address(address=ANA.addresses[0])
    desk.arrive(follow_up(told, author=author, new_text="/note\nI am on it.", fingerprint="7" * 64), now=NOON)
    assert assignees_of_more(desk, 4, datetime(2026, 12, 14, 9, tzinfo=UTC)) == {"Max"}
    assert assignees_of_more(desk, 4, datetime(2026, 12, 31, 9, tzinfo=UTC)) == {"Max"}
    assert ANA.name in assignees_of_more(desk, 8, datetime(2027, 1, 4, 9, tzinfo=UTC))


def test_a_later_automatic_mail_without_a_day_ends_no_absence(store: Store) -> None:
    desk = a_desk_of_two_who_are_there(store)
    ana_answers_by_machine(desk, "I am back on 7 December.", 100, NOON)
    ana_answers_by_machine(desk, "Thank you for your message. I will read it soon.", 101, NOON + timedelta(days=1))
    assert assignees_of_more(desk, 4, NOON + timedelta(days=2)) == {"Max"}
    ana_answers_by_machine(desk, "I am back on 27 November already.", 102, NOON + timedelta(days=2))
    assert assignees_of_more(desk, 4, NOON + timedelta(days=3)) == {"Max"}
    assert ANA.name in assignees_of_more(desk, 8, NOON + timedelta(days=7))


@pytest.mark.parametrize(
    "text",
    [
        "I will be away from 24 to 26 November and from 14 to 31 December.",
        "Ich bin vom 24. bis 26. November und vom 14. bis 31. Dezember nicht im Haus.",
        "Je serai absente du 24 au 26 novembre et du 14 au 31 décembre.",
        "Estaré fuera del 24 al 26 de noviembre y del 14 al 31 de diciembre.",
    ],
)
def test_between_two_absences_of_one_note_its_author_is_there(store: Store, text: str) -> None:
    desk = a_desk_of_two_who_are_there(store)
    ana_answers_by_machine(desk, text, 100, NOON)
    assert assignees_of_more(desk, 4, datetime(2026, 11, 25, 9, tzinfo=UTC)) == {"Max"}
    assert ANA.name in assignees_of_more(desk, 8, datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert assignees_of_more(desk, 4, datetime(2026, 12, 15, 9, tzinfo=UTC)) == {"Max"}


def test_who_is_away_until_further_notice_is_so_for_30_days_at_most(store: Store) -> None:
    desk = a_desk_of_two_who_are_there(store)
    ana_answers_by_machine(desk, "I am on sick leave until further notice.", 100, NOON)
    assert assignees_of_more(desk, 4, datetime(2026, 12, 22, 9, tzinfo=UTC)) == {"Max"}
    assert ANA.name in assignees_of_more(desk, 8, datetime(2026, 12, 23, 9, tzinfo=UTC))


def test_the_reminder_of_a_client_waits_for_the_one_absence_of_two_in_which_it_falls(desk: Desk) -> None:
    before = live(desk)
    note(desk, "I will be away from 23 to 24 November and from 14 to 31 December.")
    assert live(desk) == before


def test_the_reminder_of_a_client_comes_before_an_absence_that_begins_later(desk: Desk) -> None:
    before = live(desk)
    note(desk, "I will be away from 14 December until 1 January.")
    assert live(desk) == before
