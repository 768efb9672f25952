"""Mails made for one test each: a valid one, and the difference."""

from maild.mail.message import Limits, Mail
from maild.mail.reading import parse

LANGUAGES = ("en", "de", "fr", "es")
LIMITS = Limits()


def a_source(body: str | bytes = "Hello\n", **fields: str | bytes) -> bytes:
    """Write a mail; `content_type="..."` is a Content-Type field, and an empty value leaves a field out."""
    written: dict[str, str | bytes] = {
        "From": "Ana Ruiz <ana@client.example>",
        "To": "support@desk.example",
        "Subject": "The printer is on fire",
        "Date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "Message-ID": "<1@client.example>",
        "MIME-Version": "1.0",
    }
    names = {name.lower().replace("-", "_"): name for name in written}
    for name, value in fields.items():
        written[names.get(name.lower(), name.replace("_", "-"))] = value
    lines = [name.encode() + b": " + _octets(value) for name, value in written.items() if value]
    return b"\r\n".join(lines) + b"\r\n\r\n" + _octets(body)


def read(source: bytes, limits: Limits = LIMITS) -> Mail:
    """Parse in this process."""
    return parse(source, limits, LANGUAGES)


def a_mail(body: str | bytes = "Hello\n", **fields: str | bytes) -> Mail:
    """Write and parse."""
    return read(a_source(body, **fields))


def a_multipart(*parts: str | bytes, subtype: str = "mixed", boundary: str = "b") -> bytes:
    """Write a multipart mail; each part brings its own fields, a blank line and its body."""
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + _octets(part) + b"\r\n" for part in parts)
    return a_source(
        body + b"--" + boundary.encode() + b"--\r\n", content_type=f'multipart/{subtype}; boundary="{boundary}"'
    )


def _octets(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
