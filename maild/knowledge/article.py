"""Articles: case studies of the knowledge base, in Markdown, with names that stay. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from maild.classify.folding import fold
from maild.process.post_mortem.parts import PART_CALLED, Part, heading

TITLE_LIMIT, NAME_LIMIT = 120, 80
_BESIDE = re.compile(r"[^a-z0-9]+")
_CHAPTER = re.compile(r"\n## +(.+)(?:\n|$)")
_HEADING, _ESCAPED = re.compile(r"(?m)^#"), r"\\#"
ADDRESS_WAS_HERE = "(address)"
"""Stands where an article had the address of somebody."""

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of a case study."""

    name: str
    """Stays whatever becomes of the title: letters a-z, digits and hyphens, fit for a file and an address."""

    version: int
    title: str
    body: str
    """Markdown: a heading for each part."""

    category: str | None
    language: str
    written_by: str
    created_at: datetime
    ticket: int | None
    """The ticket because of which this version was written."""

    tickets: tuple[int, ...] = ()
    """All tickets behind it."""

    related: tuple[str, ...] = ()
    retired_because: str | None = None
    """Why it is offered no more; None: it is."""


def name_for(number: int, title: str) -> str:
    """The name of a ticket's own article: the number makes it the only one."""
    words = _BESIDE.sub("-", fold(title).encode("ascii", "ignore").decode()).strip("-")
    return f"{number}-{words}"[:NAME_LIMIT].strip("-")


def title_of(parts: Mapping[Part, str], subject: str) -> str:
    """The problem in one line, or else the ticket's subject."""
    first = next((line.strip() for line in parts.get(Part.PROBLEM, "").splitlines() if line.strip()), "")
    return (" ".join((first or subject).split()) or "Untitled")[:TITLE_LIMIT].strip()


def write_body(parts: Mapping[Part, str], language: str) -> str:
    """Markdown of all parts that say something; addresses of people are no part of what was learnt."""
    chapters = [
        f"## {heading(part, language)}\n\n{_HEADING.sub(_ESCAPED, without_addresses(parts[part]).strip())}"
        for part in Part
        if parts.get(part, "").strip()
    ]
    return "\n\n".join(chapters) + "\n"


def read_body(body: str) -> Mapping[Part, str]:
    """The parts of an article, by its headings; what stands elsewhere belongs to the tips."""
    begin, *chapters = _CHAPTER.split(f"\n{body}")
    parts = {Part.TIPS: begin.strip()} if begin.strip() else {}
    for name, text in zip(chapters[::2], chapters[1::2], strict=True):
        part = PART_CALLED.get(fold(name).strip(), Part.TIPS)
        parts[part] = "\n\n".join(filter(None, (parts.get(part), text.strip().replace("\n\\#", "\n#"))))
    return parts


def without_addresses(text: str) -> str:
    """The text without mail addresses."""
    return _ADDRESS.sub(ADDRESS_WAS_HERE, text)
