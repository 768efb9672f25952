"""Service levels and the calendar: what is promised to whom, and which days count."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.process.calendar import Calendar, Span, working_time_after
from maild.process.priority import ServiceLevel
from maild.process.public_holidays import public_holidays
from maild.process.ticket import Event
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from maild.store.view.clocks import list_clocks
from tests.desk.test_clocks import ana_writes, live
from tests.support.desk_folder import a_folder, add, change, problems, read
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, CALENDAR, NOON, a_mail, a_team, priorities, some_rules

HOUR = timedelta(hours=1)
LEVEL = ServiceLevel(first_response=Span(clock=2 * HOUR), resolution=Span(clock=10 * HOUR))
GOLD = ServiceLevel(first_response=Span(clock=HOUR))


def a_desk_with(store: Store, levels: Mapping[int, ServiceLevel], **of_domains: ServiceLevel) -> Desk:
    rules = some_rules(
        team=a_team(people=(*a_team().people, ANA)),
        trust=TrustMethod(method="authserv_id", value="mx.acme.example"),
        priorities=replace(priorities(), service_levels=levels, of_domains=of_domains),
    )
    return Desk(store, rules)


@pytest.fixture
def desk(store: Store) -> Desk:
    desk = a_desk_with(store, dict.fromkeys(range(1, 6), LEVEL))
    desk.arrive(a_mail())
    return desk


def history(desk: Desk) -> list[tuple[str, str]]:
    rows = desk.rows("SELECT event, because FROM events WHERE event LIKE 'clock%' ORDER BY id")
    return [(row.event, row.because) for row in rows]


def test_every_start_pause_and_stop_is_in_the_history(desk: Desk) -> None:
    ana_writes(desk, "/waiting\nWhich version?", at=NOON + HOUR)
    desk.arrive(follow_up(desk.mail_of("answer")), now=NOON + 2 * HOUR)
    assert history(desk) == [
        (
            "clock_started",
            "first response by 2026-11-23 15:00 (Europe/Berlin); resolution by 2026-11-24 15:00 (Europe/Berlin)",
        ),
        ("clock_paused", "resolution"),
        ("clock_stopped", "first response: answered"),
        ("clock_started", "resolution by 2026-11-24 16:00 (Europe/Berlin)"),
    ]
    causes = desk.rows("SELECT mail_id FROM events WHERE event LIKE 'clock%' ORDER BY id")
    assert [row.mail_id for row in causes] == [1, 2, 2, 3]


def test_a_breach_names_its_deadline_and_is_told_to_the_lead_once(desk: Desk) -> None:
    assert desk.pass_time(NOON + 3 * HOUR) == [Event.SERVICE_LEVEL_BREACHED]
    assert desk.written_to("lena@acme.example") == ["service_level_breached"]
    breach = desk.rows("SELECT because, deadline_id FROM events WHERE event = 'service_level_breached'")[0]
    assert breach.because == "first response was due at 2026-11-23 15:00 (Europe/Berlin)"
    assert breach.deadline_id is not None
    assert desk.pass_time(NOON + 4 * HOUR) == []


def test_the_clocks_of_a_ticket_can_be_looked_at(desk: Desk) -> None:
    ana_writes(desk, "Please restart it.", at=NOON + HOUR)
    with desk.store.read() as connection:
        lines = list_clocks(connection, 1)
    stopped = {line.clock: (line.because, line.mail, line.stopped_by_mail) for line in lines if line.stopped_at}
    assert stopped == {"next_update": ("renewed", 1, 2), "first_response": ("answered", 1, 2)}
    assert {line.clock for line in lines if not line.stopped_at} == {"next_update", "resolution"}


def test_a_client_may_be_promised_more_than_others(store: Store) -> None:
    desk = a_desk_with(store, dict.fromkeys(range(1, 6), LEVEL), **{"client.example": GOLD})
    desk.arrive(a_mail())
    assert live(desk)["first_response"] == NOON + HOUR
    assert live(desk)["resolution"] == NOON + timedelta(days=1, hours=2)


def test_only_who_has_been_promised_something_has_a_service_level(store: Store) -> None:
    desk = a_desk_with(store, {}, **{"other.example": GOLD})
    desk.arrive(a_mail())
    assert list(live(desk)) == ["next_update"]


def test_public_holidays_are_free_days_of_the_country_and_its_part() -> None:
    germany, bavaria = replace(CALENDAR, country="DE"), replace(CALENDAR, country="DE", subdivision="BY")
    epiphany = date(2027, 1, 6)
    assert germany.opening(epiphany) is not None
    assert bavaria.opening(epiphany) is None
    assert germany.opening(date(2026, 12, 25)) is None
    assert CALENDAR.opening(date(2026, 12, 25)) is not None


def test_clocks_stand_still_on_a_public_holiday() -> None:
    christmas_eve = datetime(2026, 12, 24, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    calendar = Calendar(zone=CALENDAR.zone, hours=CALENDAR.hours, country="DE")
    due_at = working_time_after(christmas_eve, Span(business_days=1), calendar)
    assert due_at == datetime(2026, 12, 28, 9, tzinfo=UTC)


def test_a_country_that_nobody_knows_has_no_holidays() -> None:
    with pytest.raises(ValueError, match="XX"):
        public_holidays("XX", "", 2026)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "config")


def test_a_desk_names_its_country(folder: Path) -> None:
    change(folder, "priorities.toml", '# country = "DE"', 'country = "DE"')
    change(folder, "priorities.toml", '# subdivision = "BY"', 'subdivision = "BY"')
    calendar = read(folder).priorities.calendar
    assert (calendar.country, calendar.subdivision) == ("DE", "BY")


def test_an_unknown_country_and_an_unknown_part_of_it_are_refused(folder: Path) -> None:
    change(folder, "priorities.toml", '# country = "DE"', 'country = "XX"')
    assert "a country code such as DE" in problems(folder)[0]
    change(folder, "priorities.toml", 'country = "XX"', 'country = "DE"\nsubdivision = "TX"')
    assert "BY" in problems(folder)[0]


def test_what_is_promised_is_read(folder: Path) -> None:
    change(folder, "priorities.toml", '# first_response = "30m"', 'first_response = "30m"')
    add(
        folder, "priorities.toml", '\n[[service_level]]\ndomains = ["client.example"]\nresolution = "2 business days"\n'
    )
    read_priorities = read(folder).priorities
    promised = read_priorities.service_level("bea@Client.example", 1)
    assert promised.first_response == Span(clock=timedelta(minutes=30))
    assert promised.resolution == Span(business_days=2)
    assert read_priorities.service_level("max@else.example", 2) == ServiceLevel()
