"""The recipe of the shipped models, judged on the collections that they are trained from."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from maild.classify.evaluation.answers import Answers, score
from maild.classify.evaluation.baselines import most_frequent
from maild.classify.evaluation.evaluation import Evaluation, Standing
from maild.classify.evaluation.folds import in_folds
from maild.classify.evaluation.measures import measure
from maild.classify.evaluation.paired import compare
from maild.classify.evaluation.scored import numbered
from maild.classify.telling import Tell
from maild.classify.training.calibration import calibrate
from maild.classify.training.corpora import read_corpora
from maild.classify.training.example import Example
from maild.classify.training.fitting import new_vectoriser, shared_terms
from maild.classify.training.heldout import hold_out, main_sources
from maild.classify.training.line import DEFAULT_BUDGET, SILENT
from maild.classify.training.sampling import sample

SEED = 1

HOW = (
    "each collection scored by a model of the same recipe that has not seen it; those that a label mainly comes from "
    "in folds by near-duplicate group"
)
PROMISE = f"at most {100 * float(DEFAULT_BUDGET):g} % wrong: a cautious default and no promise; these texts are no desk's mail"


def evaluate_collections(folder: Path, wanted: Sequence[str], *, tell: Tell) -> list[Evaluation]:
    """Train and hold out as the shipped models' training does: minutes. Raises Refused where a collection is missing."""
    tell("reading the collections")
    examples = read_corpora(folder)
    return [_evaluate(examples, question, tell) for question in SILENT if question in wanted]


def _evaluate(examples: Sequence[Example], question: str, tell: Tell) -> Evaluation:
    chosen = sample(examples, question, seed=SEED)
    texts, answers = [example.text for example in chosen], [example.labels[question] for example in chosen]
    labels, groups = sorted(set(answers)), numbered([example.group for example in chosen])
    vectoriser = new_vectoriser(shared_terms(texts, [example.corpus for example in chosen]))
    rows = vectoriser.fit_transform(texts)
    main = sorted(main_sources(examples, question))
    held_out = hold_out(chosen, question, vectoriser, rows, labels, main=main, seed=SEED, tell=tell)
    truth = np.array([labels.index(answer) for answer in answers], dtype=np.int64)
    budget, silent = float(DEFAULT_BUDGET), SILENT[question]
    often = most_frequent(answers)
    proving = partial(calibrate, labels=labels, silent=silent)
    contestants = [
        ("in service", "the recipe of the shipped model", in_folds(held_out.scores, truth, groups, labels, budget=budget, calibrate=proving)),
        ("majority", f"always {often}", _always(labels.index(often), labels, len(chosen))),
    ]  # fmt: skip
    scored = [score(each, answers, groups, labels) for _, _, each in contestants]
    tell(f"{question}: counting")
    return Evaluation(
        question=question,
        texts=len(chosen),
        labels=dict(sorted(Counter(answers).items())),
        how=HOW,
        standings=tuple(
            Standing(name=name, what=what, scores=measure(each), versus=compare(scored[0], each) if place else None)
            for place, ((name, what, _), each) in enumerate(zip(contestants, scored, strict=True))
        ),
        promise=PROMISE,
    )


def _always(place: int, labels: Sequence[str], number: int) -> Answers:
    probabilities = np.zeros((number, len(labels)))
    probabilities[:, place] = 1
    given = np.ones(number, dtype=bool)
    return Answers(labels=tuple(labels), probabilities=probabilities, given=given, has_confidence=False)
