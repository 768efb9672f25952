"""Voice messages: what a client says on the telephone is a ticket for a person to hear, and no telephone system is answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.classify.kind import kind
from maild.classify.telephone import by_telephone
from maild.classify.verdict import Verdict
from maild.mail.message import Address, Mail
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED
from tests.support.desks import INVOICE, TECHNICAL, Desk, follow_up
from tests.support.mail_making import a_source, read
from tests.support.making import ANA, NOON, a_team, some_rules

AUDIO = "UklGRiQAAABXQVZF"
PBX = "asterisk@pbx.acme.example"
ANAS = Address(address="ana@acme.example", name="Ana Ruiz")
CALLED = (Verdict(question="by_telephone", label="yes", confidence=None, because="a recording of Asterisk"),)


def a_recording(name: str = "msg0000.wav", media_type: str = "audio/x-wav", **fields: str) -> bytes:
    """A mail with a short text and a file."""
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\nYou have a new message of 12 seconds from +49 30 1234.\r\n"
        f'--b\r\nContent-Type: {media_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{AUDIO}\r\n--b--\r\n'
    )
    return a_source(parts, **{"content_type": 'multipart/mixed; boundary="b"', "Subject": "Voice message", **fields})


SYSTEMS: dict[str, dict[str, str]] = {
    "Teams": {
        "From": '"+49 30 1234" <noreply@skype.voicemail.microsoft.com>',
        "Content_Class": "Voice-CA",
        "X_CallingTelephoneNumber": "+49301234",
        "X_VoiceMessageDuration": "12",
    },
    "Exchange": {"From": "Bea <bea@client.example>", "Content_Class": "voice-uc"},
    "Asterisk": {"From": f"Asterisk PBX <{PBX}>", "X_Asterisk_VM_Message_Num": "1", "Precedence": "bulk"},
    "RFC 3458": {"From": "box@tel.example", "Message_Context": "voice-message", "Auto_Submitted": "auto-generated"},
    "RFC 3801": {"From": "box@tel.example", "content_type": 'multipart/voice-message; version=2.0; boundary="b"'},
    "Cisco": {"From": "Unity Connection <unityconnection@tel.example>", "Return_Path": "<>"},
    "3CX": {"From": "3CX Phone System <noreply@acme.example>"},
    "FRITZ!Box": {"From": '"FRITZ!Box" <office@acme.example>', "Subject": "Anruf von 0301234"},
    "French": {"From": "Messagerie vocale <box@tel.example>"},
    "Spanish": {"From": "Buzón de voz <box@tel.example>"},
    "of no name": {"From": "Cloud calls <no-reply@tel.example>", "Subject": "Neue Sprachnachricht von 0301234"},
}


NO_RECORDING = {"name": "play.wav.html", "media_type": "text/html"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_voice_message_is_a_persons_whatever_sends_it(system: str) -> None:
    mail = read(a_recording(**SYSTEMS[system]))
    assert kind(mail, ()).label == "person"
    assert by_telephone(mail) is not None


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"From": "noreply@acme.example", "Subject": "Your episode of this week"}, "automatic"),
        ({"From": "Bea <bea@client.example>", "Subject": "Our voice mail is dead"}, "person"),
        ({"From": "Bea <bea@3cx-partner.example>", "Subject": "The hold music is broken"}, "person"),
        ({"From": SYSTEMS["Teams"]["From"], "Content_Class": "MissedCall", **NO_RECORDING}, "automatic"),
        ({**SYSTEMS["Exchange"], "Subject": "FW: Voice message"}, "person"),
        ({**SYSTEMS["Exchange"], "Subject": "WG: Sprachnachricht"}, "person"),
        ({**SYSTEMS["Asterisk"], "In_Reply_To": "<1@acme.example>"}, "bulk"),
        ({**SYSTEMS["RFC 3458"], "Auto_Submitted": "auto-replied"}, "automatic"),
        ({**SYSTEMS["Teams"], "X_Spam_Flag": "YES"}, "spam"),
        ({"From": "Voicemail <voicemail@evil.example>", **NO_RECORDING}, "person"),
    ],
)
def test_what_only_looks_like_a_voice_message_is_what_it_was(fields: dict[str, str], label: str) -> None:
    mail = read(a_recording(**fields))
    assert kind(mail, ()).label == label
    assert by_telephone(mail) is None or label == "spam"


def left(**differences: Any) -> Mail:
    mail = read(a_recording(**SYSTEMS["Asterisk"]))
    return replace(mail, **differences)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk whose server vouches for its people."""
    team = a_team(people=(*a_team().people, ANA))
    return Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))


def test_a_voice_message_is_a_ticket_with_a_person_and_the_telephone_system_hears_nothing(desk: Desk) -> None:
    decision = desk.arrive(left(), (*INVOICE, *CALLED))
    assert (decision.outcome, decision.event) == (Outcome.TICKET, Event.LEFT_UNDECIDED)
    assert [kind for kind, _ in desk.written()] == ["assignment"]
    assert "/client ADDRESS" in str(desk.mail_of("assignment"))


def test_two_who_call_are_not_taken_for_one_client(desk: Desk) -> None:
    for number in (1, 2):
        desk.arrive(left(message_id=f"<{number}@pbx>", fingerprint=f"{number:064}"), (*INVOICE, *CALLED))
    assert [row.id for row in desk.rows("SELECT id FROM tickets")] == [1, 2]
    assert "/merge" not in str(desk.rows("SELECT * FROM offers"))


@pytest.mark.parametrize(
    ("name_caller", "reminded"), [("", None), ("/client bea@client.example\n", "bea@client.example")]
)
def test_reminders_go_to_the_caller_alone_once_somebody_has_named_them(
    desk: Desk, name_caller: str, reminded: str | None
) -> None:
    desk.arrive(left(), (*TECHNICAL, *CALLED))
    words = f"{name_caller}/waiting\nWhich printer is it?"
    answer = {"author": ANAS, "message_id": "<ana@acme.example>", "fingerprint": "3" * 64, "authentication": VOUCHED}
    desk.arrive(follow_up(desk.mail_of("assignment"), new_text=words, text=words, **answer))
    for day in range(1, 12):
        desk.pass_time(NOON + timedelta(days=day))
    assert {to for kind, to in desk.written() if kind == "client_reminder"} == ({reminded} if reminded else set())
    withheld = desk.rows("SELECT because FROM events WHERE event = 'acknowledgement_withheld'")
    assert len(withheld) == (1 if reminded else 3)
