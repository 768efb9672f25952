"""How much of each collection a model learns from, so that none is all that it knows of a label."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from maild.classify.training.corpora import WRITTEN_CORPORA
from maild.classify.training.example import Example

_MOST = 3_000
"""Texts of one label from one collection: more of the same cost minutes and gain little."""

_WRITTEN = 0.5
"""The share of a label that mails written for a desk have: collections have hardly any. Chosen on whole collections and
worlds left out."""

_HEAVIEST = 20.0
"""Times the average that one text may weigh, so that a handful of texts of a rare label is not all that counts."""


def sample(examples: Sequence[Example], question: str, *, seed: int) -> list[Example]:
    """The examples that answer the question, at most so many of a label from a collection, each text once."""
    groups: defaultdict[tuple[str, str], dict[str, Example]] = defaultdict(dict)
    for example in examples:
        if question in example.labels:
            groups[example.corpus, example.labels[question]].setdefault(example.text, example)
    chance = np.random.default_rng(seed)
    chosen: list[Example] = []
    for key in sorted(groups):
        group = list(groups[key].values())
        order = chance.permutation(len(group))[:_MOST]
        chosen += [group[place] for place in sorted(order)]
    return chosen


def balance(examples: Sequence[Example], question: str) -> list[float]:
    """A weight for each example: every label weighs the same, and in it a collection by the root of its size.

    No example weighs more than twenty times the average, so labels of few examples weigh less.
    """
    keys = [(example.labels[question], example.corpus) for example in examples]
    sizes = Counter(keys)
    in_label: defaultdict[str, float] = defaultdict(float)
    for (label, _), size in sizes.items():
        in_label[label] += size**0.5
    each = len(examples) / len(in_label)
    return [min(each * sizes[key] ** -0.5 / in_label[key[0]], _HEAVIEST) for key in keys]


def learning_weights(examples: Sequence[Example], question: str) -> list[float]:
    """Likewise, but mails written for a desk have a share of their own of each label that collections have, too.

    For learning alone: what a model believes of itself is asked of texts as they are in `balance`.
    """
    weights = np.array(balance(examples, question))
    written = np.array([example.corpus.startswith(WRITTEN_CORPORA) for example in examples])
    labels = np.array([example.labels[question] for example in examples])
    for label in sorted(set(labels.tolist())):
        of_label = labels == label
        whole, ours, others = (weights[of_label & which].sum() for which in (True, written, ~written))
        if ours and others:
            weights[of_label & written] *= whole * _WRITTEN / ours
            weights[of_label & ~written] *= whole * (1 - _WRITTEN) / others
    return [min(weight, _HEAVIEST) for weight in weights.tolist()]
