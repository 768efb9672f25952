"""From a desk's labels of urgency or impact to a scale, or to the answer that the table stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.ask import count
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.counts import confusion, kappa
from maild.classify.evaluation.interval import Measured
from maild.classify.evaluation.scored import Scored
from maild.classify.linear import softmax
from maild.classify.points import Points, count_cues
from maild.classify.scale import direction, middle, place
from maild.classify.telling import Tell
from maild.classify.training.calibration import fit_temperature
from maild.classify.training.desk.content import Arrays, mark, marks, pack
from maild.classify.training.desk.ground import Ground, lay_ground
from maild.classify.training.desk.history import LEAST_OF_LANGUAGE, History
from maild.classify.training.desk.line import Trained
from maild.classify.training.desk.origin import made_of
from maild.classify.training.desk.parts import by_group, split
from maild.classify.training.desk.scale import Scale, Signs, fit_scale, score_scale, signs_of
from maild.classify.training.desk.weighing import Weighing, vectors, weigh
from maild.errors import Refused

KIND = "the table's cues and TF-IDF of the words, weighed together; adjacent-category logits"
PENALTIES = (None, 1.0, 0.3, 0.1)
"""For the words' weights; None: only the cues are learnt."""

NOTHING_NEW = (
    "what answers now has learnt from every text that was held out, so that nothing can be compared. "
    "No model was made; what answers now stays. Wait for new labels."
)

_FOLDS = 3
_MOST = 20_000
"""Newest texts that a scale learns from: one push has few numbers to learn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """The ground of a scale, and what its table sees there."""

    ground: Ground
    signs: Signs
    points: Points


def train_scale(
    history: History, points: Points, *, serving: Points, trained_on: Collection[int] = (), tell: Tell = lambda _: None
) -> Trained:
    """Learn a scale on top of its table. `serving`: what answers now, the table alone or with what it has learnt.

    `trained_on`: marks of the texts that what answers now has learnt from.
    Raises Refused where what was learnt does not beat or match it on texts that neither had learnt from.
    """
    history = _readable(history, points)
    ground = lay_ground(history, None, [str(label) for label in (*sorted(points.at_least), len(points.at_least) + 1)])
    tell(f"{len(history.examples)} texts: looking for cues")
    signs = signs_of([count_cues(example.whole, points) for example in history.examples], points)
    seen = Seen(ground=ground, signs=signs, points=points)
    parts = split(history.examples)
    penalty = _choose(seen, parts.parts[0].learnt, tell)
    scores = np.concatenate([_hold_out(seen, part.learnt, part.held_out, penalty) for part in parts.parts])
    rows = np.concatenate([part.held_out for part in parts.parts])
    temperature = fit_temperature(scores, ground.answers[rows], np.ones(len(rows)))
    new = np.array([mark(history.examples[row].text) not in trained_on for row in rows], dtype=bool)
    if not new.any():
        raise Refused(f"{history.question}: {NOTHING_NEW}")
    judged = _judge(seen, history, rows[new], scores[new] / temperature, serving)
    everything = np.arange(len(history.examples))
    weighing = weigh(ground.counts, everything)
    penalty = _choose(seen, everything, tell)
    scale = fit_scale(signs, vectors(ground.counts, weighing, everything), ground.answers, points, penalty)
    card = {
        **made_of(history, KIND), "languages": _languages(history), "labels": list(ground.labels), "silent_labels": [],
        "technical_labels": [], "base": None, "recipe": f"penalty {penalty}" if penalty else "cues alone",
        "terms": len(weighing.words) if penalty else 0, "temperature": round(temperature, 4),
        "cues": _cues(scale, points), "per_point": round(scale.per_point, 4), "held_out": parts.how,
        "thresholds": {"0.01": dict.fromkeys(ground.labels, 0.0)},
        "guarantee": {"holds": "none", "because": "a scale always answers; a person sees why and corrects"}, **judged,
    }  # fmt: skip
    return Trained(content=pack({**_arrays(scale, weighing), "trained_on": marks(history.examples)}), card=card)


def _readable(history: History, points: Points) -> History:
    """Refuse what a scale cannot be learnt from; the newest are enough."""
    if not _languages(history):
        raise Refused(
            f"{points.question}: {len(history.examples)} labelled texts, but {LEAST_OF_LANGUAGE} in one language are needed. "
            "No model was made; the table of points stays."
        )
    return history.newest(_MOST)


def _languages(history: History) -> list[str]:
    spoken = [example.language for example in history.examples]
    return sorted({name for name in spoken if name and spoken.count(name) >= LEAST_OF_LANGUAGE})


def _choose(seen: Seen, rows: Ints, tell: Tell) -> float | None:
    """The penalty under which held-out labels are likeliest."""
    losses = []
    for penalty in PENALTIES:
        total, texts = 0.0, 0
        for part in by_group(seen.ground.groups[rows], _FOLDS):
            held_out = rows[part.held_out]
            probabilities = softmax(_hold_out(seen, rows[part.learnt], held_out, penalty))
            total -= float(np.log(probabilities[np.arange(len(held_out)), seen.ground.answers[held_out]]).sum())
            texts += len(held_out)
        losses.append(total / max(texts, 1))
        tell(f"{f'penalty {penalty}' if penalty else 'cues alone'}: log-loss {losses[-1]:.3f}")
    return PENALTIES[int(np.argmin(losses))]


def _hold_out(seen: Seen, learnt: Ints, held_out: Ints, penalty: float | None) -> Floats:
    counts = seen.ground.counts
    weighing = weigh(counts, learnt)
    words = vectors(counts, weighing, learnt)
    scale = fit_scale(seen.signs.only(learnt), words, seen.ground.answers[learnt], seen.points, penalty)
    return score_scale(scale, seen.signs.only(held_out), vectors(counts, weighing, held_out))


def _judge(seen: Seen, history: History, rows: Ints, scores: Floats, serving: Points) -> dict[str, Any]:
    """Kappa beside what answers now, and how often a critical text was called low. Raises Refused where it is not ahead."""
    own = [
        middle(each, is_critical=bool(critical))
        for each, critical in zip(softmax(scores), seen.signs.is_critical[rows], strict=True)
    ]
    theirs = [
        seen.ground.labels.index(_said(history.examples[row].whole, history.examples[row].text, serving))
        for row in rows
    ]
    sides = [_scored(seen.ground, rows, said) for said in (own, theirs)]
    measured = [_kappa(sides[:1]), _kappa(sides[1:]), _kappa(sides)]
    told = (
        f"{measured[0]} learnt, {measured[1]} now, difference {measured[2]} (quadratic-weighted kappa, n = {len(rows)})"
    )
    if not measured[2].is_firm or measured[2].value < 0:
        raise Refused(f"{history.question}: {told}. No model was made; what answers now stays.")
    highest = seen.ground.answers[rows] == 0
    low = np.array(own) == len(seen.ground.labels) - 1
    better = measured[2].low > 0
    return {
        "scores": {"n": len(rows), "accuracy": round(float((np.array(own) == seen.ground.answers[rows]).mean()), 4), "kappa": str(measured[0]), "kappa_now": str(measured[1])},
        "critical_called_low": {"n": int(highest.sum()), "called_low": int((highest & low).sum())},
        "compared": {"against": serving.learnt.digest if serving.learnt else "", "n": len(rows), "judgement": "better" if better else "match", "because": told},
    }  # fmt: skip


def _said(whole: str, text: str, serving: Points) -> str:
    return str(place(whole, count(text, None), serving).label)


def _scored(ground: Ground, rows: Ints, said: Sequence[int]) -> Scored:
    return Scored(
        labels=ground.labels, truth=ground.answers[rows], probabilities=np.eye(len(ground.labels))[np.array(said, dtype=int)],
        groups=np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1),
        given=np.ones(len(rows), dtype=bool), has_confidence=False,
    )  # fmt: skip


def _kappa(sides: Sequence[Scored]) -> Measured:
    """Of one side, or the difference of two."""

    def counting(weights: Floats) -> Floats:
        found = [kappa(confusion(side, weights)) for side in sides]
        return np.array([found[0] - sum(found[1:])])

    return bootstrap(counting, sides[0].groups)[0]


def _cues(scale: Scale, points: Points) -> dict[str, float]:
    return {cue.name: round(float(weight), 4) for cue, weight in zip(points.cues, scale.cues, strict=True)}


def _arrays(scale: Scale, weighing: Weighing) -> Arrays:
    words = weighing.words if len(scale.words) else ()
    spread = scale.words[:, None] * direction(len(scale.intercept))[None, :]
    return {
        "vocabulary": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "idf": weighing.idf if len(words) else np.zeros(0, dtype=np.float32),
        "weights": spread.astype(np.float16),
        "intercept": scale.intercept.astype(np.float32),
    }
