"""Blocks to the two parts of a mail: plain text, and the words inside the HTML layout."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from urllib.parse import unquote

from jinja2 import Template
from markupsafe import Markup, escape

from maild.replies.blocks import FACTS, HEADING, ITEMS, OFFERS, QUOTE, SMALL, WORDS, Block
from maild.replies.words import colon

LINKED = ("client_address", "desk_address", "lead_address", "team_address")
"""Names whose values become links in HTML; nothing else does, above all nothing that a client wrote."""

_BEFORE, _AFTER = re.compile(r"(?<![\w.@+-])"), re.compile(r"(?![\w@-]|\.\w)")

_NUMBER = re.compile(r"(?<![\w@./-])(?:[^\W_]{1,12}-\d{1,12}|[Ee]-[Mm]ails?)(?![\w@-]|\.\w)")
"""A ticket's, whatever the desk's prefix; what else looks like one may stay whole as well, and an *E-Mail* does."""

_URL = re.compile(r"https?://[^\s<>\"']{3,2000}")
_CODE = "    "
"""Begins a line that must stay one: commands and logs are copied from it."""

_BEHIND_URL = ".,;:!?)]}*_"
"""What stands behind an address of the web belongs to the sentence around it."""

WIDTH = 72
"""Characters of a line of plain text that maild writes."""

WRITTEN_WIDTH = 78
"""Of one that a person wrote (RFC 5322 2.1.1): broken anew, it would leave a word alone on the next line."""


def in_text(blocks: Iterable[Block], *, language: str) -> str:
    """The plain-text body."""
    return "\n\n".join("\n".join(_text_lines(block, colon(language))) for block in blocks) + "\n"


def _text_lines(block: Block, colon: str) -> list[str]:
    if block.kind == FACTS:
        margin = max(map(len, block.labels)) + 3
        firsts = [f"  {label}".ljust(margin) for label in block.labels]
        return _all(_wrapped(value, first, " " * margin) for first, value in zip(firsts, block.lines, strict=True))
    if block.kind == OFFERS:
        offered = zip(block.labels, block.lines, block.answers, strict=True)
        return _all(_offered(label, link, answer, colon) for label, link, answer in offered)
    if block.kind == HEADING:
        return _all(_wrapped(line if line[-1:] in "?!.:" else f"{line}{colon}") for line in block.lines)
    if block.kind == SMALL:
        # The signature separator: mail clients show what follows it small (RFC 3676 4.3).
        return ["-- ", *_all(_wrapped(line) for line in block.lines)]
    first, then = {QUOTE: ("> ", "> "), ITEMS: ("- ", "  ")}.get(block.kind, ("", ""))
    width = WRITTEN_WIDTH if block.kind in {WORDS, QUOTE} else WIDTH
    if block.kind == WORDS:
        return _all([line] if line.startswith(_CODE) else _wrapped(line, width=width) for line in block.lines)
    return _all(_wrapped(line, first, then, width) for line in block.lines)


def _offered(label: str, link: str, answer: str, colon: str) -> list[str]:
    """In text a reply is easier than an address that must be copied."""
    if not answer:
        address, _, subject = link.removeprefix("mailto:").partition("?subject=")
        return [f"- {label}", f"  <{unquote(address)}> ({unquote(subject)})"]
    return [f"- {label}"] if label == answer else _wrapped(f"{label}{colon} {answer}", "- ", "  ")


def _all(lines: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(lines))


def _wrapped(line: str, first: str = "", then: str = "", width: int = WIDTH) -> list[str]:
    """The line broken at spaces; a word that is too long stays whole."""
    if len(first) + len(line) <= width:
        return [f"{first}{line}".rstrip()]
    rest = line.lstrip(" ")
    margin = f"{first}{line[: len(line) - len(rest)]}"
    lines: list[str] = []
    while len(rest) > (room := max(width - len(margin), 0)):
        end = rest.rfind(" ", 0, room + 1)
        end = end if end >= 0 else rest.find(" ", room)
        if end < 0:
            break
        lines.append(f"{margin}{rest[:end]}".rstrip())
        margin, rest = then, rest[end + 1 :]
    return [*lines, f"{margin}{rest}".rstrip()]


def in_html(blocks: Sequence[Block], layout: Template, scene: Mapping[str, object], *, language: str) -> str:
    """The HTML body: the same words, in the layout that all mails share."""
    addresses = [scene[name] for name in LINKED if scene.get(name)]
    # Pairs, because the sandbox in which templates run looks long at each attribute.
    pairs = [(block.kind, block.facts if block.labels else block.lines) for block in blocks]
    return layout.render(
        blocks=pairs,
        answers=dict(_answers(blocks)),
        desk=scene["desk"],
        number=scene["number"],
        language=language,
        addresses=addresses,
    )


def _answers(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    """The link of each tap with the reply that does the same; empty where there is none, or the label says it."""
    for block in blocks:
        for label, link, answer in zip(block.labels, block.lines, block.answers, strict=False):
            yield link, answer if answer != label else ""


def linked(line: str, addresses: Sequence[str]) -> Markup:
    """The line for HTML, with a link on each of the addresses; nothing else becomes one."""
    return Markup(_linked(line, addresses))  # noqa: S704 - it is escaped


def broken(lines: Iterable[str], addresses: Sequence[str] = ()) -> Markup:
    """The lines for HTML, one below the other, each `linked`."""
    # Escaped at once: a call for each line was a seventh of what writing a mail cost.
    return Markup(_linked("\n".join(lines), addresses).replace("\n", "<br>"))  # noqa: S704 - it is escaped


def _linked(words: str, addresses: Sequence[str]) -> str:
    if "@" not in words:
        return _whole(words)
    parts, end = [], 0
    for start, address in sorted(_found(words, addresses)):
        if start >= end:
            parts += [_whole(words[end:start]), str(_link(address))]
            end = start + len(address)
    return "".join([*parts, _whole(words[end:])])


def _whole(words: str) -> str:
    """The words for HTML; a ticket's number stays in one line, where a phone would break it at the hyphen."""
    escaped = str(escape(words))
    return _NUMBER.sub(r'<span style="white-space:nowrap">\g<0></span>', escaped) if "-" in words else escaped


def spoken(lines: Iterable[str]) -> Markup:
    """The words of one of our own people for HTML, line by line, with a link on each address of the web in them."""
    return Markup("<br>".join([_spoken(line) for line in lines]))  # noqa: S704 - each is escaped


def _spoken(line: str) -> Markup:
    words = Markup("").join(_with_links(line))
    return Markup('<span style="font-family:monospace">{}</span>').format(words) if line.startswith(_CODE) else words


def _with_links(line: str) -> Iterator[Markup]:
    end = 0
    for found in _URL.finditer(line):
        url = found.group().rstrip(_BEHIND_URL)
        yield escape(line[end : found.start()])
        yield Markup('<a href="{}" style="color:inherit">{}</a>').format(url, url)
        end = found.start() + len(url)
    yield escape(line[end:])


def _found(line: str, addresses: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where which address stands by itself, and not as a part of a longer one."""
    for address in addresses:
        start = line.find(address)
        while start >= 0:
            if _BEFORE.match(line, start) and _AFTER.match(line, start + len(address)):
                yield start, address
            start = line.find(address, start + 1)


def _link(address: str) -> Markup:
    return Markup('<a href="mailto:{}" style="color:inherit">{}</a>').format(address, address)
