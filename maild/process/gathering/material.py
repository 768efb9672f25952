"""The material: what of a mail is searched, and what finders say about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, Self

from maild.mail.message import Attachment, Mail
from maild.mail.quoting import is_quoted

LIMIT = 20_000
"""Characters of subject and new text that are searched; who writes more attaches it."""

ATTACHMENTS = 100
"""Attachments that are looked at."""

_PLAIN = str.maketrans("\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\r", "'   ")
"""What mail programs put in place of an apostrophe and a space; one character for one, so that places stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the author says now; quotes are somebody else's words, or old ones."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    lower: str = field(init=False, repr=False)
    """The text in lower case, letter for letter. A pattern that need not mind the case finds there in a third of the time."""

    def __post_init__(self) -> None:
        """Lower the text once for all finders."""
        object.__setattr__(self, "lower", _lowered(self.text))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the text something was found; or `start == end == 0`, with the name of an attachment as its value."""

    value: str
    start: int = 0
    end: int = 0

    @classmethod
    def of(cls, material: Material, span: tuple[int, int]) -> Self:
        """What stands there in the text as it was written."""
        return cls(material.text[slice(*span)], *span)


class Finder(Protocol):
    """Looks for one kind of information. Pure, in time linear in the material."""

    def __call__(self, material: Material, /) -> Iterator[Place]:
        """Give every place, in the order of the text."""
        ...


def take_material(mail: Mail) -> Material:
    """What of a mail is searched."""
    text = f"{mail.subject}\n{_unquoted(mail.told[:LIMIT])}"[:LIMIT].translate(_PLAIN)
    return Material(text=text, attachments=mail.attachments[:ATTACHMENTS])


def _unquoted(text: str) -> str:
    """Without the lines of ours that answers from inside a quote stand below; all of it where there is nothing else."""
    own = "\n".join(line for line in text.split("\n") if not is_quoted(line))
    return own if own.strip() else text


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter if len(letter.lower()) > 1 else letter.lower() for letter in text)
