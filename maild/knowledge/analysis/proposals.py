"""Proposals: what the numbers suggest to do, each with its evidence and the command that does it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from maild.classify.evaluation.interval import wilson
from maild.knowledge.analysis.course import Fate, of_the_desk
from maild.knowledge.analysis.figure import listed
from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.promises import TITLES
from maild.knowledge.analysis.recurring import Recurring

SAME = 5
"""Solutions of the same issue that are worth an article."""

MOST_ARTICLES = 5
"""Of which articles are proposed, those solved most often."""

LEAST = 20
"""Tickets, or promises that fell due, below which nothing is proposed."""

SPLIT_SHARE, SPLIT_OF = 0.2, 2
"""A category is split where so many recurring issues have at least this share of its tickets each."""

NEVER = 0.5
"""A promise is hardly ever kept where even the high end of its interval is below this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One thing that could be done."""

    kind: str
    """split, guide, article, skill or deadline."""

    title: str
    because: str
    """The evidence, in one line."""

    n: int
    how: str
    """The command, or the file and the key."""

    values: Mapping[str, str | int]
    """What it is about, for whoever says it in other words."""

    tickets: tuple[int, ...] = ()


def propose(history: History, recurring: Sequence[Recurring]) -> list[Proposal]:
    """All of them; nothing is proposed without enough tickets."""
    numbers: dict[str, list[int]] = {}
    for course in of_the_desk(history.courses):
        if history.period.has(course.facts.opened_at) and course.fate is not Fate.PASSED_ON:
            numbers.setdefault(course.facts.category, []).append(course.facts.number)
    return [
        *_articles(history, recurring),
        *_splits(recurring, numbers),
        *_guides(history, numbers),
        *_skills(history.desk.skills, numbers),
        *_deadlines(history),
    ]


def _articles(history: History, recurring: Sequence[Recurring]) -> Iterator[Proposal]:
    known = {number for article in history.articles for number in article.tickets}
    often = [each for each in recurring if len(each.solved) >= SAME and known.isdisjoint(each.solved)]
    for each in sorted(often, key=lambda each: -len(each.solved))[:MOST_ARTICLES]:
        common = f" They have in common: {', '.join(each.words)}." if each.words else ""
        yield Proposal(
            kind="article",
            title=f"Write an article about: {each.name}",
            because=f"The same was solved {len(each.solved)} times, and no article knows any of it.{common}",
            n=len(each.solved),
            how=f"answer the mail of {{{max(each.solved)}}} with /article, and below it what was wrong and how it was solved",
            values={"name": each.name, "solved": len(each.solved), "ticket": max(each.solved)},
            tickets=listed(each.solved),
        )


def _splits(recurring: Sequence[Recurring], numbers: dict[str, list[int]]) -> Iterator[Proposal]:
    for category, whole in sorted(numbers.items()):
        large = [
            each for each in recurring if each.category == category and len(each.numbers) >= SPLIT_SHARE * len(whole)
        ]
        if len(whole) >= LEAST and len(large) >= SPLIT_OF and category:
            names = " and ".join(f"“{each.name}”" for each in large)
            yield Proposal(
                kind="split",
                title=f"Split the category {category}",
                because=f"{sum(len(each.numbers) for each in large)} of its {len(whole)} tickets are about {names}.",
                n=len(whole),
                how=f"cp config/categories/{category}.toml to one file for each, describe them, then maild train",
                values={
                    "category": category,
                    "count": sum(len(each.numbers) for each in large),
                    "whole": len(whole),
                    "first": large[0].name,
                    "second": large[1].name,
                },
                tickets=listed(number for each in large for number in each.numbers),
            )


def _guides(history: History, numbers: dict[str, list[int]]) -> Iterator[Proposal]:
    for category, whole in sorted(numbers.items()):
        if len(whole) >= LEAST and category in history.desk.categories and category not in history.desk.guides:
            yield Proposal(
                kind="guide",
                title=f"Write a guide for {category}",
                because=f"{len(whole)} tickets in the period, and its TSMs have no guide.",
                n=len(whole),
                how=f"config/categories/{category}.toml: guide = '''...'''",
                values={"category": category, "whole": len(whole)},
                tickets=listed(whole),
            )


def _skills(people: Sequence[tuple[str, tuple[str, ...]]], numbers: dict[str, list[int]]) -> Iterator[Proposal]:
    for category, whole in sorted(numbers.items()):
        able = [name for name, skills in people if category in skills]
        if len(whole) >= LEAST and len(able) == 1 and len(people) > 1:
            yield Proposal(
                kind="skill",
                title=f"Teach {category} to a second TSM",
                because=f"{len(whole)} tickets in the period, and only {able[0]} has this skill.",
                n=len(whole),
                how=f'config/team.toml: add "{category}" to the skills of a second person',
                values={"category": category, "whole": len(whole), "person": able[0]},
                tickets=listed(whole),
            )


def _deadlines(history: History) -> Iterator[Proposal]:
    for clock, priority in sorted({(each.clock, each.priority or 0) for each in history.promises}):
        these = [each for each in history.promises if each.clock == clock and (each.priority or 0) == priority]
        kept = sum(each.is_kept for each in these)
        if len(these) >= LEAST and wilson(kept, len(these))[1] < NEVER:
            yield Proposal(
                kind="deadline",
                title=f"{TITLES[clock][0]}, P{priority}: give it more time, or more people",
                because=f"Kept {kept} of {len(these)} times.",
                n=len(these),
                how=f"config/priorities.toml: {clock} of priority {priority}; or hand-offs in config/process.toml",
                values={"clock": clock, "priority": priority, "kept": kept, "whole": len(these)},
                tickets=listed(each.ticket for each in these if not each.is_kept),
            )
