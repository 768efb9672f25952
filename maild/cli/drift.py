"""`maild models --drift`: whether the mail has changed, week by week, since the model learnt."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from maild.classify.drift import Picture, Profile, Shift, compare, picture, worst
from maild.cli.output import console, printable

if TYPE_CHECKING:
    from maild.classify.linear import LinearModel
    from maild.store.engine import Connection
    from maild.store.judging import JudgedText

WEEKS = 12
"""That are looked back."""

MOST_MAILS = 20_000
"""That are read for one question: reading them costs a second for 5,000."""

REFERENCE_MAILS = 200
"""So many of the oldest mails are what the others are compared with, but for what the model's card tells of its texts."""


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


def measure(connection: "Connection", model: "LinearModel", reference: Picture | None, *, now: datetime) -> Drift:
    """Compare the weeks with what the model's card says of its texts, or with the oldest mails that are there."""
    from maild.store.judging import read_judged

    since = now - timedelta(weeks=WEEKS)
    judged = read_judged(connection, model.question, since=since, most=MOST_MAILS)
    oldest_first = sorted(((text.arrived_at, profile_of(text, model)) for text in judged), key=lambda pair: pair[0])
    first, further = oldest_first[:REFERENCE_MAILS], oldest_first[REFERENCE_MAILS:]
    told = f"the first {len(first)} mails of the last {WEEKS} weeks"
    if reference:
        told = f"the texts that the model learnt from ({', '.join(sorted(reference))}), otherwise {told}"
    compared_with = {**picture(profile for _, profile in first), **(reference or {})}
    weeks: defaultdict[date, list[Profile]] = defaultdict(list)
    for at, profile in further:
        day = at.astimezone(UTC).date()
        weeks[day - timedelta(days=day.weekday())].append(profile)
    return Drift(
        question=model.question,
        model=model.digest,
        reference=told,
        reference_n=len(first),
        weeks=tuple(week_of(monday, weeks[monday], compared_with) for monday in sorted(weeks, reverse=True)),
    )


def profile_of(text: "JudgedText", model: "LinearModel") -> Profile:
    """Look at one stored mail as the model reads it."""
    from maild.classify.terms import words
    from maild.classify.text import model_text

    found = words(model_text(text.subject, text.new_text))
    different = set(found)
    unknown = sum(not model.knows(word) for word in different)
    return Profile(
        unknown=unknown / len(different) if different else 0.0,
        length=len(found),
        language=text.language,
        confidence=text.confidence,
        label=text.label,
    )


def week_of(monday: date, profiles: Sequence[Profile], reference: Picture) -> Week:
    """Judge one week."""
    shifts = tuple(compare(reference, picture(profiles)))
    decided = sum(profile.label is not None for profile in profiles) / len(profiles)
    return Week(week=monday, n=len(profiles), decided=round(decided, 4), judgement=worst(shifts), shifts=shifts)


def show(drifts: Sequence[Drift]) -> None:
    """Print a line a week, and below it what has moved."""
    out = console()
    for drift in drifts:
        head = f"{drift.question}, compared with {drift.reference} (n = {drift.reference_n})"
        out.print(Text(head, style="bold"), soft_wrap=True)
        if not drift.weeks:
            out.print("  no further mails: nothing to compare yet")
        for week in drift.weeks:
            style = {"different": "bold red", "somewhat different": "yellow"}.get(week.judgement, "")
            line = f"  week of {week.week}: {week.n} mails, {week.decided:.0%} decided; {week.judgement}"
            out.print(Text(line, style=style), soft_wrap=True)
            for shift in week.shifts:
                if shift.because:
                    told = (
                        f"    {shift.what}: {shift.because} (index {shift.psi:.2f}, by chance up to {shift.chance:.2f})"
                    )
                    out.print(Text(printable(told)), soft_wrap=True)


def documents(drifts: Sequence[Drift]) -> list[Mapping[str, object]]:
    """Give the JSON of all questions."""
    return [
        {
            "question": drift.question,
            "model": drift.model,
            "reference": drift.reference,
            "reference_n": drift.reference_n,
            "weeks": [
                {
                    "week": week.week.isoformat(),
                    "n": week.n,
                    "decided": week.decided,
                    "judgement": week.judgement,
                    "shifts": week.shifts,
                }
                for week in drift.weeks
            ],
        }
        for drift in drifts
    ]
