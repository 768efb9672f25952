"""An incident as the house reads of it: its tickets, and the statistics of a proposal in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType

from maild.process.desk import Desk
from maild.replies.durations import Unit, duration
from maild.replies.moment import in_words
from maild.replies.names import Scene
from maild.replies.plain import one_line
from maild.replies.words import colon, decimal_point

MOST_MEMBERS = 50
"""More are counted, and not listed."""

_SUBJECT, _CLIENT = 100, 320
_WEEKS_OF_A_YEAR = 52
_LONGEST_YEARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of its tickets."""

    number: int
    client: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Why maild thinks that it is no chance."""

    clients: int
    """Distinct ones; of unproven authors a domain counts once."""

    proven: int
    """How many of them our own server vouches for."""

    since: datetime
    window: timedelta
    usual: float
    """Mails like these that this desk expects in such a window."""

    once_in_weeks: float
    """Chance alone brings as much less often."""

    words: tuple[str, ...]
    """What the mails share."""

    told: int | None = None
    """Tickets when the lead was asked last; None: it is the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStory:
    """What is told about it."""

    head: int
    members: tuple[Member, ...]
    is_joining: bool
    """Whether similar new tickets join by themselves."""

    skipped: tuple[Member, ...] = ()
    """Tickets that were proposed with the others, and are over or elsewhere by now."""

    statistics: Statistics | None = None


NOTHING: Scene = MappingProxyType(
    {
        "incident": "",
        "members": [],
        "skipped": [],
        "member_count": "",
        "left_out": "",
        "is_joining": False,
        "clients": "",
        "proven": "",
        "is_unproven": False,
        "since": "",
        "window": "",
        "usual": "",
        "rarity": "",
        "shared_words": "",
        "told": "",
    }
)
"""What the names of a template stand for where it is about no incident."""


def about_incident(story: IncidentStory | None, desk: Desk, *, now: datetime, zone: tzinfo, language: str) -> Scene:
    """Values of the names that tell of an incident."""
    if story is None:
        return NOTHING
    shown, known = story.members[:MOST_MEMBERS], story.statistics
    told: dict[str, str | bool | Sequence[str]] = {
        "incident": desk.show(story.head),
        "members": [_line(member, desk, language) for member in shown],
        "skipped": [_line(member, desk, language) for member in story.skipped[:MOST_MEMBERS]],
        "member_count": str(len(story.members)),
        "left_out": str(len(story.members) - len(shown)) if len(shown) < len(story.members) else "",
        "is_joining": story.is_joining,
    }
    if known is None:
        return {**NOTHING, **told}
    return {
        **told,
        "clients": str(known.clients),
        "proven": str(known.proven),
        "is_unproven": known.proven < known.clients,
        "since": in_words(known.since, now=now, zone=zone, language=language),
        "window": _window(known.window, language),
        "usual": _number(known.usual, language),
        "rarity": _rarity(known.once_in_weeks, language),
        "shared_words": ", ".join(known.words),
        "told": str(known.told) if known.told else "",
    }


def _line(member: Member, desk: Desk, language: str) -> str:
    subject = one_line(member.subject, _SUBJECT)
    client = one_line(member.client, _CLIENT)
    shown = f"{desk.show(member.number)}, {client}"
    return f"{shown}{colon(language)} {subject}" if subject else shown


def _window(window: timedelta, language: str) -> str:
    minutes = round(window.total_seconds() / 60)
    if minutes % 60:
        return duration(minutes, Unit.MINUTE, language)
    return duration(minutes // 60, Unit.HOUR, language)


def _number(count: float, language: str) -> str:
    """With as many places as say something; never nought."""
    written = "0.01" if count < 0.01 else f"{count:.2f}" if count < 1 else f"{count:.1f}"  # noqa: PLR2004
    return written.replace(".", decimal_point(language))


def _rarity(weeks: float, language: str) -> str:
    years = min(weeks / _WEEKS_OF_A_YEAR, _LONGEST_YEARS)
    if years >= 2:  # noqa: PLR2004 - until then weeks say more
        return duration(int(years), Unit.YEAR, language)
    return duration(max(2, int(weeks)), Unit.WEEK, language)
