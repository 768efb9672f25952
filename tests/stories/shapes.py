"""The shapes of mail clients: answers as they write them, taken from real mails of theirs (tests/mails/talon)."""

from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from functools import partial
from html import escape
from itertools import count

from tests.support.making import NOON
from tests.support.places import MAILS
from tests.support.relays import html_of, text_of

TALON = MAILS / "talon"
_OWN, _QUOTED = "Hello", "Hi"
"""What the authors of talon's plain replies wrote, and what they had been asked."""

_OWN_HTML = ("Hi. I am fine.", "Thanks,", "Alex")
_QUOTED_HTML = "Hello! How are you?"
_numbers = count(1)

Written = tuple[str, str]
"""Plain text and HTML; one may be empty."""


def _of_eml(name: str, words: str, told: EmailMessage) -> Written:
    """A whole mail: its own words and what it quotes are changed, all else stays."""
    mail = message_from_bytes((TALON / "standard_replies" / f"{name}.eml").read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return (
        _in_plain(str(plain.get_content()), words, told) if plain else "",
        _in_html(str(html.get_content()), words, told) if html else "",
    )


def _in_plain(text: str, words: str, told: EmailMessage) -> str:
    quoted = "\n".join(f"> {line}" for line in text_of(told).splitlines())
    lines = text.replace("\r\n", "\n").replace(_OWN, words, 1).split("\n")
    return "\n".join(quoted if line.strip() == f"> {_QUOTED}" else line for line in lines)


def _in_html(html: str, words: str, told: EmailMessage) -> str:
    own, found, rest = html.partition(_OWN)
    assert found
    before, quote, after = rest.rpartition(_QUOTED)
    return "".join((own, _broken(words), before, html_of(told) if quote else "", after))


def _of_html(name: str, words: str, told: EmailMessage) -> Written:
    """Only the HTML of a mail; the two lines below its own words are taken out."""
    html = (TALON / "html_replies" / f"{name}.html").read_text("utf-8")
    for was, now in zip(_OWN_HTML, (_broken(words), "", ""), strict=True):
        assert was in html
        html = html.replace(was, now, 1)
    return "", html.replace(_QUOTED_HTML, html_of(told), 1)


def _broken(words: str) -> str:
    return escape(words).replace("\n", "<br>\n")


def _terminal(words: str, told: EmailMessage) -> Written:
    """Words below what they answer, as mutt and pine are used; the rest of the quote is cut off, as there it is."""
    quoted = "\n".join(f"> {line}" for line in text_of(told).splitlines()[:12])
    return f"* Acme Support <support@acme.example> [2026-11-23 13:00]:\n{quoted}\n\n{words}\n-- \nThe author\n", ""


SHAPES: Mapping[str, Callable[[str, EmailMessage], Written]] = {
    "gmail": partial(_of_eml, "gmail"),
    "outlook": partial(_of_html, "ms_outlook_2010"),
    "apple": partial(_of_eml, "apple_mail"),
    "thunderbird": partial(_of_html, "thunderbird"),
    "mobile": partial(_of_eml, "iphone"),
    "terminal": _terminal,
}
"""Name of a mail client to what it makes of words that answer a mail."""


def in_shape(shape: str, to: EmailMessage, words: str, **fields: str) -> bytes:
    """The answer to this mail that the mail client writes; `X_Name="..."` is a field, and an empty value leaves one out."""
    plain, html = SHAPES[shape](words, to)
    mail = EmailMessage(policy=default)
    usual = {
        "To": str(to["Reply-To"] or to["From"]),
        "Subject": f"Re: {to['Subject']}",
        "Message-ID": f"<{shape}-{next(_numbers)}@clients.example>",
        "Date": format_datetime(NOON),
        "In-Reply-To": str(to["Message-ID"]),
        "References": f"{to['References'] or ''} {to['Message-ID']}".strip().replace("\n", " "),
    }
    for name, value in {**usual, **{key.replace("_", "-"): value for key, value in fields.items()}}.items():
        if value:
            mail[name] = value
    if plain:
        mail.set_content(plain)
    if plain and html:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    return mail.as_bytes(policy=default.clone(linesep="\r\n"))
