"""Pictures of the report: stacked bars, lines and steps over common axes."""

from collections.abc import Sequence
from html import escape
from math import isnan

from maild.cli.evaluating.svg import WIDTH, Frame, dot, path, percents, picture, tag
from maild.cli.reporting.numbers import said
from maild.knowledge.analysis.figure import Chart, Shape, Unit

COLOURS = ("one", "two", "three", "four", "five", "six")
HEIGHT = 230
MARKS = 6
"""Marks below a picture that a phone has room for."""

_STEPS = (1, 2, 5)
_BAR = 0.68


def draw(chart: Chart) -> str:
    """Draw it, with the key of its colours below."""
    top = _top(chart)
    frame = Frame(x=_across(chart), y=(0.0, top), height=HEIGHT, right=22)
    up = percents(0, 1, 0.25) if chart.unit is Unit.SHARE else _numbers(top)
    named = (chart.axis, "share, %" if chart.unit is Unit.SHARE else "tickets")
    parts = frame.axes(_thin(chart), up, named)
    parts += _bars(chart, frame) if chart.shape is Shape.BARS else _curves(chart, frame)
    return picture(HEIGHT, f"{chart.title}: {chart.means}", parts) + _key(chart)


def _across(chart: Chart) -> tuple[float, float]:
    last = len(chart.across) - 1
    return (-0.5, last + 0.5) if chart.shape is Shape.BARS else (0.0, float(max(1, last)))


def _top(chart: Chart) -> float:
    if chart.unit is Unit.SHARE:
        return 1.0
    if chart.shape is Shape.BARS:
        highest = max((sum(each) for each in zip(*chart.series.values(), strict=True)), default=0.0)
    else:
        highest = max((value for values in chart.series.values() for value in values), default=0.0)
    return max(4.0, highest * 1.05)


def _numbers(top: float) -> list[tuple[float, str]]:
    """Round marks of an axis, at most six."""
    step = next(mark * 10**power for power in range(9) for mark in _STEPS if top / (mark * 10**power) < MARKS)
    return [(float(value), f"{value:,}") for value in range(0, int(top) + 1, step)]


def _thin(chart: Chart) -> list[tuple[float, str]]:
    """Leave marks out where all of them would not fit; the last one always stands."""
    shown = [(float(place), name) for place, name in enumerate(chart.across) if name]
    step = 1 + (len(shown) - 1) // MARKS
    return [mark for place, mark in enumerate(shown) if (len(shown) - 1 - place) % step == 0]


def _bars(chart: Chart, frame: Frame) -> list[str]:
    parts, room = [], (WIDTH - frame.left - frame.right) / len(chart.across) * _BAR
    for place, name in enumerate(chart.across):
        base = 0.0
        for colour, (series, values) in zip(COLOURS, chart.series.items(), strict=False):
            across, low = frame.place(place, base)
            base += values[place]
            high = frame.place(place, base)[1]
            told = tag("title", escape(f"{name}, {series}: {said(values[place], chart.unit)}"))
            shape = {"x": across - room / 2, "y": high, "width": room, "height": low - high}
            parts.append(tag("rect", told, kind=f"bar {colour}", **shape) if low > high else "")
    return parts


def _curves(chart: Chart, frame: Frame) -> list[str]:
    parts = []
    for colour, (name, values) in zip(COLOURS, chart.series.items(), strict=False):
        points = [(float(place), value) for place, value in enumerate(values) if not isnan(value)]
        drawn = _stairs(points) if chart.shape is Shape.STEPS else points
        parts.append(path([frame.place(*point) for point in drawn], f"curve {colour}"))
        if chart.shape is Shape.LINES:
            for place, value in points:
                told = f"{chart.across[int(place)]}, {name}: {said(value, chart.unit)}"
                parts.append(dot(*frame.place(place, value), colour, radius=2.6, told=told))
    return parts


def _stairs(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A share stays what it is until the next step."""
    stairs = list(points[:1])
    for place, value in points[1:]:
        stairs += [(place, stairs[-1][1]), (place, value)]
    return stairs


def _key(chart: Chart) -> str:
    keys = (
        f'<span class="name"><i class="key {colour}"></i>{escape(name or "no category")}</span>'
        for colour, name in zip(COLOURS, chart.series, strict=False)
    )
    return f'<div class="keys">{"".join(keys)}</div>' if len(chart.series) > 1 else ""
