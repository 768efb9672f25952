"""The line of the weekly summary: a history becomes at most ten facts. Pure."""

from collections.abc import Sequence

from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.proposals import Proposal, propose
from maild.knowledge.analysis.recurring import find_recurring, issues_of
from maild.knowledge.weekly.changes import tell_changes
from maild.knowledge.weekly.fact import Fact, Part
from maild.knowledge.weekly.looks import tell_looks

MOST = 10
"""Lines; who has more to read reads the report."""

WEEKS = 13
"""That the history should have: trends and proposals need more than one."""

TO_DO = 2
"""Lines kept free for what to do, where there is something."""


def tell_week(history: History) -> list[Fact]:
    """Its last week beside the one before, and what the whole of it says to do."""
    recurring = find_recurring(*issues_of(history))
    changed, proposals = tell_changes(history), propose(history, recurring)
    named = {each.values.get("name") for each in proposals}
    looks = [each for each in tell_looks(history, recurring) if each.values.get("name", "") not in named]
    return chosen(changed, looks, [_to_do(each) for each in proposals])


def chosen(changed: Sequence[Fact], looks: Sequence[Fact], to_do: Sequence[Fact]) -> list[Fact]:
    """The most urgent of them, ten at most."""
    kept = min(len(to_do), TO_DO)
    shown = [*changed, *looks[: MOST - len(changed) - kept]]
    return [*shown, *to_do[: MOST - len(shown)]]


def _to_do(proposal: Proposal) -> Fact:
    return Fact(
        part=Part.DO,
        kind=proposal.kind,
        values={**proposal.values, "how": proposal.how},
        n=proposal.n,
        tickets=proposal.tickets,
    )
