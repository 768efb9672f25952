"""A place on a scale from what the desk has learnt: the table's cues and the words of the mail, weighed together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from maild.classify.arrays import Floats, Singles
from maild.classify.ask import Counted, made_by
from maild.classify.because import name_of
from maild.classify.linear import LinearModel, read, softmax
from maild.classify.points import Fact, Points, Tally, count_cues, count_points
from maild.classify.verdict import Verdict

_HALF = 0.5
_LEAST = 0.05
"""A share that rounds to less says nothing."""


def place(text: str, counted: Counted, points: Points, facts: Sequence[Fact] = ()) -> Verdict:
    """The label of a scale; by the table alone where nothing was learnt, or not in this language.

    `text` is the subject, a blank line and the new text, `counted` what models count in it. `facts` count as in
    `count_points`. Any critical cue puts the lowest label out of reach.
    """
    model = points.learnt
    if (
        model is None
        or model.cues is None
        or (counted.language is not None and counted.language not in model.languages)
    ):
        return _by_table(text, counted, points, facts)
    tally, reading = count_cues(text, points), read(counted.counts, model)
    total = sum(fact.points for fact in facts)
    push = total * model.per_point + sum(share for _, share in _shares(tally, model))
    scores = np.log(np.maximum(reading.probabilities, 1e-12)) * model.temperature + push * direction(len(model.labels))
    probabilities = softmax(scores / model.temperature)
    best = middle(probabilities, is_critical=tally.is_critical)
    named = [f"{fact.name}: {fact.because} ({fact.points * model.per_point:+.1f})" for fact in facts]
    named += [told for told, share in _shares(tally, model) if abs(share) >= _LEAST]
    named += [f"words: {made_by(counted, model, reading, best)}"]
    because = ", ".join(named)
    confidence = float(probabilities[best])
    return Verdict(
        question=points.question, label=model.labels[best], confidence=confidence, because=because, model=model.digest
    )


def _by_table(text: str, counted: Counted, points: Points, facts: Sequence[Fact]) -> Verdict:
    """By the table; in a language that it does not know silence says nothing, so the lowest is out of reach."""
    verdict = count_points(text, points, facts)
    lowest = max(points.at_least) + 1
    if counted.language is None or counted.language in points.languages or verdict.label != str(lowest):
        return verdict
    because = f"it is written in {name_of(counted.language)}, which the table of words does not know: the middle"
    return replace(verdict, label=str(lowest - 1), because=because)


def direction(labels: int) -> Floats:
    """How a push is spread over the labels of a scale: 1 for the highest, -1 for the lowest."""
    return np.linspace(1.0, -1.0, labels)


def middle(probabilities: Floats | Singles, *, is_critical: bool) -> int:
    """The place of the median label: the one that errs least along the scale."""
    best = int(np.searchsorted(np.cumsum(probabilities), _HALF))
    return min(best, len(probabilities) - (2 if is_critical else 1))


def _shares(tally: Tally, model: LinearModel) -> list[tuple[str, float]]:
    """Each cue in words, and what it adds; a cue that is denied adds nothing."""
    cues = model.cues or {}
    pushed = [(one, one.points * model.per_point + cues.get(one.name, 0.0) * (one.points != 0)) for one in tally.found]
    return [(f"{one.name}: “{one.words}” ({share:+.1f})", share) for one, share in pushed]
