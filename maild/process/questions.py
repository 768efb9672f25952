"""Questions about a mail, and the closed set of labels of each: what a desk's configuration allows people to say."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from maild.process.people.team import Team
from maild.process.priority import Priorities

FIXED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "technical": ("yes", "no"),
        "reply_intent": (
            "resolved",
            "not_resolved",
            "partly",
            "new_problem",
            "question",
            "information",
            "thanks",
            "automatic",
        ),
        "kind": ("person", "spam", "bulk"),
    }
)
"""The same in every desk. Bounces and automatic mail are known by their header fields, so nobody needs to say them."""

QUESTIONS = ("technical", "category", "team", "urgency", "impact", "reply_intent", "kind")

ANOTHER_SPELLING: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"technical": MappingProxyType({"1": "yes", "0": "no", "true": "yes", "false": "no", "y": "yes", "n": "no"})}
)
"""How other programs write a label."""

Questions = Mapping[str, Sequence[str]]
"""Question to its closed set of labels."""


def questions_of(categories: Iterable[str], priorities: Priorities, team: Team) -> Questions:
    """Every question with the labels that this desk allows."""
    scales = {"urgency": tuple(map(str, priorities.urgency)), "impact": tuple(map(str, priorities.impact))}
    teams = tuple(sorted(other.name for other in team.others))
    allowed = {**FIXED, **scales, "category": tuple(sorted(categories)), "team": teams}
    return {question: allowed[question] for question in QUESTIONS}


def read_label(questions: Questions, question: str, written: str) -> str | None:
    """The label that is meant; None where the question has no such label."""
    meant = written.strip().casefold()
    meant = ANOTHER_SPELLING.get(question, {}).get(meant, meant)
    return next((label for label in questions.get(question, ()) if label.casefold() == meant), None)


def explain_label(questions: Questions, question: str, written: str) -> str:
    """Why `read_label` gave None, and what is allowed."""
    if question not in questions:
        return f"{question!r} is no question; allowed are {', '.join(questions)}"
    near = get_close_matches(written.strip().casefold(), questions[question], n=1)
    guess = f" (is {near[0]} meant?)" if near else ""
    return f"{question} = {written!r} is no label of this desk{guess}; allowed are {', '.join(questions[question]) or 'none'}"
