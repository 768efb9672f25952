"""From a desk's labelled history to a model: prepare, split, choose, hold out, learn, compare."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from maild.classify.encoder.sentences import Encoder
from maild.classify.linear import LinearModel, softmax
from maild.classify.telling import Tell
from maild.classify.training.desk.comparing import choose
from maild.classify.training.desk.content import arrays_of, mark, marks, pack
from maild.classify.training.desk.distrust import Answered, answer_in_folds, distrust, weigh_down
from maild.classify.training.desk.ground import Ground, lay_ground
from maild.classify.training.desk.history import History
from maild.classify.training.desk.judging import Champion, HeldOut, compared, confidence, independent
from maild.classify.training.desk.origin import Shipped, origin
from maild.classify.training.desk.parts import Parts, split
from maild.classify.training.desk.recipe import Learnt, learn, score
from maild.classify.training.desk.remembering import remember
from maild.classify.training.desk.trusting import ENOUGH
from maild.errors import Refused

_MOST_READ = 0.1
"""Share of a history that the shipped model may have learnt from and still be leant on."""


UNSPOKEN = (
    "in which language its texts are is known of none of them, and a model answers in languages alone that it has read. "
    "No model was made; the one in service stays. Give the texts a column language when they are imported."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A model of the desk's own, which nobody has put into service."""

    content: bytes
    card: Mapping[str, Any]


def train_desk(
    history: History,
    *,
    shipped: Shipped | None = None,
    champion: Champion | None = None,
    allowed: Collection[str] | None = None,
    technical_labels: Collection[str] = (),
    encoder: Encoder | None = None,
    tell: Tell = lambda _: None,
) -> Trained:
    """Learn from the desk's labels on top of what ships; the same labels give the same model.

    `champion`: the model in service, compared on the same held-out texts. `allowed`: the labels that the desk has
    today (None: any). `encoder`: used where the history shows that it helps.
    """
    came_with = shipped.model.digest if shipped else None
    tell(f"{len(history.examples)} texts, {len(history.rows)} labels")
    if shipped is not None and _has_read(shipped, history) > _MOST_READ:
        tell("the shipped model has learnt from these very texts: it is left aside")
        shipped = None
    base = shipped.model if shipped else None
    ground = lay_ground(history, base, _still_there(base, allowed), encoder, [champion.model] if champion else [])
    parts = split(history.examples)
    held_out = hold_out(ground, parts, tell)
    learnt = learn_all(ground, held_out, tell)
    stands_on = shipped if learnt.recipe.leans else None
    if not history.languages and stands_on is None:
        raise Refused(UNSPOKEN)
    silent = silent_labels(history, base, ground)
    judged = confidence(ground, held_out, silent)
    card = {
        **origin(history, ground, learnt, stands_on),
        "shipped": came_with,
        "technical_labels": sorted(label for label in ground.labels if label in technical_labels),
        "held_out": parts.how,
        **judged,
        "compared": compared(champion, ground, history, held_out, judged),
    }
    own, carried = arrays_of(ground, learnt), remember(ground, learnt, history.examples)
    return Trained(content=pack({**own, **carried, "trained_on": marks(history.examples)}), card=card)


def hold_out(ground: Ground, parts: Parts, tell: Tell) -> HeldOut:
    """Score each part's texts by a model of those that it may learn from, by the recipe that suits the oldest."""
    recipe = choose(ground, parts.parts[0].learnt, tell, by_time=parts.by_time)
    rows, scores, answered = [], [], None
    for number, part in enumerate(parts.parts, start=1):
        tell(f"holding out {len(part.held_out)} texts, {number} of {len(parts.parts)}")
        answered = answer_in_folds(ground, part.learnt, recipe)
        rows.append(part.held_out)
        scores.append(score(ground, part.held_out, learn(weigh_down(ground, answered), part.learnt, recipe)))
    if answered is not None:
        answered = Answered(
            rows=np.concatenate([answered.rows, rows[-1]]),
            probabilities=np.concatenate([answered.probabilities, softmax(scores[-1])]),
        )
    return HeldOut(recipe=recipe, rows=np.concatenate(rows), scores=np.concatenate(scores), answered=answered)


def learn_all(ground: Ground, held_out: HeldOut, tell: Tell) -> Learnt:
    """Learn from every text, by the recipe that was held out wherever the card is to promise something about it.

    What holding out has told of doubtful labels is told again by no further models.
    """
    everything = np.arange(len(ground.answers))
    if independent(ground, held_out) >= ENOUGH:
        tell("learning from all of them")
        return learn(weigh_down(ground, held_out.answered), everything, held_out.recipe)
    recipe = choose(ground, everything, tell)  # nothing is promised, and the whole history knows better what suits it
    tell("learning from all of them")
    return learn(distrust(ground, everything, recipe), everything, recipe)


def _has_read(shipped: Shipped, history: History) -> float:
    """The share of the history that the shipped model has learnt from: there it is surer than it will be of new mail."""
    read = frozenset(shipped.trained_on)
    return sum(mark(example.text) in read for example in history.examples) / len(history.examples)


def _still_there(base: LinearModel | None, allowed: Collection[str] | None) -> Sequence[str]:
    """The base's labels that the desk has today; those that are never given stay, as background."""
    if base is None:
        return ()
    return [label for label in base.labels if allowed is None or label in allowed or label in base.silent]


def silent_labels(history: History, base: LinearModel | None, ground: Ground) -> tuple[str, ...]:
    """Labels that are never given: too rare here, and unknown or silent in the base too."""
    said = [label for label in history.rows if label not in history.silent]
    given = {label for label in base.labels if label not in base.silent} if base else set()
    return tuple(label for label in ground.labels if label not in said and label not in given)
