"""The header fields of a reply: from whom, to whom, in which thread, and that no person wrote it."""

from dataclasses import replace
from email.utils import format_datetime

from maild.replies.headers import address_field, addresses_field, id_field, text_field, thread
from maild.replies.kinds import KINDS
from maild.replies.reply import Occasion
from maild.replies.reply_address import reply_address
from maild.replies.scene import recipient_name
from maild.replies.voice import Voice


def header_fields(occasion: Occasion, voice: Voice, *, subject: str, topic: str, language: str) -> bytes:
    """All fields but those of MIME's content, in CRLF and 7-bit."""
    kind, desk = KINDS[occasion.kind], voice.desk
    lines = (
        f"Date: {format_datetime(occasion.now.astimezone(voice.zone))}\r\n",
        address_field("From", _author(occasion, desk.name), desk.address),
        *_recipients(occasion),
        # Outlook keeps a conversation together by its topic, and only if that stands before the subject
        # (MS-OXCMAIL 2.2.3.2.7).
        text_field("Thread-Topic", topic),
        text_field("Subject", subject),
        id_field("Message-ID", [occasion.message_id]),
        id_field("In-Reply-To", [occasion.in_reply_to] if occasion.in_reply_to else ()),
        id_field("References", thread(occasion.references, occasion.in_reply_to)),
        address_field("Reply-To", desk.name, reply_address(occasion, voice)) if desk.subaddress else "",
        f"Auto-Submitted: {kind.auto_submitted}\r\nX-Auto-Response-Suppress: {kind.suppress}\r\n"
        if kind.auto_submitted
        else "",
        # Precedence is absent on purpose: bulk keeps mail from being seen, and RFC 3834 marks say more.
        f"Content-Language: {language}\r\n",
        "MIME-Version: 1.0\r\n",
    )
    return "".join(lines).encode("ascii")


def _author(occasion: Occasion, desk: str) -> str:
    """Whose words it carries, by way of the desk."""
    is_by_person = KINDS[occasion.kind].is_relay and occasion.author_name
    return f"{occasion.author_name} via {desk}" if is_by_person else desk


def _recipients(occasion: Occasion) -> tuple[str, ...]:
    """To and Cc as they are: each gets a mail of their own, and all fields name all of the client's side."""
    if not occasion.conversation:
        return (address_field("To", recipient_name(occasion), occasion.recipient.address),)
    client, *others = (replace(occasion, recipient=each) for each in occasion.conversation)
    to = address_field("To", recipient_name(client), client.recipient.address)
    cc = [(recipient_name(each), each.recipient.address) for each in others]
    return (to, addresses_field("Cc", cc)) if cc else (to,)


def envelope_sender(voice: Voice) -> str:
    """The SMTP reverse-path (RFC 5321 4.5.5)."""
    return "" if voice.null_sender else voice.desk.address
