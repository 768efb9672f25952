"""Numbers of the report, as people read them."""

from maild.knowledge.analysis.figure import Cell, Figure, Unit

DAY, WEEKS = 24, 21 * 24
LEAST_CHANCE = 0.001
"""Below it three decimals would say that there is none."""

NOTHING = "\N{EN DASH}"


def hours(value: float) -> str:
    """Give minutes, hours or days, whichever is short."""
    if value < 1:
        return f"{round(value * 60)} min"
    if value < 2 * DAY:
        return f"{value:.1f} h"
    return f"{value / DAY:,.1f} d" if value < WEEKS else f"{value / DAY:,.0f} d"


def said(value: Cell, unit: Unit) -> str:
    """Write a value in its unit; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    return _number(value, unit)


def _number(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{100 * value:.0f} %"
    if unit is Unit.HOURS:
        return hours(value)
    if unit is Unit.COUNT:
        return f"{value:,.0f}"
    if unit is Unit.CHANCE:
        return f"{value:.3f}" if value >= LEAST_CHANCE else f"< {LEAST_CHANCE}"
    return f"{value:.1g}" if 0 < abs(value) < 0.01 else f"{value:.2f}"  # noqa: PLR2004 - two decimals would show none


def interval(figure: Figure) -> str:
    """Write the 95 % interval; empty where there is none."""
    if figure.low is None and figure.high is None:
        return ""
    low, high = said(figure.low, figure.unit), said(figure.high, figure.unit)
    return f"95 %: {low} to {'unknown' if high == NOTHING else high}"
