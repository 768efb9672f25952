"""Answers to invitations are written by calendars; an invitation, and words with an answer, by persons."""

from base64 import b64encode

import pytest

from maild.classify.kind import kind
from maild.mail.message import Limits, Mail
from maild.mail.reading import parse
from maild.process.people.absence import find_return
from tests.making import NOON

CALENDAR = (
    "BEGIN:VCALENDAR\r\nPRODID:-//X//EN\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:1@acme.example\r\n"
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bea@client.exam\r\n ple\r\n{more}SUMMARY:VPN repair\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
GOOGLE = "Bea Kunde has accepted this invitation.\r\n\r\nVPN repair\r\nMonday 30 Nov 2026, 10am to 11am\r\nOrganizer Ana Ruiz\r\n"


def a_reply(
    method: str, *, text: str = "", more: str = "", kind_of_part: str = "", subject: str = "Accepted: VPN repair"
) -> Mail:
    calendar = CALENDAR.format(method=method, more=more)
    part = kind_of_part or f"Content-Type: text/calendar; charset=utf-8; method={method}"
    body = (
        f"{part}\r\nContent-Transfer-Encoding: base64\r\n\r\n{b64encode(calendar.encode()).decode()}"
        if text
        else f"{part}\r\n\r\n{calendar}"
    )
    head = f"From: Bea <bea@client.example>\r\nTo: support@acme.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
    whole = f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\n{body}\r\n--b--\r\n"
    mixed = f"Content-Type: multipart/alternative; boundary=b\r\n\r\n{whole}"
    return parse(f"{head}{mixed if text else body}".encode(), Limits(), ("en",))


@pytest.mark.parametrize("text", ["", GOOGLE])
@pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
def test_an_answer_to_an_invitation_is_automatic(method: str, text: str) -> None:
    verdict = kind(a_reply(method, text=text), ())
    assert (verdict.label, verdict.because) == ("automatic", f"a calendar's METHOD: {method} (RFC 5546)")


def test_a_calendar_whose_method_only_the_part_names_is_read() -> None:
    mail = a_reply("REPLY", text=GOOGLE, kind_of_part="Content-Type: text/calendar; method=REPLY")
    assert mail.facts.calendar_answer == "reply"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_an_invitation_is_a_persons(method: str) -> None:
    assert kind(a_reply(method, text="Please join us.", subject="VPN repair"), ()).label == "person"


def test_words_that_go_along_with_an_answer_are_a_persons() -> None:
    more = "COMMENT;LANGUAGE=en-US:I cannot come\\, my laptop is broken\\n\r\n"
    assert kind(a_reply("REPLY", text="I cannot come, my laptop is broken", more=more), ()).label == "person"
    assert kind(a_reply("REPLY", more="COMMENT;LANGUAGE=en-US:\\n\\n\r\n"), ()).label == "automatic"


def test_a_calendar_that_is_attached_as_a_file_is_what_a_person_writes_about() -> None:
    part = "Content-Type: text/calendar; method=REPLY\r\nContent-Disposition: attachment; filename=reply.ics"
    mail = a_reply(
        "REPLY", text="Our answers look like this, and nobody gets them.", kind_of_part=part, subject="Calendar"
    )
    assert kind(mail, ()).label == "person"


def test_the_day_of_a_meeting_is_no_day_of_return() -> None:
    assert find_return(a_reply("REPLY", text=GOOGLE).new_text, NOON.date()) is None


def test_a_calendar_of_one_endless_line_costs_little() -> None:
    assert a_reply("REPLY", more="COMMENT:" + "\\n" * 200_000 + "\r\n").facts.calendar_answer == "reply"
