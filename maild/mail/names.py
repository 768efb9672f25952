"""File names of attachments, made safe on any system."""

import mimetypes
import re
import unicodedata

from maild.mail.words import decode_words, restore

NAME_OCTETS = 180
"""Of the UTF-8 form; file systems allow 255, and programs add endings of their own."""

ENDING_OCTETS = 16
"""A longer "ending" is a dot in a sentence."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_RESERVED = re.compile(
    r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])\s*(?:\.|\Z)"
)
_PATH = re.compile(r"[\\/]")
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "application/pgp-signature": ".asc",
    "application/ms-tnef": ".dat",
    "image/jpeg": ".jpg",
}


def safe_name(written: str, media_type: str, position: int) -> str:
    """Make a file name: no path, no control or direction marks, no device, at most NAME_OCTETS octets.

    A part without a usable name gets `attachment-<position>` with the ending of its media type: alike at each reading.
    """
    name = decode_words(restore(written))
    name = _PATH.split(name.rstrip("\\/ "))[-1]
    name = unicodedata.normalize("NFC", "".join(letter for letter in name if _is_harmless(letter)))
    name = _FORBIDDEN.sub("_", name).strip(" .")
    if not name.strip("_ ."):
        return f"attachment-{position}{_extension(media_type)}"
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shorten(name)


def _is_harmless(letter: str) -> bool:
    """Format marks (RTL override, zero width) and code points that are no letters change what a person sees."""
    return unicodedata.category(letter) not in {"Cf", "Cs", "Co", "Cn"}


def _extension(media_type: str) -> str:
    return _EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"


def _shorten(name: str) -> str:
    """Cut the middle, keep the ending: it says what the file is."""
    if len(name.encode()) <= NAME_OCTETS:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > ENDING_OCTETS:
        stem, dot, ending = name, "", ""
    room = NAME_OCTETS - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + ending
