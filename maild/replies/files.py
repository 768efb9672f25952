"""Files as parts of a message (RFC 2045, 2183, 2231)."""

import base64
import re
from urllib.parse import quote

from maild.mail.contents import File

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_UNKNOWN = "application/octet-stream"
_NAME = re.compile(r"[A-Za-z0-9 ._()+-]{1,60}")
_PIECE = 50
"""Characters of a name in one parameter: a line stays below 78."""

_WORD_OCTETS = 39
"""Of a name in one encoded word: 52 letters of base64."""


def file_part(file: File) -> bytes:
    """The file with its fields, in base64, CRLF and 7-bit."""
    octets = base64.encodebytes(file.content).replace(b"\n", b"\r\n")
    fields = (
        f"Content-Type: {_media_type(file.attachment.media_type)}{_also_named(file.attachment.name)}\r\n"
        f"Content-Disposition: attachment;\r\n {_filename(file.attachment.name)}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return fields.encode("ascii") + octets


def _media_type(written: str) -> str:
    """As it came, if it is one; messages and multiparts must not be encoded (RFC 2046 5.2.1, RFC 2045 6.4)."""
    if not _TYPE.fullmatch(written) or written.startswith(("message/", "multipart/")):
        return _UNKNOWN
    return written


def _also_named(name: str) -> str:
    """The name in encoded words, where it is more than plain letters: Outlook and Notes know no other way (not RFC 2231)."""
    if _NAME.fullmatch(name) or "@" in name:
        return ""  # an address must be found again where its owner is forgotten
    pieces = [""]
    for letter in name:
        if len((pieces[-1] + letter).encode("utf-8", "replace")) > _WORD_OCTETS:
            pieces.append("")
        pieces[-1] += letter
    encoded = (base64.b64encode(piece.encode("utf-8", "replace")).decode("ascii") for piece in pieces)
    return ';\r\n name="' + "\r\n ".join(f"=?utf-8?B?{word}?=" for word in encoded) + '"'


def _filename(name: str) -> str:
    if _NAME.fullmatch(name):
        return f'filename="{name}"'
    encoded = quote(name, safe="!#$&+-.^_`|~", errors="replace")
    pieces = re.findall(rf".{{1,{_PIECE - 3}}}(?:%[0-9A-F]{{2}}|%?$|(?<!%)(?<!%.))", encoded) or [encoded]
    if len(pieces) == 1:
        return f"filename*=utf-8''{encoded}"
    first, *more = pieces
    numbered = [f"filename*0*=utf-8''{first}", *(f"filename*{at}*={piece}" for at, piece in enumerate(more, 1))]
    return ";\r\n ".join(numbered)
