"""What the desk's own training makes of these cases, each answered by a model that has not learnt from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.encoder.sentences import Encoder
from maild.classify.evaluation.answers import Answers
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.cases import Case, as_examples
from maild.classify.evaluation.counts import confusion, macro_f1
from maild.classify.evaluation.folds import in_folds
from maild.classify.evaluation.interval import Measured
from maild.classify.evaluation.scored import Scored
from maild.classify.linear import LinearModel, softmax
from maild.classify.telling import Tell
from maild.classify.training.desk.encoding import as_training_would
from maild.classify.training.desk.ground import Ground, lay_ground
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import hold_out, silent_labels
from maild.classify.training.desk.parts import Part, split
from maild.classify.training.desk.recipe import Recipe, learn, score
from maild.classify.training.desk.trusting import ENOUGH, trust

_FIRST_SIZE = 50
_DRAWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a learning curve."""

    texts: int
    macro_f1: Measured


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relearnt:
    """Held-out answers of the desk's own training."""

    rows: Ints
    """Places in the cases; the answers are in this order."""

    answers: Answers
    how: str
    """How the texts were held out, in words."""

    recipe: str
    curve: tuple[Point, ...]


def relearn(
    cases: Sequence[Case],
    question: str,
    *,
    base: LinearModel | None,
    allowed: Collection[str] | None,
    budget: float,
    tell: Tell,
    encoder: Encoder | None = None,
) -> Relearnt:
    """Train on parts of the cases and answer the others. Raises Refused where they are too few to learn from."""
    history = prepare(as_examples(cases, question), question, allowed=allowed)
    ground = lay_ground(history, base, _still_there(base, allowed), encoder)
    parts = split(history.examples)
    held_out = hold_out(ground, parts, tell)
    groups = np.unique(ground.groups[held_out.rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    silent, is_proof_tried = silent_labels(history, base, ground), len(np.unique(groups)) >= ENOUGH
    leaves_room = held_out.recipe.beside is not None
    as_trained = partial(
        trust, labels=ground.labels, silent=silent, is_proof_tried=is_proof_tried, leaves_room=leaves_room
    )
    place_of = {case.text: place for place, case in enumerate(cases)}
    return Relearnt(
        rows=np.array([place_of[history.examples[row].text] for row in held_out.rows], dtype=np.int64),
        answers=in_folds(
            held_out.scores, ground.answers[held_out.rows], groups, ground.labels, budget=budget, calibrate=as_trained
        ),
        how=parts.how,
        recipe=str(held_out.recipe),
        curve=tuple(_curve(ground, parts.parts[0], held_out.recipe, tell)),
    )


def _still_there(base: LinearModel | None, allowed: Collection[str] | None) -> Sequence[str]:
    labels = base.labels if base else ()
    return [label for label in labels if allowed is None or label in allowed or (base and label in base.silent)]


def _curve(ground: Ground, part: Part, recipe: Recipe, tell: Tell) -> list[Point]:
    """The same texts answered by models of ever more of the newest others."""
    groups = np.unique(ground.groups[part.held_out], return_inverse=True)[1].astype(np.int64).reshape(-1)
    sizes = [_FIRST_SIZE * 2**power for power in range(20) if _FIRST_SIZE * 2**power < len(part.learnt)]
    found = []
    for size in (*sizes, len(part.learnt)):
        tell(f"learning from {size} texts")
        rows = part.learnt[-size:]
        if len(set(ground.answers[rows].tolist())) < 2:  # noqa: PLR2004 - one label is no question
            continue
        scores = score(ground, part.held_out, learn(ground, rows, as_training_would(recipe, size)))
        found.append(Point(texts=size, macro_f1=_macro_f1(softmax(scores), ground, part.held_out, groups)))
    return found


def _macro_f1(probabilities: Floats, ground: Ground, rows: Ints, groups: Ints) -> Measured:
    scored = Scored(
        labels=ground.labels,
        truth=ground.answers[rows],
        probabilities=probabilities,
        groups=groups,
        given=np.ones(len(rows), dtype=bool),
    )
    return bootstrap(lambda weights: np.array([macro_f1(confusion(scored, weights))]), groups, draws=_DRAWS)[0]
