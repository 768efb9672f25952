"""Pictures with two axes: can confidence be believed, what abstaining buys, what more labels would bring."""

from collections.abc import Sequence

from maild.classify.evaluation.coverage import Coverage
from maild.classify.evaluation.evaluation import Standing
from maild.classify.evaluation.relearning import Point
from maild.classify.evaluation.reliability import Reliability
from maild.cli.evaluating.svg import Frame, dot, line, path, percents, picture, words

_STEP = 0.2
_CURVES = ("one", "two", "three")


def reliability_picture(found: Reliability) -> str:
    """Confidence against the share that is right: on the diagonal a model keeps its word."""
    lowest = min([_down(each.confidence) for each in found.bins] + [_down(each.right.low) for each in found.bins])
    frame = Frame(x=(lowest, 1.0), y=(lowest, 1.0), height=300)
    marks = percents(lowest, 1.0, _STEP if lowest < 1 - 2 * _STEP else _STEP / 2)
    parts = frame.axes(marks, marks, ("confidence, %", "right, %"))
    parts.append(path([frame.place(lowest, lowest), frame.place(1, 1)], "ideal"))
    for each in found.bins:
        across, low = frame.place(each.confidence, each.right.low)
        high = frame.place(each.confidence, each.right.high)[1]
        parts.append(line(across, low, across, high, "whisker one"))
    for each in found.bins:
        told = f"{each.confidence:.0%} sure, {each.right.value:.0%} right (n = {each.right.n})"
        parts.append(dot(*frame.place(each.confidence, each.right.value), "one", told=told))
    return picture(300, "Reliability diagram: how often answers of each confidence are right", parts)


def coverage_picture(standings: Sequence[Standing], budget: float) -> str:
    """How much is decided against how much of that is wrong; the ring is where the thresholds in force stand."""
    told = [standing for standing in standings if standing.scores.coverage.curve][: len(_CURVES)]
    worst = max(error for standing in told for _, error in standing.scores.coverage.curve)
    top = max(_up(worst), _up(2 * budget))
    frame = Frame(x=(0, 1), y=(0, top), height=260)
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if top / step <= 6)  # noqa: PLR2004 - more would not fit
    parts = frame.axes(percents(0, 1, _STEP), percents(0, top, step), ("decided, %", "wrong of them, %"))
    left, height = frame.place(0, budget)
    right = frame.place(1, budget)[0]
    parts += [
        line(left, height, right, height, "ideal"),
        words(left + 4, height - 5, "budget", kind="faint"),
    ]
    for kind, standing in zip(_CURVES, told, strict=False):
        parts.append(path([frame.place(*point) for point in standing.scores.coverage.curve], f"curve {kind}"))
        parts += _in_force(frame, standing.scores.coverage, kind)
    return picture(260, "Coverage against error: the more is decided, the more is wrong", parts)


def _in_force(frame: Frame, coverage: Coverage, kind: str) -> list[str]:
    if not coverage.wrong.n:
        return []
    told = f"thresholds in force: {coverage.given.value:.0%} decided, {coverage.wrong.value:.1%} of them wrong"
    return [dot(*frame.place(coverage.given.value, coverage.wrong.value), f"ring {kind}", radius=6, told=told)]


def learning_picture(points: Sequence[Point]) -> str:
    """Texts learnt from, each mark twice the one before, against macro-F1."""
    lowest = min(_down(point.macro_f1.low) for point in points)
    frame = Frame(x=(0, len(points) - 1), y=(lowest, 1.0), height=240)
    marks = percents(lowest, 1.0, _STEP if lowest < 1 - 2 * _STEP else _STEP / 2)
    shown = [(float(place), f"{point.texts:,}") for place, point in enumerate(points)]
    thin = [mark for place, mark in enumerate(shown) if (len(shown) - 1 - place) % (1 + len(shown) // 7) == 0]
    parts = frame.axes(thin, marks, ("texts learnt from", "macro-F1, %"))
    for place, point in enumerate(points):
        across, low = frame.place(place, point.macro_f1.low)
        parts.append(line(across, low, across, frame.place(place, point.macro_f1.high)[1], "whisker one"))
    parts.append(path([frame.place(place, point.macro_f1.value) for place, point in enumerate(points)], "curve one"))
    for place, point in enumerate(points):
        told = f"{point.texts:,} texts: {point.macro_f1}"
        parts.append(dot(*frame.place(place, point.macro_f1.value), "one", told=told))
    return picture(240, "Learning curve: macro-F1 by the number of texts learnt from", parts)


def _down(value: float) -> float:
    """The next lower mark."""
    return max(0.0, min(0.8, int(value / _STEP) * _STEP))


def _up(value: float) -> float:
    return next((mark for mark in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8) if value <= mark), 1.0)
