"""Drift week by week: the mails of each week beside what a model learnt from, or beside the oldest mails. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from maild.classify.drift import Picture, Profile, Shift, compare, picture, worst

REFERENCE_MAILS = 200
"""So many of the oldest mails are what the others are compared with, but for what the model's card tells of its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One mail as a model reads it."""

    at: datetime
    profile: Profile
    ticket: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The mails of one week beside the reference."""

    week: date
    """Its Monday, in UTC."""

    n: int
    decided: float
    """Share of the mails that were not left to a person."""

    judgement: str
    shifts: tuple[Shift, ...]
    tickets: tuple[int, ...] = ()
    """That its mails belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One question's weeks, newest first."""

    question: str
    model: str
    """Digest of the model in service."""

    reference: str
    """What the weeks are compared with, in words."""

    reference_n: int
    """Mails of the desk in it."""

    weeks: tuple[Week, ...]


def drift_of(question: str, model: str, looked: Iterable[Looked], reference: Picture | None, *, weeks: int) -> Drift:
    """Compare the weeks with what the model's card says of its texts, or with the oldest of these mails."""
    oldest_first = sorted(looked, key=lambda each: each.at)
    first, further = oldest_first[:REFERENCE_MAILS], oldest_first[REFERENCE_MAILS:]
    told = f"the first {len(first)} mails of the last {weeks} weeks"
    if reference:
        told = f"the texts that the model learnt from ({', '.join(sorted(reference))}), otherwise {told}"
    compared_with = {**picture(each.profile for each in first), **(reference or {})}
    by_week: defaultdict[date, list[Looked]] = defaultdict(list)
    for each in further:
        day = each.at.astimezone(UTC).date()
        by_week[day - timedelta(days=day.weekday())].append(each)
    return Drift(
        question=question,
        model=model,
        reference=told,
        reference_n=len(first),
        weeks=tuple(_week(monday, by_week[monday], compared_with) for monday in sorted(by_week, reverse=True)),
    )


def _week(monday: date, looked: Sequence[Looked], reference: Picture) -> Week:
    """Judge one week."""
    profiles = [each.profile for each in looked]
    shifts = tuple(compare(reference, picture(profiles)))
    decided = sum(profile.label is not None for profile in profiles) / len(profiles)
    return Week(
        week=monday,
        n=len(profiles),
        decided=round(decided, 4),
        judgement=worst(shifts),
        shifts=shifts,
        tickets=tuple(each.ticket for each in looked if each.ticket is not None),
    )
