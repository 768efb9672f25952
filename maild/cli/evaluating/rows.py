"""Pictures with a row a thing: scores with their intervals, and which labels are taken for which."""

from collections.abc import Sequence
from html import escape

from maild.classify.evaluation.interval import Measured
from maild.cli.evaluating.svg import WIDTH, dot, line, picture, tag, words

_ROW = 26
_NAMES = 112
"""Room for the names; longer ones are cut, and told whole when they are pointed at."""

_RIGHT = WIDTH - 62
"""Behind it stands the score in numbers."""

_MARKS = 5
_LONGEST = 17
_LEANING = 36
"""Room for the last name above the columns, which leans to the right."""

_LEGIBLE = 20
"""A cell of fewer units has no room for a number."""


def interval_picture(rows: Sequence[tuple[str, Measured]], described: str) -> str:
    """A dot for each score on a line from 0 to 100 %, with its interval; "too few" where it is not told."""
    left, right, bottom = _NAMES, _RIGHT, 14 + _ROW * len(rows)
    lowest = min((_floor(measured.low) for _, measured in rows if measured.is_firm), default=0.0)
    parts = []
    for mark in range(_MARKS + 1):
        across = left + (right - left) * mark / _MARKS
        parts.append(line(across, 6, across, bottom, "grid"))
        parts.append(
            words(across, bottom + 16, f"{100 * (lowest + (1 - lowest) * mark / _MARKS):.0f}", anchor="middle")
        )
    for place, (name, measured) in enumerate(rows):
        height = 6 + _ROW * (place + 0.5)
        parts.append(tag("g", tag("title", escape(name)), words(left - 8, height + 4, _short(name), anchor="end")))
        parts += _interval(name, measured, height, lowest)
    return picture(bottom + 24, described, parts)


def _interval(name: str, measured: Measured, height: float, lowest: float) -> list[str]:
    if not measured.is_firm:
        return [words(_NAMES + 4, height + 4, str(measured), kind="faint")]
    unit = (_RIGHT - _NAMES) / (1 - lowest)
    low, middle, high = (
        _NAMES + unit * (max(lowest, value) - lowest) for value in (measured.low, measured.value, measured.high)
    )
    return [
        line(low, height, high, height, "whisker one"),
        dot(middle, height, "one", told=f"{name}: {measured} (n = {measured.n:,})"),
        words(WIDTH - 4, height + 4, f"{100 * measured.value:.1f}", anchor="end", kind="value"),
    ]


def confusion_picture(names: Sequence[str], table: Sequence[Sequence[int]]) -> str:
    """Rows: the true label; columns: what was said; the darker, the larger the share of the row."""
    size = min(44.0, (WIDTH - _NAMES - _LEANING) / len(names))
    top = 74
    parts = []
    for row, name in enumerate(names):
        across, up = _NAMES + size * (row + 0.5), top + size * (row + 0.5)
        parts.append(tag("g", tag("title", escape(name)), words(_NAMES - 6, up + 4, _short(name), anchor="end")))
        parts.append(words(across + 3, top - 7, _short(name, 11), turn=-45))
        total = sum(table[row]) or 1
        for column, number in enumerate(table[row]):
            parts += _cell(
                _NAMES + size * column, top + size * row, size, number, number / total, is_right=row == column
            )
    parts.append(words(_NAMES - 6, top - 9, "true \u2193  said \u2192", anchor="end", kind="faint"))
    return picture(top + size * len(names) + 6, "Confusion: true labels by row, said labels by column", parts)


def _cell(x: float, y: float, size: float, number: int, share: float, *, is_right: bool) -> list[str]:
    kind = "cell right" if is_right else "cell wrong"
    room = size - 1.5
    parts = [
        tag("rect", x=x, y=y, width=room, height=room, rx=2, kind="cell empty"),
        tag("rect", x=x, y=y, width=room, height=room, rx=2, kind=kind, fill_opacity=f"{share**0.6:.3f}"),
    ]
    if number and size >= _LEGIBLE:
        strong = "number strong" if share > 0.5 else "number"  # noqa: PLR2004 - white on dark from here on
        parts.append(words(x + room / 2, y + room / 2 + 4, _brief(number), anchor="middle", kind=strong))
    return parts


def _brief(number: int) -> str:
    return f"{number}" if number < 1_000 else f"{number / 1000:.1f}k".replace(".0k", "k")  # noqa: PLR2004 - thousands


def _short(name: str, most: int = _LONGEST) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}\u2026"


def _floor(value: float) -> float:
    """One of two scales, so that pictures can be compared by eye."""
    return 0.0 if value < 1 / 2 else 0.5
