"""The lines of a rendered template to blocks, from which both parts of a mail are made.

A line is a line, a blank line ends a block. What a line begins with says what it is:

    >    the words of somebody else, kept as they are
    |    words of our own people, line by line as they wrote them; `| >` the words of somebody else between them
    -    an item of a list
    #    a heading
    =    an offer: what a tap does, behind ` = ` the address that it writes to, and behind a second one the words of a
         reply that do the same
    two spaces, then `Label: value`    a fact
    --   alone on its line: what follows is small print
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

QUOTE, ITEMS, FACTS, SMALL, PARAGRAPH = "quote", "items", "facts", "small", "paragraph"
WORDS, OFFERS, HEADING = "words", "offers", "heading"

_MARKS = {">": QUOTE, "| >": QUOTE, "| ": WORDS, "- ": ITEMS, "= ": OFFERS, "# ": HEADING}
"""What a line begins with to the kind of its block; the first that fits decides."""

_BY_LETTER = {mark[0]: [each for each in _MARKS.items() if each[0][0] == mark[0]] for mark in _MARKS}
"""What a mark begins with to the marks; any other letter begins a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together."""

    kind: str
    """`paragraph`, `items`, `facts`, `quote`, `words`, `offers`, `heading` or `small`."""

    lines: tuple[str, ...]
    """Without what marks them; of facts the values."""

    labels: tuple[str, ...] = ()
    """Of facts, with their colon; of offers what the tap does, while the line is the address."""

    answers: tuple[str, ...] = ()
    """Of offers: what a reply says to do the same, or nothing."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each."""
        return tuple(zip(self.labels, self.lines, strict=True))


def read_blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a rendered body, in order."""
    words, _, small = body.strip("\n").partition("\n--\n")
    blocks = [_block(kind, lines) for kind, lines in _groups(words)]
    if small:
        blocks.append(Block(kind=SMALL, lines=tuple(filter(None, map(str.strip, small.splitlines())))))
    return tuple(blocks)


def _groups(words: str) -> Iterator[tuple[str, list[str]]]:
    for kind, lines in groupby(words.splitlines(), key=_kind):
        if kind:
            yield kind, list(lines)


def _kind(line: str) -> str:
    if not line or line.isspace():
        return ""
    if line == "|":
        return WORDS
    if line.startswith("  ") and ":" in line:
        return FACTS
    for mark, kind in _BY_LETTER.get(line[0], ()):
        if line.startswith(mark):
            return kind
    return PARAGRAPH


def _block(kind: str, lines: list[str]) -> Block:
    if kind == FACTS:
        facts = [line.partition(":") for line in lines]
        values = tuple(value.strip() for _, _, value in facts)
        return Block(kind=kind, lines=values, labels=tuple(f"{label.lstrip(' ')}:" for label, _, _ in facts))
    if kind == OFFERS:
        offers = [(*line.removeprefix("= ").split(" = "), "", "")[:3] for line in lines]
        labels, links, answers = zip(*offers, strict=True)
        return Block(kind=kind, lines=links, labels=labels, answers=answers)
    if kind in {QUOTE, WORDS}:
        bare = (line.removeprefix("| >").removeprefix(">" if kind == QUOTE else "|") for line in lines)
        return Block(kind=kind, lines=_without_margins([line.removeprefix(" ").rstrip() for line in bare]))
    marked = len("- ") if kind in {ITEMS, HEADING} else 0
    return Block(kind=kind, lines=tuple(line[marked:].strip() for line in lines))


def _without_margins(lines: list[str]) -> tuple[str, ...]:
    """Without blank lines at either end: blocks are set apart anyway."""
    filled = [place for place, line in enumerate(lines) if line]
    return tuple(lines[filled[0] : filled[-1] + 1]) if filled else tuple(lines)
