"""From a desk's hand-offs to a model of its teams, which must do better than the configuration would without it."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from maild.classify.ask import ask, count
from maild.classify.encoder.sentences import Encoder
from maild.classify.evaluation.interval import LEAST
from maild.classify.evaluation.paired import SIGNIFICANT, sign_test, told_p
from maild.classify.telling import Tell
from maild.classify.training.desk.content import arrays_of, mark, marks, pack
from maild.classify.training.desk.ground import lay_ground
from maild.classify.training.desk.history import History
from maild.classify.training.desk.judging import Champion, confidence
from maild.classify.training.desk.line import UNSPOKEN, Trained, hold_out, learn_all
from maild.classify.training.desk.origin import origin
from maild.classify.training.desk.parts import split
from maild.classify.training.desk.remembering import remember
from maild.classify.training.desk.replying import Said, sure_of
from maild.classify.training.example import Example
from maild.errors import Refused

ByRule = Callable[[Example], str | None]
"""The team that claims a mail by the configuration alone; None: none does."""


def train_teams(
    history: History,
    by_rule: ByRule,
    *,
    allowed: Collection[str],
    front: str | None,
    champion: Champion | None = None,
    error_budget: float,
    encoder: Encoder | None = None,
    tell: Tell = lambda _: None,
) -> Trained:
    """Learn who takes what is not technical. `allowed`: the teams of today, `front`: the one that takes what none claims.

    `champion`: what answers now, if anything does. Raises Refused where nothing can be learnt.
    """
    if not history.languages:
        raise Refused(f"team: {UNSPOKEN}")
    tell(f"{len(history.examples)} hand-offs, {len(history.rows)} teams")
    ground = lay_ground(history, None, (), encoder, [champion.model] if champion else [])
    parts = split(history.examples)
    held_out = hold_out(ground, parts, tell)
    learnt = learn_all(ground, held_out, tell)
    judged = confidence(ground, held_out, history.silent)
    examples = [history.examples[row] for row in held_out.rows.tolist()]
    claims = [by_rule(example) for example in examples]
    now = _served(_sure_now(examples, champion, allowed), claims, front, champion.model.given if champion else ())
    taught = set(ground.labels) - set(history.silent)
    then = _served(sure_of(ground, held_out, judged, error_budget), claims, front, taught)
    groups = np.unique(ground.groups[held_out.rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    card = {
        **origin(history, ground, learnt, None), "shipped": None, "technical_labels": [], "held_out": parts.how, **judged,
        "compared": _compared(examples, now, then, groups, champion),
    }  # fmt: skip
    carried = {**arrays_of(ground, learnt), **remember(ground, learnt, history.examples)}
    return Trained(content=pack({**carried, "trained_on": marks(history.examples)}), card=card)


def _served(sure: Said, claims: Said, front: str | None, taught: Collection[str]) -> Said:
    """Who gets each mail: a team that too few labels have named is known by its own claim alone, as in service."""
    return [
        (claim or front) if label is None or (claim is not None and claim not in taught) else label
        for label, claim in zip(sure, claims, strict=True)
    ]


def _sure_now(examples: Sequence[Example], champion: Champion | None, allowed: Collection[str]) -> Said:
    """What the model in service is sure of."""
    if champion is None:
        return [None] * len(examples)
    asked = (count(example.text, example.language or None) for example in examples)
    return [ask(counted, champion.model, allowed).label for counted in asked]


def _compared(
    examples: Sequence[Example], now: Said, then: Said, groups: Any, champion: Champion | None
) -> dict[str, Any]:
    """Beside what happens now, on held-out mails that what answers now has not learnt from."""
    read = set(champion.trained_on.tolist()) if champion else set()
    new = np.array([mark(example.text) not in read for example in examples], dtype=bool)
    truth = np.array([example.labels["team"] for example in examples])
    is_right, was_right = (np.array(said, dtype=object) == truth for said in (then, now))
    won, lost = is_right & ~was_right & new, was_right & ~is_right & new
    p = sign_test(won[new], lost[new], groups[new])
    judgement, n = _judge(int(won.sum()), int(lost.sum()), p, len(np.unique(groups[new]))), int(new.sum())
    told = f"right {is_right[new].mean():.1%}, now {was_right[new].mean():.1%} (n = {n}, {told_p(p)})" if n else "n = 0"
    return {
        "against": champion.model.digest if champion else "", "n": n, "wins": int(won.sum()),
        "losses": int(lost.sum()), "p": float(f"{p:.2g}"), "judgement": judgement, "because": told,
    }  # fmt: skip


def _judge(wins: int, losses: int, p: float, independent: int) -> str:
    """As good as before is good enough: the model's answers are explained, and watched by the audit."""
    if independent < LEAST:
        return "unclear"
    if losses > wins:
        return "worse" if p < SIGNIFICANT else "unclear"
    return "better" if p < SIGNIFICANT else "match"
