"""Blocks to the two parts of a mail: plain text, and the words inside the HTML layout."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from jinja2 import Template
from markupsafe import Markup, escape

from maild.replies.blocks import FACTS, ITEMS, QUOTE, SMALL, Block

LINKED = ("client_address", "desk_address", "lead_address", "team_address")
"""Names whose values become links in HTML; nothing else does, above all nothing that a client wrote."""

WIDTH = 72
"""Characters of a line of plain text (RFC 5322 2.1.1 asks for at most 78)."""


def in_text(blocks: Iterable[Block]) -> str:
    """The plain-text body."""
    return "\n\n".join("\n".join(_text_lines(block)) for block in blocks) + "\n"


def _text_lines(block: Block) -> list[str]:
    if block.kind == FACTS:
        margin = max(map(len, block.labels)) + 3
        firsts = [f"  {label}".ljust(margin) for label in block.labels]
        return _all(_wrapped(value, first, " " * margin) for first, value in zip(firsts, block.lines, strict=True))
    if block.kind == SMALL:
        # The signature separator: mail clients show what follows it small (RFC 3676 4.3).
        return ["-- ", *_all(_wrapped(line) for line in block.lines)]
    first, then = {QUOTE: ("> ", "> "), ITEMS: ("- ", "  ")}.get(block.kind, ("", ""))
    return _all(_wrapped(line, first, then) for line in block.lines)


def _all(lines: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(lines))


def _wrapped(line: str, first: str = "", then: str = "") -> list[str]:
    """The line broken at spaces; a word that is too long stays whole."""
    if len(first) + len(line) <= WIDTH:
        return [f"{first}{line}".rstrip()]
    indent = line[: len(line) - len(line.lstrip(" "))]
    lines, current = [], f"{first}{indent}"
    is_empty = True
    for word in line.lstrip(" ").split(" "):
        if not is_empty and len(current) + 1 + len(word) > WIDTH:
            lines.append(current.rstrip())
            current, is_empty = then, True
        current = f"{current}{word}" if is_empty else f"{current} {word}"
        is_empty = False
    return [*lines, current.rstrip()]


def in_html(blocks: Iterable[Block], layout: Template, scene: Mapping[str, object], *, language: str) -> str:
    """The HTML body: the same words, in the layout that all mails share."""
    addresses = [scene[name] for name in LINKED if scene.get(name)]
    return layout.render(
        blocks=blocks, desk=scene["desk"], number=scene["number"], language=language, addresses=addresses
    )


def linked(line: str, addresses: Sequence[str]) -> Markup:
    """The line for HTML, with a link on each of the addresses; nothing else becomes one."""
    if not any(address in line for address in addresses):
        return escape(line)
    parts = _pattern(tuple(addresses)).split(line)
    return Markup("").join(_link(part) if part in addresses else escape(part) for part in parts)


def _link(address: str) -> Markup:
    return Markup('<a href="mailto:{}" style="color:inherit">{}</a>').format(address, address)


@lru_cache(maxsize=256)
def _pattern(addresses: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(addresses, key=len, reverse=True)
    return re.compile(rf"(?<![\w.@+-])({'|'.join(map(re.escape, longest_first))})(?![\w@-]|\.\w)")
