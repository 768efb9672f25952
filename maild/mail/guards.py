"""Counts what a source would cost, over its bytes, before any library reads it."""

import re
from dataclasses import dataclass

from maild.errors import Unreadable
from maild.mail.message import Limits

MIME_FIELD_OCTETS = 65_536
MIME_PARAMETERS = 300
"""The library's parameter parser takes quadratic time; no mail client writes more than a dozen."""

_HEADER = re.compile(rb"(?:\r\n|\r|\n)?((?:(?:From |[\x21-\x39\x3b-\x7e]*:|[ \t])[^\r\n]*(?:\r\n|\r|\n|\Z))*)")
_MIME_FIELD = re.compile(rb"\n(content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*)")
_CONTENT_TYPE = re.compile(rb"\ncontent-type[ \t]*:\s*([a-z0-9.+-]+)/([a-z0-9.+-]+)")
"""Both of `_plain` blocks: only what begins with the very letters is found without a try at each place."""

_BOUNDARY = re.compile(rb'(?i)[;\s]boundary\s*=\s*(?:"([^"\r\n]*)"|([^\s;"]+))')
_DELIMITER = re.compile(rb"\n--([^\r\n]*)")
_DELIMITER_AFTER_ANY_LINE_END = re.compile(rb"[\r\n]--([^\r\n]*)")
"""Seven times slower: only for the odd mail whose lines end in a bare CR."""

_EMPTY_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?=[\r\n])")
"""Ends a block of a delivery report (RFC 3464 2.1.2), of which the parser makes a part each."""


@dataclass(slots=True)
class _Level:
    """One multipart (with its boundary) or one attached message (without)."""

    boundary: bytes | None
    is_digest: bool = False


def check(source: bytes, limits: Limits) -> None:
    """Raise Unreadable, with the limit that it breaks, for a source that would cost too much; linear in its size."""
    if len(source) > limits.source_bytes:
        raise Unreadable(
            f"The mail has {len(source):,} octets; at most {limits.source_bytes:,} are read ([limits] source_bytes). "
            "It is stored and held."
        )
    _Structure(source, limits).walk()


class _Structure:
    """Follows boundaries and header blocks as the parser would, and keeps count."""

    def __init__(self, source: bytes, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.levels: list[_Level] = []
        self.parts = 0
        has_bare_cr = source.count(b"\r") != source.count(b"\r\n")
        self.delimiter = _DELIMITER_AFTER_ANY_LINE_END if has_bare_cr else _DELIMITER

    def walk(self) -> None:
        """Visit each part's header block once."""
        position = self._open(0, is_digest=False)
        while any(level.boundary is not None for level in self.levels):
            found = self.delimiter.search(self.source, position)
            if found is None:
                return
            position = self._cross(found.group(1), found.end())

    def _cross(self, delimiter: bytes, position: int) -> int:
        """Go over one line that starts with `--`; returns where to read on."""
        line = delimiter.rstrip(b" \t")
        for index, level in enumerate(self.levels):
            if level.boundary is None:
                continue
            if line == level.boundary:
                del self.levels[index + 1 :]
                return self._open(position, is_digest=level.is_digest)
            if line == level.boundary + b"--":
                del self.levels[index:]
                return position
        return position

    def _open(self, position: int, *, is_digest: bool) -> int:
        """Read the header block of a part, and of the messages that it is wrapped in."""
        while True:
            self.parts += 1
            block, position = self._block(position)
            kind = _CONTENT_TYPE.search(_plain(block))
            maintype, subtype = kind.groups() if kind else (b"text", b"plain")
            is_status = maintype == b"message" and subtype == b"delivery-status"
            is_message = maintype == b"message" and not is_status
            if is_message or (is_digest and kind is None):
                self._descend(_Level(None))
                is_digest = False
                continue
            if maintype == b"multipart" and (boundary := _BOUNDARY.search(block)):
                self._descend(_Level(boundary.group(1) or boundary.group(2) or b"", subtype == b"digest"))
            if is_status:
                self._count_blocks(position)
            return position

    def _count_blocks(self, position: int) -> None:
        """Count the blocks of a delivery report, which ends with the multipart's next boundary."""
        lines = self.delimiter.finditer(self.source, position)
        end = next((line.start() for line in lines if self._is_boundary(line.group(1))), len(self.source))
        for _ in _EMPTY_LINE.finditer(self.source, position, end):
            self.parts += 1
            if self.parts > self.limits.parts:
                raise Unreadable(
                    f"The mail is a delivery report of more than {self.limits.parts:,} blocks ([limits] parts). It is held."
                )

    def _is_boundary(self, delimiter: bytes) -> bool:
        line = delimiter.rstrip(b" \t")
        known = [level.boundary for level in self.levels if level.boundary is not None]
        return any(line in {boundary, boundary + b"--"} for boundary in known)

    def _descend(self, level: _Level) -> None:
        self.levels.append(level)
        if len(self.levels) > self.limits.depth:
            raise Unreadable(
                f"The mail has parts within parts, more than {self.limits.depth} deep ([limits] depth). It is held."
            )

    def _block(self, position: int) -> tuple[bytes, int]:
        """Take one header block and check it; also returns where the text behind it starts, its blank line included."""
        if self.parts > self.limits.parts:
            raise Unreadable(f"The mail has more than {self.limits.parts:,} parts ([limits] parts). It is held.")
        found = _HEADER.match(self.source, position)
        block = found.group(1) if found else b""
        self._check_header(block)
        for field in _MIME_FIELD.finditer(_plain(block)):
            value = field.group(1)
            if len(value) > MIME_FIELD_OCTETS or value.count(b";") > MIME_PARAMETERS:
                raise Unreadable("A Content-Type or Content-Disposition field is absurdly long. The mail is held.")
        return block, found.end() if found else position

    def _check_header(self, block: bytes) -> None:
        if len(block) > self.limits.header_bytes:
            raise Unreadable(
                f"The header fields have {len(block):,} octets; at most {self.limits.header_bytes:,} are read "
                "([limits] header_bytes). The mail is held."
            )
        fields = sum(1 for line in block.splitlines() if line[:1] not in {b" ", b"\t"})
        if fields > self.limits.header_fields:
            raise Unreadable(
                f"The mail has {fields:,} header fields; at most {self.limits.header_fields:,} are read "
                "([limits] header_fields). It is held."
            )


def _plain(block: bytes) -> bytes:
    """A header block in lower case, each of its lines behind a line end."""
    return b"\n" + block.lower()
