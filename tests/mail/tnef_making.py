"""A winmail.dat written by hand (MS-OXTNEF 2.1): signature, codepage, body, one attribute group a file."""

import struct
from collections.abc import Mapping

SIGNATURE = 0x223E9F78
MESSAGE, ATTACHMENT = 1, 2
VERSION, CODEPAGE, BODY = (0x9006, 8), (0x9007, 6), (0x800C, 2)
RENDERING, TITLE, CONTENT = (0x9002, 6), (0x8010, 1), (0x800F, 6)


def a_winmail(text: str, files: Mapping[str, bytes]) -> bytes:
    """Text and files as Outlook would wrap them, in code page 1252."""
    written = struct.pack("<IH", SIGNATURE, 1)
    written += _attribute(MESSAGE, VERSION, struct.pack("<I", 0x10000))
    written += _attribute(MESSAGE, CODEPAGE, struct.pack("<II", 1252, 0))
    if text:
        written += _attribute(MESSAGE, BODY, text.encode("cp1252") + b"\0")
    for name, content in files.items():
        written += _attribute(ATTACHMENT, RENDERING, bytes(14))
        written += _attribute(ATTACHMENT, TITLE, name.encode("cp1252") + b"\0")
        written += _attribute(ATTACHMENT, CONTENT, content)
    return written


def _attribute(level: int, kind: tuple[int, int], content: bytes) -> bytes:
    name, form = kind
    return struct.pack("<BHHI", level, name, form, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
