"""Factories of the writing part: a voice, occasions, and a look at the message that comes out."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any, cast

from maild.mail.message import Address
from maild.process.ticket import Role
from maild.replies.compose import compose
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.reply import HouseMail, Occasion, Reply
from maild.replies.voice import Voice
from tests.support.making import NOON, a_desk, a_mail, a_team, a_ticket, categories, priorities

LANGUAGES = ("en", "de", "fr", "es")
BEA = Address(address="bea@client.example", name="Bea Kunde")
LENA = Address(address="lena@acme.example", name="Lena Lead")
TOKEN = "dbaf3k2aaaaaaa"


@cache
def loaded() -> Voice:
    return Voice.load(desk=a_desk(), priorities=priorities(), categories=categories(), team=a_team())


def a_voice(**differences: Any) -> Voice:
    return replace(loaded(), **differences)


def an_occasion(kind: str = "acknowledgement", **differences: Any) -> Occasion:
    is_to_client = KINDS[kind].audience == CLIENT
    occasion = Occasion(
        kind=kind,
        role=Role.CLIENT if is_to_client else Role.LEAD,
        recipient=BEA if is_to_client else LENA,
        ticket=a_ticket(),
        because=("the model found the words vpn, connect",),
        mail=a_mail(),
        is_proven=True,
        originals=(b"From: bea@client.example\r\nSubject: VPN is down\r\n\r\nThe VPN does not connect.\r\n",),
        in_reply_to="<question-1@client.example>",
        references=("<question-1@client.example>",),
        message_id=f"<t17.{TOKEN}@acme.example>",
        token=TOKEN,
        now=NOON,
    )
    return replace(occasion, **differences)


def about(subject: str, kind: str = "acknowledgement", **differences: Any) -> Occasion:
    return an_occasion(kind, ticket=a_ticket(subject=subject), mail=a_mail(subject=subject), **differences)


def opened(reply: Reply | HouseMail) -> EmailMessage:
    """The message as the standard library reads it; any defect of its own fails the test."""
    message = message_from_bytes(reply.content, policy=policy.default)
    assert not message.defects
    assert not [defect for value in message.values() for defect in value.defects]
    return message


def text_of(message: EmailMessage, subtype: str = "plain") -> str:
    body = message.get_body((subtype,))
    assert body is not None
    return cast("str", body.get_content())


def written(occasion: Occasion, **differences: Any) -> tuple[Reply, EmailMessage]:
    reply = compose(occasion, a_voice(**differences))
    return reply, opened(reply)
