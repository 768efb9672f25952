"""The line of the analysis: a history becomes sections and proposals. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.knowledge.analysis.backlog import tell_backlog
from maild.knowledge.analysis.figure import Section
from maild.knowledge.analysis.flow import tell_flow
from maild.knowledge.analysis.forecast import find_intervals, tell_forecast
from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.hotspots import tell_hotspots
from maild.knowledge.analysis.known import tell_articles, tell_incidents
from maild.knowledge.analysis.load import tell_load
from maild.knowledge.analysis.models import tell_models
from maild.knowledge.analysis.promises import tell_promises
from maild.knowledge.analysis.proposals import Proposal, propose
from maild.knowledge.analysis.recurring import find_recurring, issues_of, tell_recurring
from maild.knowledge.analysis.returning import tell_returning
from maild.knowledge.analysis.times import tell_times
from maild.knowledge.analysis.trends import tell_trends


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What the report tells."""

    sections: Sequence[Section]
    proposals: Sequence[Proposal]


def analyse(history: History) -> Analysis:
    """Ask every question of the history."""
    issues, courses = issues_of(history)
    recurring = find_recurring(issues, courses)
    sections = (
        tell_flow(history),
        tell_backlog(history),
        tell_times(history),
        tell_promises(history),
        tell_returning(history),
        tell_trends(history),
        tell_recurring(recurring, len(issues)),
        tell_hotspots(history),
        tell_incidents(history),
        tell_articles(history),
        tell_load(history),
        tell_models(history),
        tell_forecast(find_intervals(history)),
    )
    return Analysis(sections=sections, proposals=propose(history, recurring))
