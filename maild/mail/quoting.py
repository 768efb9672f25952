"""What the author wrote now, cut out of what they quote; a view, nothing is deleted by it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from maild.mail.attributions import (
    NOTES_LINES,
    is_attribution,
    is_notes_head,
    is_separator,
    is_undated,
    label_kind,
    may_start,
    names_author,
)
from maild.mail.signatures import without_signature

REPLY_DELIMITER = "--^--^--"
"""Stands in the first line of each mail to a client, words in their language around it."""

CHARACTERS = 200_000
"""Read of a text; what stands behind is quoted for certain."""

ATTRIBUTION_LINES = 4
LABELS = 3
LABEL_LINES = 10
"""Long ones wrap, and some clients put a blank line after each."""

_MARK = ">"
_QUOTED = re.compile(r"^\s{0,3}>")
_RULE = " \t*_>=-\u2013\u2014"
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Lines that follow one another, all quoted or all the author's own."""

    lines: tuple[str, ...]
    """As they stand there, marks of quotes included."""

    is_quoted: bool

    @property
    def is_announced(self) -> bool:
        """A quote under a line by which a mail client introduces it."""
        return self.is_quoted and not self.lines[0].lstrip().startswith(_MARK)


def passages(text: str) -> list[Passage]:
    """Own and quoted lines in their order; what stands below another mail's head is left out.

    A quote that was announced begins with the announcement, which has no mark.
    """
    lines = text[:CHARACTERS].split("\n")
    end = next((at for at, line in enumerate(lines) if REPLY_DELIMITER in line and not is_quoted(line)), len(lines))
    return [
        Passage(lines=tuple(line for line, _ in group), is_quoted=is_quoted)
        for is_quoted, group in groupby(_marked(lines[:end], is_begun=True), key=lambda marked: marked[1])
    ]


def is_cut(text: str, *, is_beginning: bool) -> bool:
    """Whether the author's own words seem to go on behind what is read of a text; `is_beginning`: there was more of it."""
    if (len(text) <= CHARACTERS and not is_beginning) or any(
        REPLY_DELIMITER in line and not is_quoted(line) for line in text[:CHARACTERS].split("\n")
    ):
        return False
    found = passages(text)
    return bool(found) and not found[-1].is_quoted


def quotes_anything(text: str) -> bool:
    """Whether a text holds more than its author's words: a quote, or another mail below them."""
    own = sum(len(passage.lines) for passage in passages(text) if not passage.is_quoted)
    return own < text[:CHARACTERS].count("\n") + 1


def is_quoted(line: str) -> bool:
    """Whether the line has the mark of a quote."""
    return _QUOTED.match(line) is not None


def new_text(text: str) -> str:
    """Give what stands above our delimiter or outside quotes, without signature; never empty when `text` is not.

    Own delimiter first, then the announcements of mail clients, then `>`. An answer between or below quoted lines stays.
    """
    found, _ = _parted(text)
    lines = text[:CHARACTERS].split("\n")
    return found or _joined([line for line in lines if not is_quoted(line)]) or text.strip()


def signature_of(text: str) -> str:
    """What `new_text` leaves out of the author's own lines as their signature."""
    return _parted(text)[1]


def _parted(text: str) -> tuple[str, str]:
    """The author's own lines, and their signature."""
    lines = text[:CHARACTERS].split("\n")
    for candidate in (_above_delimiter(lines), lines):
        own = _own(candidate)
        kept = without_signature(own)
        if found := _joined(kept):
            return found, _joined(own[len(kept) :])
    return "", ""


def _above_delimiter(lines: list[str]) -> list[str]:
    """Our own line is the surest of all; it comes back quoted, wrapped or not."""
    for index, line in enumerate(lines):
        if REPLY_DELIMITER in line:
            return lines[:index]
    return lines


def _own(lines: list[str]) -> list[str]:
    """What is left without quotes."""
    return [line for line, is_quoted in _marked(lines, is_begun=False) if not is_quoted]


def _marked(lines: list[str], *, is_begun: bool) -> Iterator[tuple[str, bool]]:
    """Go down line by line, and say which are quoted, announcements included; end where the rest is another mail.

    `is_begun`: header labels at the very top are a quote, too.
    """
    index, has_marks = 0, any(map(is_quoted, lines))
    while index < len(lines):
        line = lines[index]
        if not line or is_quoted(line):
            yield line, bool(line)
            index += 1
            continue
        length = _attribution(lines, index) or (_above_quote(lines, index) if has_marks else 0)
        if length:
            yield from ((announcing, True) for announcing in lines[index : index + length])
            index += length
            if not _quote_follows(lines, index):
                return
            continue
        labels = _label_block(lines, index)
        if is_begun and (labels or is_separator(line) or is_notes_head(lines[index : index + NOTES_LINES])):
            yield line, True
            return
        # Otherwise the author, or a gateway, put them there.
        for own in lines[index : index + max(labels, 1)]:
            is_begun = is_begun or bool(own.strip(_RULE))
            yield own, False
        index += max(labels, 1)


def _attribution(lines: list[str], index: int) -> int:
    """How many lines from here are one announcement of a quote; 0 for none."""
    if not may_start(lines[index]):
        return 0
    for length in range(1, ATTRIBUTION_LINES + 1):
        block = lines[index : index + length]
        if len(block) < length or not block[-1].strip() or is_quoted(block[-1]):
            return 0
        if is_attribution(block):
            return length
    return 0


def _above_quote(lines: list[str], index: int) -> int:
    """How many lines from here say only who wrote the marked lines below; 0 for none."""
    for length in (1, 2):
        block = lines[index : index + length]
        if len(block) < length or not block[-1].strip() or is_quoted(block[-1]):
            return 0
        if length > 1 and not block[-1].lstrip().startswith("<"):
            return 0  # only an address is wrapped so: the line above may be the author's own
        following = lines[index + length : index + length + 2]
        below = following[1:] if following and not following[0].strip() else following[:1]
        if below and is_quoted(below[0]) and (is_undated(block) or names_author(block)):
            return length
    return 0


def _quote_follows(lines: list[str], index: int) -> bool:
    """With `>` below an announcement, the author may go on below the quote; without, the rest is the quote."""
    following = next((line for line in lines[index:] if line.strip()), "")
    return is_quoted(following)


def _label_block(lines: list[str], index: int) -> int:
    """How many lines from here are the header fields of another mail, as Outlook writes them; 0 for none."""
    if label_kind(lines[index]) is None:
        return 0
    kinds: set[str] = set()
    length = 0
    for offset, line in enumerate(lines[index : index + LABEL_LINES]):
        if kind := label_kind(line):
            kinds.add(kind)
            length = offset + 1
    return length if len(kinds) >= LABELS and kinds & {"from", "subject"} else 0


def _joined(lines: list[str]) -> str:
    """Without the rules and blank lines that stood above a quote."""
    end = len(lines)
    while end and not lines[end - 1].strip(_RULE):
        end -= 1
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines[:end])).strip("\n")
