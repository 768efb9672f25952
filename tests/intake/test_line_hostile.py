"""What a hostile header does to the line: it is decided or held, and the mail behind it is taken in."""

import random

import pytest

from maild.intake.line import Intake
from tests.support.intakes import lay_down, look
from tests.support.mail_making import a_source

CHANCE = random.Random(2)


def letters(number: int) -> str:
    """Letters of three octets that no compression makes short."""
    return "".join(chr(CHANCE.randint(0x4E00, 0x9FFF)) for _ in range(number))


HOSTILE = {
    "a Message-ID that no index takes": a_source(Message_ID=f"<{letters(880)}@x.example>"),
    "references that no index takes": a_source(References=" ".join(f"<{letters(880)}@x.example>" for _ in range(9))),
    "a parent that no index takes": a_source(In_Reply_To=f"<{letters(880)}@x.example>"),
    "an author that no column takes": a_source(From=f"<{'ΐ' * 300}@client.example>"),
    "NUL everywhere": a_source(
        Message_ID="<n\0@x>", Subject="a\0b", From="A\0 <a\0@b.example>", Reply_To="\0@b.example"
    ),
    "lone surrogates": a_source(From="=?utf-8?q?a=ED=A0=80b?= <a@client.example>", Subject="=?utf-8?q?=ED=A0=80?="),
    "no subject": a_source(Subject=""),
    "a subject of 200 kB": a_source(Subject="x" * 200_000),
    "a subject of many words": a_source(Subject="word " * 40_000),
    "a subject of many answers": a_source(Subject="Re: " * 50_000),
    "a subject of many tickets": a_source(Subject="[T-1]" * 40_000),
    "a ticket that cannot be": a_source(Subject="[T-999999999999] [T-0]"),
    "its own reference": a_source(In_Reply_To="<1@client.example>", References="<1@client.example>"),
    "2,000 parentheses": a_source(From="(" * 2_000 + "a@b.example"),
    "a date at the end of time": a_source(Date="Fri, 31 Dec 9999 23:59:59 -1200"),
    "a date before time": a_source(Date="Mon, 01 Jan 0001 00:00:00 +1400"),
    "the desk's own address": a_source(From="support@acme.example"),
    "the desk's address with a token": a_source(From="support+t1.aaaaaaaaaaaaaa@acme.example"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_stops_no_other(intake: Intake, name: str) -> None:
    honest = a_source(Message_ID="<honest@client.example>", Subject="The other printer", From="bea@client.example")
    lay_down(intake.store, HOSTILE[name], honest)
    assert intake.take_in_all() == 2
    outcomes = [str(row[0]) for row in look(intake.store, "SELECT outcome FROM mails ORDER BY id")]
    assert outcomes[0] in {"ticket", "held"}
    assert outcomes[1] == "ticket"
    assert look(intake.store, "SELECT because FROM mails WHERE because LIKE '%maild failed on it%'") == []


def test_capitals_in_an_address_make_no_second_person(intake: Intake) -> None:
    lay_down(intake.store, a_source(From="ANA@CLIENT.EXAMPLE"))
    lay_down(intake.store, a_source(Message_ID="<2@x>", In_Reply_To="<1@client.example>", Subject="Re: it"))
    intake.take_in_all()
    assert look(intake.store, "SELECT outcome FROM mails ORDER BY id") == [("ticket",), ("follow_up",)]
    assert look(intake.store, "SELECT recipient FROM outbox WHERE audience = 'client'") == [("ANA@client.example",)]
