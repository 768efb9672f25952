"""What a mail looks like: one HTML page for a person to open, which runs and fetches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from maild.mail.message import Address, Limits, Mail
from maild.mail.reading import read_html
from maild.mail.worker import Readable

_NOTHING_FETCHED = "default-src 'none'; style-src 'unsafe-inline'"
"""For browsers (Content Security Policy, level 3), should a way to fetch something ever be left in."""

_STYLE = "body{font-family:sans-serif;max-width:60rem;margin:2rem auto}pre{white-space:pre-wrap}th{text-align:left}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Gives the page of each mail that has been parsed (`mail.worker.Then`)."""

    limits: Limits

    def prepare(self) -> None:
        """Nothing is loaded ahead."""

    def __call__(self, mails: Sequence[Readable], /) -> list[str]:
        """A page for each."""
        return [page(mail, read_html(source, self.limits)) for mail, source in mails]


def page(mail: Mail, html: str | None) -> str:
    """The whole document: the fields that people read, then `html`, which is safe, or the text where there is none."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FETCHED}">'
    return "\n".join(
        (
            f'<!doctype html><html><head><meta charset="utf-8">{policy}',
            f"<title>{escape(mail.subject)}</title><style>{_STYLE}</style></head><body>",
            f"<table>{''.join(_row(name, value) for name, value in _fields(mail).items() if value)}</table><hr>",
            html or f"<pre>{escape(mail.text)}</pre>",
            "</body></html>\n",
        )
    )


def _fields(mail: Mail) -> dict[str, str]:
    return {
        "From": _named(mail.author) if mail.author else "",
        "To": ", ".join(map(_named, mail.to)),
        "Cc": ", ".join(map(_named, mail.cc)),
        "Date": f"{mail.written_at:%Y-%m-%d %H:%M %z}" if mail.written_at else "",
        "Subject": mail.subject,
        "Files": ", ".join(attachment.name for attachment in mail.attachments),
    }


def _named(address: Address) -> str:
    return f"{address.name} <{address.address}>" if address.name else address.address


def _row(name: str, value: str) -> str:
    return f"<tr><th>{name}</th><td>{escape(value)}</td></tr>"
