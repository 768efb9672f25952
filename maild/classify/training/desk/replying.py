"""From a desk's labels of replies to a model that corrects the shipped phrases, or to the answer that they stay alone."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from maild.classify.arrays import Bools
from maild.classify.ask import count
from maild.classify.evaluation.paired import SIGNIFICANT, sign_test, told_p
from maild.classify.intent.intents import PHRASES, Intents
from maild.classify.intent.reply_intent import reply_intent
from maild.classify.intent.reply_learnt import CLOSES, learn_from, settle
from maild.classify.models import thresholds_of
from maild.classify.telling import Tell
from maild.classify.text import model_text
from maild.classify.training.desk.content import arrays_of, mark, marks, pack
from maild.classify.training.desk.ground import Base, Ground, lay_ground
from maild.classify.training.desk.history import History
from maild.classify.training.desk.judging import HeldOut, confidence, probabilities_of
from maild.classify.training.desk.line import UNSPOKEN, Trained, hold_out, learn_all
from maild.classify.training.desk.origin import origin
from maild.classify.training.desk.parts import split
from maild.errors import Refused

KIND = "the shipped phrases' verdict, and TF-IDF of the words; ridge logistic regression"
STAYS = "No model was made; what answers now stays."

_PUSH = 2.0
"""What the phrases' verdict adds to its label's score before anything is learnt: seven times as likely as another."""

Said = list[str | None]
"""One label a reply; None: a person decides."""


def train_replies(
    history: History,
    intents: Intents,
    *,
    error_budget: float,
    trained_on: Collection[int] = (),
    tell: Tell = lambda _: None,
) -> Trained:
    """Learn what replies mean on top of the phrases. `intents`: what answers now, the phrases alone or with labels.

    `trained_on`: marks of the texts that what answers now has learnt from. Raises Refused where what was learnt is not
    ahead of what answers now on texts that neither had learnt from, or would call more replies resolved that are not.
    """
    if not history.languages:
        raise Refused(f"reply_intent: {UNSPOKEN}")
    tell(f"{len(history.examples)} replies: reading them by the phrases")
    phrases = [_by_phrases(example.whole, intents) for example in history.examples]
    ground = _on_phrases(lay_ground(history, None, ()), phrases)
    parts = split(history.examples)
    held_out = hold_out(ground, parts, tell)
    learnt = learn_all(ground, held_out, tell)
    judged = confidence(ground, held_out, history.silent)
    sure = sure_of(ground, held_out, judged, error_budget)
    own = [settle(phrases[row], label) for row, label in zip(held_out.rows.tolist(), sure, strict=True)]
    seen = _seen(history, ground, held_out, own, intents)
    card = {
        **origin(history, ground, learnt, None), "kind": KIND, "technical_labels": [], "held_out": parts.how, **judged,
        "compared": _compared(seen, intents, trained_on),
    }  # fmt: skip
    arrays = arrays_of(ground, learnt)
    nothing = np.zeros((len(PHRASES), len(ground.labels)), dtype=np.float32)
    arrays["phrases"] = arrays.pop("mixing", nothing)
    read = np.union1d(marks(history.examples), [mark(_as_evaluated(each.whole)) for each in history.examples])
    return Trained(content=pack({**arrays, "trained_on": read.astype(np.uint32)}), card=card)


def _on_phrases(ground: Ground, phrases: Said) -> Ground:
    """The phrases' verdicts stand in the place of a shipped model."""
    said = np.eye(len(PHRASES))[[PHRASES.index(label) for label in phrases]]
    same = np.array([[_PUSH * (label == given) for given in ground.labels] for label in PHRASES])
    each = np.eye(len(PHRASES))
    return replace(ground, base=Base(offset=said @ same, block=said, to_offset=same, to_block=each))


def sure_of(ground: Ground, held_out: HeldOut, judged: dict[str, Any], budget: float) -> Said:
    """What the labels alone are sure of, of the held-out texts."""
    probabilities = probabilities_of(held_out, judged)
    least = thresholds_of(judged["thresholds"], ground.labels, budget)
    return [
        ground.labels[place]
        if row[place] >= least[place] and ground.labels[place] not in judged["silent_labels"]
        else None
        for row, place in zip(probabilities, probabilities.argmax(axis=1).tolist(), strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """The held-out replies: what is true, and what a service says of them; an empty string leaves it to a person."""

    marks: list[int]
    truth: Any
    now: Any
    then: Any
    """With the candidate."""

    beside: Any
    """Whether words beside it are not understood: a person reads such a reply before it closes anything."""

    groups: Any

    def only(self, rows: Bools) -> "_Seen":
        """These replies alone."""
        kept = [mark for mark, is_kept in zip(self.marks, rows.tolist(), strict=True) if is_kept]
        return _Seen(
            marks=kept, truth=self.truth[rows], now=self.now[rows], then=self.then[rows],
            beside=self.beside[rows], groups=self.groups[rows],
        )  # fmt: skip


def _seen(history: History, ground: Ground, held_out: HeldOut, own: Said, intents: Intents) -> _Seen:
    rows = held_out.rows.tolist()
    return _Seen(
        marks=[mark(history.examples[row].text) for row in rows],
        truth=np.array([ground.labels[ground.answers[row]] for row in rows]),
        now=np.array([_now(history.examples[row].whole, intents) or "" for row in rows]),
        then=np.array([label or "" for label in own]),
        beside=np.array([_has_beside(history.examples[row].whole, intents) for row in rows], dtype=bool),
        groups=np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1),
    )


def _compared(seen: _Seen, intents: Intents, trained_on: Collection[int]) -> dict[str, Any]:
    """Beside what answers now, on held-out replies that it has not learnt from. Raises Refused where it is not ahead."""
    new = np.array([each not in trained_on for each in seen.marks], dtype=bool)
    if not new.any():
        raise Refused(f"reply_intent: what answers now has learnt from every reply that was held out. {STAYS}")
    seen = seen.only(new)
    truth, now, then = seen.truth, seen.now, seen.then
    won, lost = (then == truth) & (now != truth), (now == truth) & (then != truth)
    p = sign_test(won, lost, seen.groups)
    closes, closed = (_closes_wrongly(said, truth, seen.beside) for said in (then, now))
    told = (
        f"right {(then == truth).mean():.1%} and wrong {_wrong(then, truth).mean():.1%}, "
        f"now right {(now == truth).mean():.1%} and wrong {_wrong(now, truth).mean():.1%}, the others left to a person "
        f"(n = {len(truth)}, {told_p(p)}); closed by itself and not resolved: {closes}, now {closed}"
    )
    if closes > closed or won.sum() <= lost.sum():
        raise Refused(f"reply_intent: {told}. {STAYS}")
    return {
        "against": intents.learnt.digest if intents.learnt else "", "n": len(truth), "wins": int(won.sum()),
        "losses": int(lost.sum()), "p": float(f"{p:.2g}"), "judgement": "better" if p < SIGNIFICANT else "match", "because": told,
    }  # fmt: skip


def _wrong(said: Any, truth: Any) -> Bools:
    """Said, and not so."""
    return np.asarray((said != "") & (said != truth))


def _closes_wrongly(said: Any, truth: Any, beside: Any) -> int:
    return int(((said == CLOSES) & (truth != CLOSES) & ~beside).sum())


def _has_beside(whole: str, intents: Intents) -> bool:
    return reply_intent(_words(whole), intents).beside is not None


def _by_phrases(whole: str, intents: Intents) -> str | None:
    label = reply_intent(_words(whole), intents).label
    return label if label in PHRASES else None


def _now(whole: str, intents: Intents) -> str | None:
    """What a service says today."""
    said, model = _by_phrases(whole, intents), intents.learnt
    return said if model is None else settle(said, learn_from(said, count(_text(whole), None), model).label)


def _words(whole: str) -> str:
    """The new text, without the subject that stands above it."""
    return whole.partition("\n\n")[2]


def _text(whole: str) -> str:
    return model_text("", _words(whole))


def _as_evaluated(whole: str) -> str:
    """As an evaluation marks it, by subject and words."""
    return model_text(*whole.split("\n\n", 1))
