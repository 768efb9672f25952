"""Hotspots: where category, client's domain, product and week meet more often than they should by themselves. Pure."""

from collections import Counter

from maild.knowledge.analysis.course import of_the_desk
from maild.knowledge.analysis.figure import NO_CATEGORY, Grid, Row, Section, Unit, listed
from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.several import RATE, adjusted

LEAST = 4
"""Tickets in one place and week below which nothing is a hotspot."""

MOST = 15
"""Hotspots that are told."""

Place = tuple[str, str, str, int]


def tell_hotspots(history: History) -> Section:
    """Places with more tickets than category, domain, product and week explain by themselves."""
    from scipy.special import pdtrc  # late: as in weekly.changes

    period = history.period
    opened = [each for each in of_the_desk(history.courses) if period.has(each.facts.opened_at)]
    cells: dict[Place, list[int]] = {}
    margins: tuple[Counter[object], ...] = (Counter(), Counter(), Counter(), Counter())
    for course in opened:
        facts = course.facts
        place = (facts.category, facts.domain, facts.product, period.week(facts.opened_at))
        cells.setdefault(place, []).append(facts.number)
        for margin, value in zip(margins, place, strict=True):
            margin[value] += 1
    tested = sorted(place for place, numbers in cells.items() if len(numbers) >= LEAST)
    expected = {place: _expected(place, margins, len(opened)) for place in tested}
    chances = [float(pdtrc(len(cells[place]) - 1, expected[place])) for place in tested]
    # Every place that could have been one was looked at, also those with too few tickets: they count as tests.
    corrected = adjusted([*chances, *[1.0] * (len(cells) - len(tested))])[: len(tested)]
    found = sorted((chance, place) for chance, place in zip(corrected, tested, strict=True) if chance <= RATE)
    rows = tuple(
        Row(
            cells=(
                place[0] or NO_CATEGORY,
                place[1],
                place[2] or "-",
                period.weeks[place[3]],
                len(cells[place]),
                expected[place],
                chance,
            ),
            n=len(cells[place]),
            tickets=listed(cells[place]),
        )
        for chance, place in found[:MOST]
    )
    return _section(rows, len(cells))


def _expected(place: Place, margins: tuple[Counter[object], ...], whole: int) -> float:
    """As if category, domain, product and week knew nothing of each other."""
    expected = float(whole)
    for margin, value in zip(margins, place, strict=True):
        expected *= margin[value] / whole
    return expected


def _section(rows: tuple[Row, ...], looked_at: int) -> Section:
    columns = (
        ("category", Unit.WORDS),
        ("client", Unit.WORDS),
        ("product", Unit.WORDS),
        ("week from", Unit.WORDS),
        ("tickets", Unit.COUNT),
        ("expected", Unit.RATE),
        ("p", Unit.CHANCE),
    )
    none = () if rows else (f"No hotspot among {looked_at} places.",)
    return Section(
        name="hotspots",
        title="Hotspots",
        grids=(
            Grid(
                name="hotspots",
                title="More than expected",
                means="Expected is what category, client, product and week would give if they had nothing to do with each other.",
                columns=columns,
                rows=rows,
            ),
        ),
        notes=(
            *none,
            (
                f"Tested by the Poisson distribution, at least {LEAST} tickets, corrected for all {looked_at} places looked at "
                f"(Benjamini and Hochberg 1995), p at most {RATE}. One client who writes often about one thing is a hotspot too."
            ),
        ),
    )
