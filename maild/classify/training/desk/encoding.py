"""Whether the sentence encoder is used, and how much it counts: weighed once more where texts are many."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.telling import Tell
from maild.classify.training.calibration import loss_once_calibrated
from maild.classify.training.desk.ground import Ground
from maild.classify.training.desk.parts import LARGE, NEWEST, by_group, newest
from maild.classify.training.desk.recipe import Beside, Recipe, learn, learn_sense_model, score
from maild.classify.training.desk.senses import SECONDS

_SHARES = (0.25, 0.4, 0.55, 0.7)
"""What the encoder's model counts: little where tickets are long, most where labels are many and texts short and few."""

_PENALTIES = (0.1, 0.03)

_WORTH, _LEAST_WORTH = 0.02, 0.005
"""By what share of it, and by how much at least, the log-loss must fall for the sentence encoder to be used: it makes each
mail several times as dear."""


def ways_beside(texts: int) -> Iterator[Beside]:
    """What is tried; a hidden layer where there are texts enough to learn one."""
    penalties = (*_PENALTIES, None) if texts >= LARGE else _PENALTIES
    return (Beside(share=share, penalty=penalty) for penalty in penalties for share in _SHARES)


def as_training_would(recipe: Recipe, texts: int) -> Recipe:
    """The same for so many texts: without a hidden layer where training would not try one."""
    beside = recipe.beside
    if beside is None or beside.penalty is not None or texts >= LARGE:
        return recipe
    return replace(recipe, beside=replace(beside, penalty=_PENALTIES[0]))


def is_worth_it(by_words: float, beside: float) -> bool:
    """Compare two log-losses."""
    return by_words - beside >= max(_WORTH * by_words, _LEAST_WORTH)


def weigh_anew(ground: Ground, rows: Ints, chosen: Recipe, tell: Tell, *, by_time: bool = True) -> Recipe:
    """Choose once more by all of the rows, since words gain more by many texts than the encoder does."""
    if ground.senses is None or chosen.beside is None:
        return chosen
    minutes = -(-len(rows) * SECONDS // 60)
    tell(f"the sentence encoder reads all {len(rows):,} texts: some {minutes:.0f} min, less what it has read before")
    groups, alone = ground.groups[rows], replace(chosen, beside=None)
    part = newest(groups, 1 - NEWEST, 1.0) if by_time else by_group(groups, round(1 / NEWEST))[0]
    learnt, held_out = rows[part.learnt], rows[part.held_out]
    truth, words = ground.answers[held_out], score(ground, held_out, learn(ground, learnt, alone))
    losses = {alone: loss_once_calibrated(words, truth)}
    tell(f"of all, {alone}: log-loss {losses[alone]:.3f}")
    for penalty in dict.fromkeys((chosen.beside.penalty, None)):
        senses = learn_sense_model(ground, ground.senses, learnt, alone, penalty).scores(ground.senses.of(held_out))
        for share in _SHARES:
            recipe = replace(chosen, beside=Beside(share=share, penalty=penalty))
            losses[recipe] = loss_once_calibrated(_averaged(words, senses, share), truth)
            tell(f"of all, {recipe}: log-loss {losses[recipe]:.3f}")
    best = min(losses, key=lambda recipe: losses[recipe])
    return best if is_worth_it(losses[alone], losses[best]) else alone


def _averaged(words: Floats, senses: Floats, share: float) -> Floats:
    return np.asarray((1 - share) * words + share * senses)
