"""winmail.dat of Outlook (MS-OXTNEF): its text and the files in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from maild.mail.charsets import decode

MEDIA_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
SIGNATURE = b"\x78\x9f\x3e\x22"
FILES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Winmail:
    """What was in it."""

    text: str = ""
    html: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    """Name as it was written, and content."""


def is_winmail(media_type: str, name: str) -> bool:
    """Tell by type or name: some gateways change one of them."""
    return media_type in MEDIA_TYPES or name.lower() == "winmail.dat"


def open_winmail(content: bytes) -> Winmail | None:
    """Decode it; None where it is not TNEF or broken beyond reading."""
    if not content.startswith(SIGNATURE):
        return None
    from tnefparse import TNEF

    try:
        decoded = TNEF(content, do_checksum=False)
        return Winmail(
            text=_text(getattr(decoded, "body", None), _codepage(decoded)),
            html=_text(getattr(decoded, "htmlbody", None), _codepage(decoded)),
            files=tuple(_file(attachment) for attachment in _first(decoded.attachments)),
        )
    except Exception:
        # The format has no end of broken writers, and the library raises whatever its struct and index calls raise.
        return None


def _codepage(decoded: object) -> str | None:
    codepage = getattr(decoded, "codepage", None)
    return str(getattr(codepage, "codec", "") or "") or None


def _text(value: object, codepage: str | None) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        value = decode(value, codepage)[0]
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _first(attachments: Iterable[object]) -> list[object]:
    return list(attachments)[:FILES]


def _file(attachment: object) -> tuple[str, bytes]:
    content = getattr(attachment, "data", b"")
    if isinstance(content, list):
        content = b"".join(piece for piece in content if isinstance(piece, bytes))
    return _name(attachment), content if isinstance(content, bytes) else b""


def _name(attachment: object) -> str:
    """Outlook writes a long name and one of eight letters and three."""
    for attribute in ("long_filename", "name"):
        name = _text(_value(attachment, attribute), None)
        if name:
            return name
    return ""


def _value(attachment: object, attribute: str) -> object:
    """Read it; the library decodes names as it hands them out, and raises where they are not what it takes them for."""
    try:
        value = getattr(attachment, attribute)
        return value() if callable(value) else value
    except (UnicodeError, AttributeError, TypeError):
        return None
