"""A mail to the house about no one ticket, rendered: in the desk's own language, from words in blocks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import TypeVar

from maild.mail.message import Address
from maild.replies.blocks import read_blocks
from maild.replies.headers import address_field, id_field, text_field
from maild.replies.layout import in_html, in_text
from maild.replies.mime import body
from maild.replies.reply import HouseMail
from maild.replies.voice import Voice
from maild.replies.words import colon

Words = TypeVar("Words")

# As of other mails to the house: no answer is wanted but the date of return.
_MARKS = "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: DR, RN, NRN, AutoReply\r\n"


def own_language(voice: Voice, words: Mapping[str, Words]) -> tuple[str, Words]:
    """Choose the desk's first language that there are words in, and give both."""
    language = next((code for code in voice.desk.languages if code in words), "en")
    return language, words[language]


def compose_from_desk(
    voice: Voice,
    paragraphs: Iterable[str],
    *,
    language: str,
    subject: str,
    recipient: Address,
    message_id: str,
    now: datetime,
) -> HouseMail:
    """Write a mail whose subject begins with the desk's name, and that ends with it."""
    name = voice.desk.name
    return render(
        voice,
        language=language,
        subject=f"{name}{colon(language)} {subject}",
        words="\n\n".join((*paragraphs, f"--\n{name}\n")),
        recipient=recipient,
        message_id=message_id,
        now=now,
    )


def render(
    voice: Voice, *, language: str, subject: str, words: str, recipient: Address, message_id: str, now: datetime
) -> HouseMail:
    """Write the mail. An answer to it is about no ticket: it carries no token but those of its taps."""
    blocks, desk = read_blocks(words), voice.desk
    text = in_text(blocks, language=language)
    html = in_html(blocks, voice.templates.layout, {"desk": desk.name, "number": ""}, language=language)
    fields = (
        f"Date: {format_datetime(now.astimezone(voice.zone))}\r\n",
        address_field("From", desk.name, desk.address),
        address_field("To", recipient.name, recipient.address),
        text_field("Subject", subject),
        id_field("Message-ID", [message_id]),
        _MARKS,
        f"Content-Language: {language}\r\nMIME-Version: 1.0\r\n",
    )
    content = "".join(fields).encode("ascii") + body(text, html, originals=(), seed=message_id)
    return HouseMail(subject=subject, text=text, content=content)
