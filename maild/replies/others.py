"""Which open tickets a client has beside this one, and their colleagues, in words of the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.desk import Desk
from maild.replies.plain import one_line
from maild.replies.subject import base_subject
from maild.replies.typography import french
from maild.replies.words import WORDS

SUBJECT_LIMIT, NAME_LIMIT = 80, 80
"""The subject's is that of solved tickets: whoever is forgotten is known in a mail by as many characters behind a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """An open ticket of the same client."""

    number: int
    subject: str
    holder: str
    """Whoever has it, a person or another team; empty where nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Open tickets of others of the client's organisation; none of them is merged with theirs."""

    organisation: str
    """Its domain."""

    named: tuple[Other, ...]
    """All of them; none where they are many."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """All of them."""

    named: tuple[Other, ...]
    more: int
    """How many are not named."""

    colleagues: Colleagues | None = None


_MORE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "en": ("and 1 more", "and {more} more"),
        "de": ("und 1 weiteres", "und {more} weitere"),
        "fr": ("et 1 autre", "et {more} autres"),
        "es": ("y 1 más", "y {more} más"),
    }
)
"""What stands for one that is not named, and for several."""

_COUNTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "en": ("1 ticket", "{count} tickets"),
        "de": ("1 Ticket", "{count} Tickets"),
        "fr": ("1 ticket", "{count} tickets"),
        "es": ("1 ticket", "{count} tickets"),
    }
)
"""What stands for one of a colleague that is not named, and for several."""


def in_words(others: Others | None, desk: Desk, language: str) -> str:
    """Number, subject and holder of each, in one line; empty where there are none."""
    if others is None:
        return ""
    named = [_named(each, desk, language) for each in others.named]
    one, several = _MORE.get(language, _MORE["en"])
    more = [one if others.more == 1 else several.format(more=others.more)] if others.more > 0 else []
    return _between(language).join([*named, *more])


def organisation(others: Others | None) -> str:
    """The domain of the client's organisation, where colleagues of theirs have tickets."""
    return others.colleagues.organisation if others and others.colleagues else ""


def colleagues_in_words(others: Others | None, desk: Desk, language: str) -> str:
    """The same of the client's colleagues, or how many tickets they have; empty where they have none."""
    colleagues = others.colleagues if others else None
    if colleagues is None:
        return ""
    named = [_named(each, desk, language) for each in colleagues.named]
    one, several = _COUNTED.get(language, _COUNTED["en"])
    return _between(language).join(named) or (one if colleagues.count == 1 else several.format(count=colleagues.count))


def _between(language: str) -> str:
    return french(" ; ") if language == "fr" else "; "


def _named(other: Other, desk: Desk, language: str) -> str:
    subject = one_line(base_subject(other.subject, desk.prefix), SUBJECT_LIMIT)
    title = subject or WORDS.get(language, WORDS["en"]).untitled
    holder = one_line(other.holder, NAME_LIMIT)
    return f"{desk.show(other.number)} {title}{f' ({holder})' if holder else ''}"
