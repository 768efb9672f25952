"""Decoded octets of a text part to text with plain line ends."""

import re

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_QUOTE = re.compile(r">*")
_SIGNATURE_LINE = "-- "


def clean(text: str) -> str:
    """LF as the only line end; no control characters."""
    usual = text.replace("\r\n", "\n")
    if usual.replace("\n", "").replace("\t", "").isprintable():  # most are, and an expression looks at each letter
        return usual
    return _CONTROLS.sub("", _LINE_END.sub("\n", text))


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
