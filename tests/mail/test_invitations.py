"""Answers to invitations are written by calendars; an invitation, and words with an answer, by persons."""

from base64 import b64encode

import pytest

from maild.classify.kind import kind
from maild.mail.invitation_words import says_more
from maild.mail.message import Limits, Mail
from maild.mail.reading import parse
from maild.process.people.absence import find_absence
from tests.support.making import NOON

CALENDAR = (
    "BEGIN:VCALENDAR\r\nPRODID:-//X//EN\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:1@acme.example\r\n"
    "DTSTART;TZID=Europe/Berlin:20261130T100000\r\nDTEND;TZID=Europe/Berlin:20261130T110000\r\nORGANIZER;CN=Ana Ruiz:mailto:ana@acme.example\r\n"
    "ATTENDEE;CN=Bea Kunde;PARTSTAT=ACCEPTED{note}:mailto:bea@client.exam\r\n ple\r\n{more}SUMMARY:VPN repair\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
EVENT = "BEGIN:VTIMEZONE\nDTSTART:19700329T020000\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART:20261201T150000\nDTEND:20261201T160000\nEND:VEVENT\n"
GOOGLE = (
    "Bea Kunde has accepted this invitation.\r\n\r\nVPN repair\r\nMonday 30 Nov 2026, 10am to 11am\r\nCentral European Time - Berlin\r\n\r\n"
    "Organizer\r\nAna Ruiz\r\nana@acme.example\r\n\r\nGuests\r\nAna Ruiz - organizer\r\nbea@client.example\r\n\r\n~~//~~\r\n"
    "Invitation from Google Calendar: https://calendar.google.com/calendar/\r\n\r\nTo stop receiving these emails, change your settings.\r\n"
)


def a_reply(
    method: str,
    *,
    text: str = "",
    more: str = "",
    note: str = "",
    kind_of_part: str = "",
    subject: str = "Accepted: VPN repair",
    container: str = "alternative",
    besides: str = "",
) -> Mail:
    calendar = CALENDAR.format(method=method, more=more, note=note)
    part = kind_of_part or f"Content-Type: text/calendar; charset=utf-8; method={method}"
    body = (
        f"{part}\r\nContent-Transfer-Encoding: base64\r\n\r\n{b64encode(calendar.encode()).decode()}"
        if text
        else f"{part}\r\n\r\n{calendar}"
    )
    head = f"From: Bea <bea@client.example>\r\nTo: support@acme.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
    whole = f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\n{body}\r\n--b--\r\n"
    if besides:
        inner = f"Content-Type: multipart/alternative; boundary=c\r\n\r\n{whole.replace('--b', '--c')}"
        whole = f"--b\r\n{inner}--b\r\n{besides}--b--\r\n"
    mixed = f"Content-Type: multipart/{container}; boundary=b\r\n\r\n{whole}"
    return parse(f"{head}{mixed if text else body}".encode(), Limits(), ("en",))


OTHERS = (
    "Bea Kunde has accepted your invitation to the event: VPN repair",
    "bea@client.example hat Ihre Einladung angenommen.\r\n\r\nVPN repair\r\nMontag, 30. November 2026 um 10:00 Uhr",
    "Bea Kunde a refusé cette invitation.",
    "Bea Kunde ha aceptado esta invitación.\r\nOrganizador: Ana Ruiz",
)
"""As other calendars and other languages say so; the words are our own."""


@pytest.mark.parametrize("text", ["", GOOGLE, *OTHERS])
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


@pytest.mark.parametrize(
    "more",
    [
        *("COMMENT:\r\nCOMMENT:My laptop is broken\r\n", 'COMMENT;ALTREP="cid:a:b":My laptop is broken\r\n'),
        'COMMENT;LANGUAGE="en:My laptop is broken\r\n',
    ],
)
def test_each_comment_of_a_calendar_is_looked_at(more: str) -> None:
    assert kind(a_reply("REPLY", more=more), ()).label == "person"


@pytest.mark.parametrize("text", ["", GOOGLE])
@pytest.mark.parametrize("note", ['"I cannot come: my VPN is down"', "My VPN is down"])
def test_a_note_in_the_answer_of_an_attendee_is_a_persons(note: str, text: str) -> None:
    assert kind(a_reply("REPLY", text=text, note=f";X-RESPONSE-COMMENT={note}"), ()).label == "person"
    assert kind(a_reply("REPLY", text=text, note=';X-RESPONSE-COMMENT=""'), ()).label == "automatic"


@pytest.mark.parametrize(
    "text",
    [
        "I cannot come, my laptop shows error 0x80070005 and nobody can work.",
        GOOGLE.replace("this invitation.", 'this invitation with this note:\r\n\r\n"My VPN is down"'),
        GOOGLE.replace("VPN repair", "VPN repair\r\nWhere?"),
        GOOGLE.replace("VPN repair", "VPN repair\r\nTuesday at 11"),
        GOOGLE.replace("VPN repair", "VPN repair\r\nTuesday 1 Dec 2026 at 11"),
        "Bea Kunde has accepted this invitation.\r\n" + "VPN repair\r\n" * 2_000,
    ],
)
def test_words_around_an_answer_that_no_calendar_writes_are_a_persons(text: str) -> None:
    assert kind(a_reply("REPLY", text=text), ()).label == "person"


@pytest.mark.parametrize(
    ("text", "is_more"),
    [
        ("Declined. Thu 3 Dec 2026 at 1 pm", True),
        ("Declined. 3 Dec 2026 at 1 pm", True),
        ("Tuesday 1 December 2026 at 17:00", True),
        ("1 December 2026 at 16:00", True),
        ("1 December 2026 at 3 am", True),
        ("1 December 2026 at 15:30", True),
        ("1 December 2026 at 02:00", True),
        ("29 March 1970 at 02:00", True),
        ("Wednesday 1 December 2026 at 15:00", True),
        ("12.1.2026 15:00", True),
        ("abgesagt. 1. Dezember 2026 um 17 Uhr", True),
        ("Declined. 1 December 2027", True),
        ("Tue 1 Dec 2026, 3pm to 4pm", False),
        ("Tue Dec 1, 2026 3 \N{EN DASH} 4pm", False),
        ("abgesagt. Dienstag, 1. Dezember 2026 um 15 Uhr", False),
        ("mardi 1er décembre 2026 de 15h00 à 16h00", False),
        ("martes, 1 de diciembre de 2026, 15:00 - 16:00", False),
        ("01.12.2026 15:00 bis 16:00 Uhr", False),
        ("12/1/2026 15:00", True),
        ("1/12/2026", True),
        ("Tue 12/1/2026 to 1/12/2026", True),
        ("Mon 12/1/2026 3 pm", True),
        ("Tue 12/1/2025", True),
        ("Tue 1/2/2026 3 pm", True),
        ("Tue 12/1/2026 3:00 PM - 4:00 PM", False),
        ("Di 01/12/2026 15:00 - 16:00", False),
        ("Tue 12/1 3 pm", True),
        ("mardi 12/1 15:00", True),
        ("martes 1/12 15:00", True),
        ("12/1 3 pm", True),
        ("2026/12/01 15:00 - 16:00", False),
        ("2026/01/12 15:00", True),
        ("Declined. 1 December", True),
        ("Declined. 1 December 17:00", True),
        ("Wed 1 December", True),
        ("Tue 1 Dec, 5 pm", True),
        ("Tuesday 1 December 15", True),
        ("Tue 1 Dec, 3pm to 4pm", False),
        ("Dec 1, 3pm to 4pm", False),
        ("abgesagt. Dienstag, 1.12., 15:00 bis 16:00", False),
        ("abgesagt. 1.12. um 15 Uhr", False),
        ("abgesagt. 1.12.", True),
    ],
)
def test_another_time_than_that_of_the_event_is_somebodys_proposal(text: str, is_more: bool) -> None:
    assert says_more(text, EVENT, ()) is is_more


def test_the_last_day_of_an_event_without_hours_is_the_one_before_its_end_and_a_time_in_utc_is_called_so() -> None:
    days = EVENT.replace(":20261201T150000", ":20261201").replace(":20261201T160000", ":20261203")
    assert not says_more("1 Dec 2026 to 2 Dec 2026", days, ())
    assert says_more("1 Dec 2026 to 3 Dec 2026", days, ())
    utc = EVENT.replace("20261201T150000", "20261201T150000Z")
    assert [says_more(f"1 Dec 2026 15:00{zone}", utc, ()) for zone in ("", " UTC")] == [True, False]


def test_a_day_that_no_order_of_day_and_month_makes_another_is_told_by_its_number() -> None:
    late = EVENT.replace("20261201", "20261130")
    assert [says_more(f"{day}/2026 15:00", late, ()) for day in ("30/11", "11/30", "29/11")] == [False, False, True]
    assert [says_more(day, late, ()) for day in ("30/11 15:00", "Mon 11/30", "30/11")] == [False, False, True]
    friday = EVENT.replace("20261201", "20261204")  # the twelfth of April is one in none of the years around it
    days = ("Fri 12/4 15:00", "Fri 4/12", "Thu 12/4", "12/4 15:00")
    assert [says_more(day, friday, ()) for day in days] == [False, False, True, True]
    before = EVENT.replace("20261201", "20270112")  # a Tuesday as the first of December in 2026
    assert [says_more(f"Tue 12/1{year} 15:00", before, ()) for year in ("", "/2027")] == [True, False]
    same = EVENT.replace("20261201", "20260509")  # the ninth of May and the fifth of September are both a Saturday
    assert says_more("Sat 5/9/2026 15:00", same, ())


@pytest.mark.parametrize(
    ("lasts", "clock", "is_more"),
    [
        ("DURATION:PT1H30M", "16:30", False),
        ("DURATION;X-A=b:+PT90M", "16:30", False),
        ("DURATION:PT1H30M", "16:00", True),
        ("BEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT15M\nEND:VALARM", "15:15", True),
        ("BEGIN:VALARM\nDURATION:PT15M\nEND:VALARM\nDURATION:PT1H", "16:00", False),
        ("BEGIN:VALARM\n" + "X-A:b\n" * 5_000 + "DURATION:PT15M\nEND:VALARM", "15:15", True),
        ("BEGIN:VALARM\nBEGIN:VALARM\nDURATION:PT15M", "15:15", True),
        ("DURATION:-PT1H", "14:00", True),
        ("DURATION:P9999W", "16:00", True),
        ("DURATION:PXH", "16:00", True),
    ],
)
def test_an_event_that_has_a_duration_ends_after_it(lasts: str, clock: str, is_more: bool) -> None:
    event = EVENT.replace("DTEND:20261201T160000", lasts)
    assert says_more(f"Tue 1 Dec 2026 15:00 - {clock}", event, ()) is is_more


def test_days_that_last_end_with_their_last_one() -> None:
    days = EVENT.replace(":20261201T150000", ":20261201").replace("DTEND:20261201T160000", "DURATION:P2D")
    assert not says_more("1 Dec 2026 to 2 Dec 2026", days, ())
    assert says_more("1 Dec 2026 to 3 Dec 2026", days, ())


def test_names_that_are_very_many_or_very_long_are_not_looked_for() -> None:
    assert not says_more("Name 39", EVENT, (f"Name {number}" for number in range(40)))
    assert says_more("Name 40", EVENT, (f"Name {number}" for number in range(41)))
    assert [says_more("x" * length, EVENT, ["x" * length]) for length in (100, 101)] == [False, True]


@pytest.mark.parametrize("disposition", ["", "\r\nContent-Disposition: inline; filename=reply.ics"])
@pytest.mark.parametrize("subject", ["Calendar broken", "Re: [T-1] Calendar broken"])
@pytest.mark.parametrize("text", [GOOGLE, "The attached answer never arrived. What can we do?"])
def test_an_answer_beside_a_text_is_a_file_of_that_mail(text: str, subject: str, disposition: str) -> None:
    part = f"Content-Type: text/calendar; name=reply.ics; method=REPLY{disposition}"
    for kind_of_part in (part, part.replace(" name=reply.ics;", "")):
        mail = a_reply("REPLY", text=text, kind_of_part=kind_of_part, subject=subject, container="mixed")
        assert kind(mail, ()).label == "person"


def test_only_the_same_calendar_may_be_attached_to_an_answer() -> None:
    file = "Content-Type: {}; name={}\r\nContent-Disposition: attachment\r\n\r\n{}\r\n"
    calendar = CALENDAR.format(method="REPLY", more="", note="")
    attached = {
        "automatic": file.format("application/ics", "invite.ics", calendar),
        "person": file.format("image/png", "error.png", "x"),
    }
    for label, besides in attached.items():
        assert kind(a_reply("REPLY", text=GOOGLE, container="mixed", besides=besides), ()).label == label
    noted = attached["automatic"].replace("SUMMARY", "COMMENT:My VPN is down\r\nSUMMARY")
    assert kind(a_reply("REPLY", text=GOOGLE, container="mixed", besides=noted), ()).label == "person"


def test_a_calendar_that_is_attached_as_a_file_is_what_a_person_writes_about() -> None:
    part = "Content-Type: text/calendar; method=REPLY\r\nContent-Disposition: attachment; filename=reply.ics"
    mail = a_reply(
        "REPLY", text="Our answers look like this, and nobody gets them.", kind_of_part=part, subject="Calendar"
    )
    assert kind(mail, ()).label == "person"


def test_the_day_of_a_meeting_is_no_day_of_return() -> None:
    assert find_absence(a_reply("REPLY", text=GOOGLE).new_text, NOON.date()) is None


def test_a_calendar_of_one_endless_line_costs_little() -> None:
    """It is not read to its end, so that a person reads it."""
    assert a_reply("REPLY", more="COMMENT:" + "\\n" * 30_000 + "\r\n").facts.calendar_answer == "reply"
    assert a_reply("REPLY", more="COMMENT:" + "\\n" * 200_000 + "\r\n").facts.calendar_answer is None
