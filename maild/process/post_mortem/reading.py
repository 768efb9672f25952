"""The answer to a post-mortem form, to what it says of each part. Pure.

Whatever a mail client made of the form: words on top, words between the quoted lines, words inside an unmarked quote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.classify.folding import fold
from maild.mail.attributions import is_attribution, is_separator, label_kind, may_start
from maild.mail.signatures import without_signature
from maild.process.post_mortem.parts import EMPTY, NOTHING, PART_CALLED, Part

CHARACTERS = 100_000
"""Read of an answer; a form that was filled in by hand has a few thousand."""

PART_LIMIT = 8_000
"""Characters of one part."""

_LONGEST_HEADING = 40
_MARKS = re.compile(r"^(?:\s*[>|])+ ?")
_ORNAMENT = " \t*_#`~-\N{BULLET}\N{EN DASH}\N{EM DASH}\N{MIDDLE DOT}\N{NO-BREAK SPACE}"
_NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+")
_BRACKETS = re.compile(r"\s*\([^)]*\)$")
_COLON = re.compile(r"\s*(?::|=|\N{FULLWIDTH COLON}|\s[-\N{EN DASH}\N{EM DASH}]\s|->)\s*")
_WORDS = re.compile(r"\w+")
_SAME = 4
"""Words that a line must have to be known for a piece of the form, however it was wrapped anew."""

_LOOSE = ""
"""Stands for no heading at all."""

_GREETING = 3
"""Words above the first heading, if they are no more: "Hi Lena," is no root cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What somebody said to a form."""

    parts: Mapping[Part, str]
    """Only what they wrote themselves; what the form had filled in is not repeated."""

    is_nothing: bool = False
    """They say that there is nothing to learn."""


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    is_quoted: bool
    """A mail client marked it as somebody else's."""

    is_frame: bool
    """It announces a quote, or is a header field of the mail that is quoted."""


def read_answer(text: str, form: str, *, loose_part: Part = Part.ROOT_CAUSE) -> Answered:
    """Sort what was written by heading; `form`: the text of the form as it was sent.

    Words above the first heading are the root cause: nobody but the TSM knows that.
    """
    text = text[:CHARACTERS].replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ")
    lines = _lines(text)
    if _is_nothing(lines):
        return Answered(parts={}, is_nothing=True)
    written: dict[Part | str, list[str]] = {}
    for part, words in _sorted(lines, _Form(form)):
        written.setdefault(part, []).append(words)
    said = {part: tidy for part in Part if (tidy := _tidy(written.get(part, [])))}
    loose = _tidy(written.get(_LOOSE, []))
    if loose and (not said or len(_WORDS.findall(loose)) > _GREETING):
        said[loose_part] = "\n".join(filter(None, (loose, said.get(loose_part))))
    return Answered(parts=MappingProxyType({part: said[part] for part in Part if part in said}))


class _Form:
    """The lines that we sent, to know them again."""

    def __init__(self, text: str) -> None:
        self._lines = {_plain(line) for line in text.splitlines()}
        self._all = f" {_plain(text)} "

    def has(self, line: str) -> bool:
        """Whether the line is ours, whole or broken anew; a blank one is anybody's."""
        plain = _plain(line)
        if not plain:
            return line.strip() == EMPTY
        return plain in self._lines or (plain.count(" ") + 1 >= _SAME and f" {plain} " in self._all)


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(fold(text)))


def _sorted(lines: list[_Line], form: _Form) -> Iterator[tuple[Part | str, str]]:
    """Each line that somebody wrote, with the part that it belongs to."""
    part: Part | str | None = _LOOSE
    for line in lines:
        if line.is_frame:
            part = None  # what the mail client quotes now begins with our own introduction
        elif (found := _heading(line.words)) is not None:
            part, rest = found
            if rest and not line.is_quoted and not form.has(rest):
                yield part, rest
        elif part is not None and not line.is_quoted and not form.has(line.words):
            yield part, line.words


def _lines(text: str) -> list[_Line]:
    """All lines without marks of quotes; signatures are cut off, above a quote and at the end."""
    raw = without_signature(text.split("\n"))
    lines = [_line(raw, at) for at in range(len(raw))]
    top = next((at for at, line in enumerate(lines) if line.is_quoted or line.is_frame), len(lines))
    kept = len(without_signature(raw[:top]))
    return [*lines[:kept], *lines[top:]]


def _line(raw: list[str], at: int) -> _Line:
    line = raw[at]
    marks = _MARKS.match(line)
    words = line[marks.end() :].rstrip() if marks else line.rstrip()
    return _Line(words=words, is_quoted=marks is not None, is_frame=_is_frame(raw, at))


def _is_frame(raw: list[str], at: int) -> bool:
    """A single label may well stand in an answer: a mail client writes several, one below the other."""
    line, near = raw[at], raw[max(0, at - 2) : at + 3]
    if label_kind(line) and sum(label_kind(each) is not None for each in near) > 1:
        return True
    is_quoted_below = any(map(_MARKS.match, raw[at + 1 : at + 2]))
    if is_quoted_below and "@" in line and line.rstrip().endswith(":"):
        return True
    wrapped = (raw[begin : begin + 2] for begin in (at - 1, at) if begin >= 0 and may_start(raw[begin]))
    return is_separator(line) or any(map(is_attribution, ([line], *wrapped)))


def _heading(line: str) -> tuple[Part, str] | None:
    """The part that the line begins, and what stands behind the heading on the same line."""
    bare = _NUMBER.sub("", line.strip(_ORNAMENT)).strip(_ORNAMENT)
    name, rest = bare, ""
    if match := _COLON.search(bare):
        name, rest = bare[: match.start()], bare[match.end() :].strip(" \t*_")
    name = _BRACKETS.sub("", name.strip(_ORNAMENT))
    if len(name) > _LONGEST_HEADING:
        return None
    part = PART_CALLED.get(fold(name).strip(" ?.!"))
    return (part, "" if rest.strip(_ORNAMENT + EMPTY) == "" else rest) if part else None


def _is_nothing(lines: list[_Line]) -> bool:
    """The first own line says it, alone or above a closing."""
    first = next((line for line in lines if line.words.strip() and not line.is_quoted), None)
    return first is not None and fold(first.words).strip(" .!,;:-*_\"'") in NOTHING


def _tidy(lines: list[str]) -> str:
    """Without blank lines at either end, or two of them together."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    return "\n".join(kept).strip("\n")[:PART_LIMIT].strip()
