"""The words of an office document (ISO/IEC 29500, ISO/IEC 26300): XML in a zip file, read within limits."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

MOST_OCTETS = 5_000_000
"""Of the document as it came."""

MOST_ENTRIES = 2_000
MOST_CHARACTERS = 300_000

_MAGIC, _ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_UNPACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_PARTS = re.compile(
    r"(?:word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)"
    r"|xl/(?:sharedStrings|comments\d*|worksheets/sheet\d+)"
    r"|ppt/(?:slides/slide|notesSlides/notesSlide|comments/\w*)\d*"
    r"|content)\.xml"
)
_ENDING = frozenset({"p", "h", "si", "br", "tab", "row", "tr", "tc", "table-cell", "line-break"})
"""Elements, by their local names, behind which another word begins; letters of one word may stand in several others."""


@dataclass(slots=True)
class Allowance:
    """What reading the files of one mail may still cost, together."""

    octets: int = 3_000_000
    """Of XML, however much more a document would unpack to; and of attached mails."""


class _Enough(Exception):
    """More of the document is not read."""


def is_document(content: bytes) -> bool:
    """Whether it may be one, whatever its mail calls it."""
    return content.startswith(_MAGIC)


def read_document(content: bytes, allowance: Allowance) -> str:
    """All its words, with comments, notes and what was deleted with changes being tracked; empty where it cannot be read."""
    if len(content) > MOST_OCTETS or content.count(_ENTRY) > MOST_ENTRIES:
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(_read(archive, allowance))[:MOST_CHARACTERS]
    except Exception:
        return ""  # broken, encrypted, no document at all: whatever a stranger has made of it


def _read(archive: zipfile.ZipFile, allowance: Allowance) -> Iterator[str]:
    seen: set[int] = set()
    for entry in archive.infolist():
        if (
            allowance.octets <= 0
            or entry.header_offset in seen
            or not _PARTS.fullmatch(entry.filename)
            or entry.compress_type not in _UNPACKED
        ):
            continue
        try:
            opened = archive.open(entry)
        except zipfile.BadZipFile:
            continue  # it overlaps another, which newer Pythons refuse, or is not what the directory says: the others can be read
        with opened as part:
            xml = part.read(allowance.octets)
        seen.add(entry.header_offset)
        allowance.octets -= len(xml) + entry.compress_size
        yield _words(xml)


def _words(xml: bytes) -> str:
    """What stands between the tags; nothing of a document that declares entities, as none of these does."""
    found: list[str] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        found.clear()
        raise _Enough

    def end(name: str) -> None:
        if name.rpartition(":")[2] in _ENDING:
            found.append("\n")

    parser.StartDoctypeDeclHandler = refuse
    parser.CharacterDataHandler = found.append
    parser.EndElementHandler = end
    with suppress(expat.ExpatError, _Enough):  # it was cut, or is broken: what came before counts
        parser.Parse(xml, True)
    return "".join(found)
