"""Answers: what a model, a table or a plain rule says about cases, made comparable."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.ask import ask, count
from maild.classify.evaluation.cases import Case
from maild.classify.evaluation.scored import Scored
from maild.classify.linear import LinearModel, softmax
from maild.classify.points import Points
from maild.classify.scale import place
from maild.classify.training.desk.counting import count_texts
from maild.classify.training.desk.senses import Senses
from maild.classify.training.desk.weighing import scores_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """One row a case."""

    labels: tuple[str, ...]
    """Those that the contestant knows."""

    probabilities: Floats
    """Shape (cases, labels)."""

    given: Bools
    """Shape (cases,): whether a service would give the best label."""

    has_confidence: bool


Answering = Callable[[Sequence[Case]], Answers]
"""Answers cases of one question, without looking at their labels."""


def of_model(model: LinearModel, allowed: Collection[str] | None = None) -> Answering:
    """A learnt model with its thresholds; `allowed`: the labels that the desk has (None: the model's own)."""

    def answer(cases: Sequence[Case]) -> Answers:
        texts = [case.text for case in cases]
        read = Senses(encoder=model.encoder, texts=texts).of(np.arange(len(texts))) if model.encoder else None
        scores = scores_of(model, count_texts(texts), senses=read)
        asked = (ask(count(case.text, case.language), model, allowed) for case in cases)
        return Answers(
            labels=model.labels,
            probabilities=softmax(scores / model.temperature, model.none_of_them),
            given=np.array([verdict.label is not None for verdict in asked], dtype=bool),
            has_confidence=True,
        )

    return answer


def of_points(points: Points) -> Answering:
    """A table of points over named cues, and what the desk has learnt on top of it, where it has."""

    def rule(case: Case) -> str | None:
        return place(case.whole, count(case.text, case.language), points).label

    return of_rule(rule, ("1", "2", "3"), otherwise="2")


def of_rule(rule: Callable[[Case], str | None], labels: Sequence[str], *, otherwise: str) -> Answering:
    """A rule; where it says nothing, `otherwise` stands for it and is not given."""

    def answer(cases: Sequence[Case]) -> Answers:
        said = [rule(case) for case in cases]
        known = tuple(sorted({*labels, otherwise, *(label for label in said if label is not None)}))
        places = [known.index(otherwise if label is None else label) for label in said]
        return Answers(
            labels=known,
            probabilities=np.eye(len(known))[places].reshape(len(cases), len(known)),
            given=np.array([label is not None for label in said], dtype=bool),
            has_confidence=False,
        )

    return answer


def score(answers: Answers, truth: Sequence[str], groups: Ints, labels: Sequence[str]) -> Scored:
    """Set answers beside the truth; `labels`: all that any contestant or the truth knows, in the order of the report."""
    probabilities = np.zeros((len(truth), len(labels)))
    probabilities[:, [labels.index(label) for label in answers.labels]] = answers.probabilities
    return Scored(
        labels=tuple(labels),
        truth=np.array([labels.index(label) for label in truth], dtype=np.int64),
        probabilities=probabilities,
        groups=groups,
        given=answers.given,
        has_confidence=answers.has_confidence,
    )
