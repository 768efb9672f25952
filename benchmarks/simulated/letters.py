"""Letters: what people's mail clients make of the words that they write."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape
from typing import Literal

Shape = Literal["gmail", "outlook", "apple", "thunderbird", "mutt", "mobile"]
SHAPES: tuple[Shape, ...] = ("gmail", "outlook", "apple", "thunderbird", "mutt", "mobile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail of the desk as its recipient sees it."""

    message: EmailMessage
    text: str
    kind: str
    """What the desk calls it; people know it by reading."""

    at: datetime

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    @property
    def html(self) -> str:
        """The part that most mail clients show."""
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody writes."""

    name: str
    address: str
    to: str
    subject: str
    words: str
    message_id: str
    at: datetime
    """In the author's time zone."""

    shape: Shape = "gmail"
    cc: str = ""
    answers: Received | None = None
    """The mail that it answers, and quotes."""

    fields: tuple[tuple[str, str], ...] = ()
    """Further header fields, the first one on top."""


def source_of(letter: Letter) -> bytes:
    """The message as the author's mail client submits it."""
    message = EmailMessage(policy=SMTP)
    for name, value in letter.fields:
        message[name] = value
    message["From"] = formataddr((letter.name, letter.address))
    message["To"] = letter.to
    if letter.cc:
        message["Cc"] = letter.cc
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.message_id
    if letter.answers is not None:
        _thread(message, letter, letter.answers)
    _write(message, letter)
    return message.as_bytes()


def _thread(message: EmailMessage, letter: Letter, answered: Received) -> None:
    message["In-Reply-To"] = answered.message_id
    earlier = str(answered.message["References"] or "").split()
    # Phones of some makers name only the mail that they answer.
    references = [answered.message_id] if letter.shape == "mobile" else [*earlier, answered.message_id]
    message["References"] = " ".join(references)


def _write(message: EmailMessage, letter: Letter) -> None:
    text = letter.words + _signature(letter) + (_quote(letter, letter.answers) if letter.answers else "")
    message.set_content(text + "\n", cte="quoted-printable")
    if letter.shape in {"gmail", "outlook", "apple"}:
        message.add_alternative(_html(letter), subtype="html", cte="quoted-printable")


def _signature(letter: Letter) -> str:
    match letter.shape:
        case "mobile":
            return "\n\nSent from my iPhone"
        case "mutt" | "thunderbird":
            return f"\n\n-- \n{letter.name}\n{letter.address}"
        case _:
            return f"\n\n{letter.name}"


def _quote(letter: Letter, answered: Received) -> str:
    author = str(answered.message["From"])
    lines = answered.text.rstrip().splitlines()
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    at = answered.at
    match letter.shape:
        case "outlook":
            return f"\n\n{'_' * 32}\n{_head(letter, answered, author)}\n\n" + "\n".join(lines)
        case "apple" | "mobile":
            return f"\n\n> On {at.day} {at:%b %Y}, at {at:%H:%M}, {author} wrote:\n> \n{quoted}"
        case "thunderbird":
            name = author.partition("<")[0].strip().strip('"')
            return f"\n\nOn {at:%d.%m.%y} {at:%H:%M}, {name} wrote:\n{quoted}"
        case "mutt":
            return f"\n\nOn {at:%a, %b %d, %Y} at {at:%I:%M:%S%p} +0200, {author} wrote:\n{quoted}"
        case _:
            return f"\n\nOn {at:%a, %d %b %Y} at {at:%H:%M}, {author} wrote:\n\n{quoted}"


def _head(letter: Letter, answered: Received, author: str) -> str:
    return (
        f"From: {author}\nSent: {answered.at:%A, %B %d, %Y %I:%M %p}\nTo: {formataddr((letter.name, letter.address))}\n"
        f"Subject: {answered.message['Subject']}"
    )


def _html(letter: Letter) -> str:
    own = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in letter.words.split("\n"))
    if letter.answers is None:
        return f"<html><body>{own}<div><br></div><div>{escape(letter.name)}</div></body></html>"
    inner, author = letter.answers.html, escape(str(letter.answers.message["From"]))
    body = inner.partition("<body")[2].partition(">")[2].rpartition("</body>")[0] or escape(letter.answers.text)
    stamp = f"{letter.answers.at:%a, %d %b %Y at %H:%M}"
    quotes = {
        "gmail": f'<div class="gmail_quote"><div class="gmail_attr">On {stamp}, {author} wrote:<br></div>'
        f'<blockquote class="gmail_quote">{body}</blockquote></div>',
        "outlook": '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg">'
        f"{escape(_head(letter, letter.answers, str(letter.answers.message['From']))).replace(chr(10), '<br>')}</div>{body}",
        "apple": f'<br><blockquote type="cite">On {stamp}, {author} wrote:<br><br>{body}</blockquote>',
    }
    return f"<html><body>{own}<div><br></div><div>{escape(letter.name)}</div>{quotes[letter.shape]}</body></html>"
