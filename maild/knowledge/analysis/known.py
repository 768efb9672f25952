"""Known: incidents, and what the knowledge base does. Pure."""

from maild.knowledge.analysis.figure import Figure, Grid, Row, Section, Unit, a_share, listed
from maild.knowledge.analysis.history import History

MOST = 15
HELPED = "confirmed"


def tell_incidents(history: History) -> Section:
    """What was proposed and declared in the period."""
    rows = tuple(
        Row(cells=(title, standing, len(tickets)), n=len(tickets), tickets=listed(tickets))
        for title, standing, tickets in history.incidents[:MOST]
    )
    return Section(
        name="incidents",
        title="Incidents",
        grids=(
            Grid(
                name="incidents",
                title="Many tickets with one cause",
                means="Dismissed and undone ones were false alarms.",
                columns=(("incident", Unit.WORDS), ("standing", Unit.WORDS), ("tickets", Unit.COUNT)),
                rows=rows,
            ),
        )
        if rows
        else (),
        notes=() if rows else ("None yet.",),
    )


def tell_articles(history: History) -> Section:
    """Articles, and what became of those that were suggested."""
    rows = tuple(
        Row(cells=(each.title, each.name, len(each.tickets)), n=len(each.tickets), tickets=listed(each.tickets))
        for each in history.articles[:MOST]
    )
    return Section(
        name="articles",
        title="Knowledge base",
        figures=_figures(history),
        grids=(
            Grid(
                name="articles",
                title="Most cases behind them",
                means="How many tickets are behind each article.",
                columns=(("article", Unit.WORDS), ("name", Unit.WORDS), ("tickets", Unit.COUNT)),
                rows=rows,
            ),
        )
        if rows
        else (),
        notes=() if rows else ("No articles yet: they are made from post-mortems.",),
    )


def _figures(history: History) -> tuple[Figure, ...]:
    settled = {outcome: number for outcome, number in history.suggestions.items() if outcome}
    whole = sum(settled.values())
    return (
        Figure(
            name="articles",
            title="Articles",
            means="Case studies in the knowledge base that are not retired.",
            unit=Unit.COUNT,
            value=len(history.articles),
            n=len(history.articles),
        ),
        a_share(
            "suggestions_helped",
            "Suggestions that helped",
            "Suggested articles of which it was then said that they were about the same, among those about which anything was said.",
            hits=settled.get(HELPED, 0),
            n=whole,
        ),
    )
