"""Decoded octets of a text part to text with plain line ends."""

import re

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_QUOTED = re.compile(r"^[^\S\n]{0,3}>[^\n]*", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_QUOTE = re.compile(r">*")
_PARAMETER = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)
_COMMAND = re.compile(r"</?[A-Za-z0-9-]{1,60}>")
_LINE_ENDS = re.compile(r"\n+")
_ANGLE = "\ufdd0"
"""Stands for a bracket that is meant; a code point that is no letter."""

_SIGNATURE_LINE = "-- "
_SIGNED, _SIGNATURE, _SIGNATURE_END = (
    f"-----{mark}-----" for mark in ("BEGIN PGP SIGNED MESSAGE", "BEGIN PGP SIGNATURE", "END PGP SIGNATURE")
)
_ESCAPED = re.compile(r"^- ", re.MULTILINE)


def clean(text: str) -> str:
    """LF as the only line end; no control characters.

    What ends a line to Unicode ends none of a quote: its rest, without a mark, would read as the own words of who quotes it.
    """
    usual = text.replace("\r\n", "\n")
    if usual.replace("\n", "").replace("\t", "").isprintable():  # most are, and an expression looks at each letter
        return usual
    if "\n" in usual and _LINE_END.search(usual):
        usual = _QUOTED.sub(lambda line: _LINE_END.sub(" ", line.group().rstrip("\r")), usual)
    return _CONTROLS.sub("", _LINE_END.sub("\n", usual))


def from_enriched(text: str) -> str:
    """Read text/enriched (RFC 1896): without its commands; one line end is a space, two are one."""
    plain = _COMMAND.sub("", _PARAMETER.sub("", text.replace("<<", _ANGLE)))
    return _LINE_ENDS.sub(lambda ends: "\n" * (len(ends.group()) - 1) or " ", plain).replace(_ANGLE, "<")


def without_armour(text: str) -> str:
    """Take off what an OpenPGP signature puts around the words of its author (RFC 9580 7); the source keeps it."""
    kept, position = [], 0
    while (start := text.find(_SIGNED, position)) >= 0:
        words = text.find("\n\n", start)
        signature = text.find(f"\n{_SIGNATURE}", words)
        end = text.find(_SIGNATURE_END, signature)
        is_quoted = start > 0 and text[start - 1] != "\n"
        if is_quoted or min(words, signature, end) < 0:
            break
        kept += [text[position:start], _ESCAPED.sub("", text[words + 2 : signature])]
        position = end + len(_SIGNATURE_END)
    return "".join([*kept, text[position:]])


def join_flowed(text: str, *, deletes_spaces: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 4): a line that ends in a space goes on in the next."""
    joined: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks = len(_QUOTE.match(line).group())  # type: ignore[union-attr]  # it matches nothing as well
        words = line[marks:].removeprefix(" ")
        if paragraph and (marks != depth or words == _SIGNATURE_LINE):
            joined.append(_quoted(depth, paragraph))
            paragraph = []
        depth = marks
        if words.endswith(" ") and words != _SIGNATURE_LINE:
            paragraph.append(words[:-1] if deletes_spaces else words)
            continue
        joined.append(_quoted(depth, [*paragraph, words]))
        paragraph = []
    if paragraph:
        joined.append(_quoted(depth, paragraph))
    return "\n".join(joined)


def _quoted(depth: int, paragraph: list[str]) -> str:
    words = "".join(paragraph)
    return f"{'>' * depth} {words}" if depth else words
