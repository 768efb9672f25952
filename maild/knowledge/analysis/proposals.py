"""Proposals: what the numbers suggest to do, each with its evidence and the command that does it. Pure."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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

NAME_LENGTH = 40

NEWEST = 40
"""Promises that are looked at, so that more time shows soon."""

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
    """The one command or reply that does it; a number in braces is a ticket."""

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
        *_splits(_not_split_yet(history, recurring), numbers),
        *_guides(history, numbers),
        *_skills(history, numbers),
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


def _splits(found: Iterable[Recurring], numbers: dict[str, list[int]]) -> Iterator[Proposal]:
    recurring = list(found)
    for category, whole in sorted(numbers.items()):
        large = [
            each for each in recurring if each.category == category and len(each.numbers) >= SPLIT_SHARE * len(whole)
        ]
        if len(whole) >= LEAST and len(large) >= SPLIT_OF and category:
            yield _split(category, len(whole), sorted(large, key=lambda each: -len(each.numbers)))


def _not_split_yet(history: History, recurring: Sequence[Recurring]) -> Iterator[Recurring]:
    """Without the tickets of which a person has said meanwhile that they belong elsewhere."""
    said = {label.ticket: label.value for label in history.labels if label.question == "category"}
    for each in recurring:
        left = tuple(number for number in each.numbers if said.get(number, each.category) == each.category)
        if left:
            yield replace(each, numbers=left)


def _split(category: str, whole: int, large: Sequence[Recurring]) -> Proposal:
    """The largest of its recurring issues becomes a category."""
    names = " and ".join(f"“{each.name}”" for each in large)
    count = sum(len(each.numbers) for each in large)
    return Proposal(
        kind="split",
        title=f"Split the category {category}",
        because=f"{count} of its {whole} tickets are about {names}.",
        n=whole,
        how=f"maild improve split {category} {_name(category, large[0])} --like {{{max(large[0].numbers)}}}",
        values={"category": category, "count": count, "whole": whole, "first": large[0].name, "second": large[1].name},
        tickets=listed(number for each in large for number in each.numbers),
    )


def _name(category: str, issue: Recurring) -> str:
    """A name that a category may have, of the words that its tickets share."""
    words = (re.sub(r"[^a-z0-9]+", "-", word.casefold()).strip("-") for word in issue.words)
    return "-".join([category, *filter(None, words)][:3])[:NAME_LENGTH].rstrip("-")


def _guides(history: History, numbers: dict[str, list[int]]) -> Iterator[Proposal]:
    for category, whole in sorted(numbers.items()):
        if len(whole) >= LEAST and category in history.desk.categories and category not in history.desk.guides:
            yield Proposal(
                kind="guide",
                title=f"Write a guide for {category}",
                because=f"{len(whole)} tickets in the period, and its TSMs have no guide.",
                n=len(whole),
                how=f"maild improve guide {category} FILE",
                values={"category": category, "whole": len(whole)},
                tickets=listed(whole),
            )


def _skills(history: History, numbers: dict[str, list[int]]) -> Iterator[Proposal]:
    people = history.desk.skills
    for category, whole in sorted(numbers.items()):
        able = [name for name, skills in people if category in skills]
        if len(whole) >= LEAST and len(able) == 1 and len(people) > 1:
            second = _second(history, category, [name for name, _ in people if name not in able])
            yield Proposal(
                kind="skill",
                title=f"Teach {category} to a second TSM",
                because=f"{len(whole)} tickets in the period, and only {able[0]} has this skill.",
                n=len(whole),
                how=f"maild improve skill {category} {shlex.quote(second)}",
                values={"category": category, "whole": len(whole), "person": able[0]},
                tickets=listed(whole),
            )


def _second(history: History, category: str, others: Sequence[str]) -> str:
    """Who has had most of such tickets all the same; otherwise the first by name."""
    had = Counter(each.facts.assignee for each in history.courses if each.facts.category == category)
    return min(others, key=lambda name: (-had[name], name))


def _deadlines(history: History) -> Iterator[Proposal]:
    for clock, priority in sorted({(each.clock, each.priority or 0) for each in history.promises}):
        all_ = [each for each in history.promises if each.clock == clock and (each.priority or 0) == priority]
        these = sorted(all_, key=lambda each: each.due_at)[-NEWEST:]
        kept = sum(each.is_kept for each in these)
        if len(these) >= LEAST and wilson(kept, len(these))[1] < NEVER:
            yield Proposal(
                kind="deadline",
                title=f"{TITLES[clock][0]}, P{priority}: give it more time, or more people",
                because=f"Kept {kept} of the newest {len(these)} times.",
                n=len(these),
                how=_more_time(history, clock, priority),
                values={"clock": clock, "priority": priority, "kept": kept, "whole": len(these)},
                tickets=listed(each.ticket for each in these if not each.is_kept),
            )


def _more_time(history: History, clock: str, priority: int) -> str:
    longer = history.desk.longer.get((clock, priority))
    if longer is None:
        return f"priorities.toml: more {clock} in the [[service_level]] of these clients"
    return f"maild improve deadline {clock} {priority} {shlex.quote(longer)}"
