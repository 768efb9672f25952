"""What TSMs write behind /eta, in four languages; it is Monday, 23 November 2026, 13:00 in Berlin."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maild.process.commands.moments import read_moment
from tests.support.making import NOON, priorities

CALENDAR = priorities().calendar


def shown(text: str) -> str:
    moment = read_moment(text, now=NOON, calendar=CALENDAR)
    return f"{moment.astimezone(CALENDAR.zone):%d.%m.%Y %H:%M}" if isinstance(moment, datetime) else moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("tomorrow 15:00", "24.11.2026 15:00"),
        ("Friday 3pm", "27.11.2026 15:00"),
        ("on Friday at 3:30 pm", "27.11.2026 15:30"),
        ("Friday 12am", "27.11.2026 00:00"),
        ("morgen um 15 Uhr", "24.11.2026 15:00"),
        ("Freitag, 15:30 Uhr", "27.11.2026 15:30"),
        ("am Montag", "30.11.2026 17:00"),
        ("1.12. 9 Uhr", "01.12.2026 09:00"),
        ("1.12.", "01.12.2026 17:00"),
        ("bis 15.12.", "15.12.2026 17:00"),
        ("am 24.5", "24.05.2027 17:00"),
        ("14.10.2027", "14.10.2027 17:00"),
        ("14.10 Uhr", "23.11.2026 14:10"),
        ("15.00", "23.11.2026 15:00"),
        ("24.12", "24.12.2026 17:00"),
        ("in 12h", "24.11.2026 01:00"),
        ("15.1.", "15.01.2027 17:00"),
        ("3 Arbeitstage", "26.11.2026 13:00"),
        ("in 2 Stunden", "23.11.2026 15:00"),
        ("demain à 15h30", "24.11.2026 15:30"),
        ("dans 3 jours ouvrés", "26.11.2026 13:00"),
        ("aujourd\N{RIGHT SINGLE QUOTATION MARK}hui", "23.11.2026 17:00"),
        ("mañana a las 15", "24.11.2026 15:00"),
        ("el viernes", "27.11.2026 17:00"),
        ("2026-12-01T15:00", "01.12.2026 15:00"),
        ("um 15 Uhr", "23.11.2026 15:00"),
        ("à 15h", "23.11.2026 15:00"),
        ("a las 15", "23.11.2026 15:00"),
        ("at 3 p.m.", "23.11.2026 15:00"),
        ("15.30 Uhr", "23.11.2026 15:30"),
        ("15.30", "23.11.2026 15:30"),
        ("bis 15.45.", "23.11.2026 15:45"),
        ("15.00.", "23.11.2026 15:00"),
        ("um 15.30", "23.11.2026 15:30"),
        ("um 15 Uhr 30", "23.11.2026 15:30"),
        ("à 15 h 30", "23.11.2026 15:30"),
        ("le 1.12.", "01.12.2026 17:00"),
        ("am 1.12. um 15 Uhr", "01.12.2026 15:00"),
        ("1.12.26", "01.12.2026 17:00"),
        ("le 1er décembre à 15h", "01.12.2026 15:00"),
        ("el martes, 1 de diciembre", "01.12.2026 17:00"),
        ("Dienstag, den 1. Dezember", "01.12.2026 17:00"),
        ("Dec 1st, 2026", "01.12.2026 17:00"),
        ("5 min.", "23.11.2026 13:05"),
        ("in 2 Std.", "23.11.2026 15:00"),
        ("dans une heure", "23.11.2026 14:00"),
        ("dentro de 2 horas", "23.11.2026 15:00"),
        ("bis Freitag", "27.11.2026 17:00"),
        ("hasta el viernes a las 15", "27.11.2026 15:00"),
        ("übermorgen", "25.11.2026 17:00"),
        ("3pm tomorrow", "24.11.2026 15:00"),
        ("um 15 Uhr am Freitag", "27.11.2026 15:00"),
    ],
)
def test_people_write_a_time_as_they_speak(text: str, moment: str) -> None:
    assert shown(text) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("monkey", "no time that maild understands"),
        ("Freitag Nachmittag", "no time that maild understands"),
        ("3 moons", "no time that maild understands"),
        ("Friday 13pm", "there is no 13 pm"),
        ("30.2.", "is no date: that month has no such day"),
        ("am 30.2.", "is no date: that month has no such day"),
        ("31. April", "is no date: that month has no such day"),
        ("2027-02-29", "is no date: that month has no such day"),
        ("am 29.2.", "is no date: that month has no such day"),
        ("2026-13-01", "is no date: there is no such month"),
        ("1.13.2026", "is no date: there is no such month"),
        ("13.13.", "13.13. is no date: there is no such month; a time is written 13:13"),
        ("bis 12.30.", "is no date: there is no such month; a time is written 12:30"),
        ("13.99.", "is no date: there is no such minute"),
        ("32.13.", "is no date: there is no such hour"),
        ("0000-12-01", "is no date: there is no such year"),
        ("tomorrow 25:00", "is no date: there is no such hour"),
        ("tomorrow 15:60", "is no date: there is no such minute"),
        ("tomorrow 3:60 pm", "is no date: there is no such minute"),
        ("am 14.10", "can mean two things: 2026-10-14, which is in the past, or 2027-10-14; write which"),
        ("am 26.5", "can mean two things: 2026-05-26, which is in the past, or 2027-05-26; write which"),
        ("14 October at 15:00", "can mean two things: 2026-10-14, which is in the past, or 2027-10-14; write which"),
        ("heute 9 Uhr", "is in the past"),
        ("um 9 Uhr", "is in the past"),
        ("tomorrow at 3", "can mean two things: 3 is 03:00 or 15:00"),
        ("a las 3", "can mean two things"),
        ("15h", "15h is 15:00 or 15 hours"),
        ("12h", "12h is 12:00 or 12 hours"),
        ("8 h", "8h is 8:00 or 8 hours"),
        ("14.10", "14.10 is 2027-10-14 or 14:10; write which"),
        ("14.10.", "can mean two things: 14.10. has passed this year: it is 2027-10-14 or 14:10; write which"),
        ("bis 12.11", "12.11 is 2027-11-12 or 12:11; write which"),
        ("1.12", "1.12 is 2026-12-01 or 01:12; write which"),
        ("am", "no time that maild understands"),
        ("a m", "no time that maild understands"),
        ("an h", "no time that maild understands"),
        ("15", "no time that maild understands"),
        ("1/12", "no time that maild understands"),
        ("next Friday", "no time that maild understands"),
        ("Freitag, 1.12.", "another day of the week"),
        ("15:00 1.30 2.30 3.30", "no time that maild understands"),
    ],
)
def test_what_nobody_can_be_sure_about_is_refused(text: str, said: str) -> None:
    assert said in shown(text)


def test_the_end_of_all_days_is_no_time_and_breaks_nothing() -> None:
    west = replace(CALENDAR, zone=ZoneInfo("America/New_York"))
    said = read_moment("9999-12-31 23:59", now=NOON, calendar=west)
    assert isinstance(said, str)
    assert "is more than two years away" in said
