"""Examples to a model and its card, for one question."""

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import sklearn

from maild.classify.evaluation.scored import numbered
from maild.classify.linear import softmax
from maild.classify.telling import Tell
from maild.classify.training.calibration import choose_thresholds, fit_temperature, no_guarantee
from maild.classify.training.card import write_card, write_model
from maild.classify.training.corpora import TECHNICAL_LABELS, data_digest
from maild.classify.training.example import Example
from maild.classify.training.fitting import Fitted, fit, new_vectoriser, shared_terms
from maild.classify.training.heldout import HeldOut, hold_out, main_sources
from maild.classify.training.learn_then_test import NEVER
from maild.classify.training.report import calibration_error, per_corpus, per_label, rows_per_label
from maild.classify.training.sampling import balance, learning_weights, sample
from maild.classify.training.sources import sources
from maild.classify.training.unseen import rank

DEFAULT_BUDGET = "0.05"
SILENT = {"technical": (), "category": ("legal", "other", "sales")}
"""Labels that are learnt so that their texts are told apart, and never given: they mean none of the others."""


def train(examples: Sequence[Example], question: str, out: Path, *, seed: int, tell: Tell = lambda _: None) -> None:
    """Write `<question>.npz` and `<question>.json` into `out`: the same examples and seed give the same files."""
    chosen = sample(examples, question, seed=seed)
    tell(f"{question}: reading {len(chosen)} texts")
    texts = [example.text for example in chosen]
    vectoriser = new_vectoriser(shared_terms(texts, [example.corpus for example in chosen]))
    rows = vectoriser.fit_transform(texts)
    answers = [example.labels[question] for example in chosen]
    labels = sorted(set(answers))
    main = sorted(main_sources(examples, question))
    held_out = hold_out(chosen, question, vectoriser, rows, labels, main=main, seed=seed, tell=tell)
    tell(f"{question}: with everything")
    fitted = fit(vectoriser, rows, answers, learning_weights(chosen, question), seed=seed)
    write_model(out / f"{question}.npz", fitted, chosen)
    write_card(
        out / f"{question}.json",
        {
            **_origin(chosen, question, fitted, seed),
            **_quality(chosen, question, labels, held_out),
            "held_out_in_folds": main,
        },
    )


def _origin(chosen: Sequence[Example], question: str, fitted: Fitted, seed: int) -> dict[str, Any]:
    """What the model is and what it was made of."""
    return {
        "question": question,
        "labels": list(fitted.labels),
        "silent_labels": list(SILENT[question]),
        "technical_labels": list(TECHNICAL_LABELS) if question == "category" else [],
        "languages": ["en"],
        "kind": KIND,
        "terms": len(fitted.weights),
        "data_digest": data_digest(chosen),
        "rows": rows_per_label(chosen, question),
        "seed": seed,
        "made_with": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "sources": sources(example.corpus for example in chosen),
    }  # fmt: skip


def _quality(chosen: Sequence[Example], question: str, labels: Sequence[str], held_out: HeldOut) -> dict[str, Any]:
    """Temperature, thresholds and scores, all from texts that the scoring model had not seen."""
    truth = np.array([labels.index(example.labels[question]) for example in chosen])
    weights = balance(chosen, question)
    temperature = fit_temperature(held_out.scores, truth, weights)
    probabilities = softmax(held_out.scores / temperature)
    silent = [labels.index(label) for label in SILENT[question]]
    is_common = question == "category"
    groups = numbered([example.group for example in chosen])
    thresholds = _cautious(
        choose_thresholds(
            probabilities,
            truth,
            labels=labels,
            silent=SILENT[question],
            weights=weights,
            groups=groups,
            is_common=is_common,
        )
    )
    least = np.array([thresholds[DEFAULT_BUDGET].get(label, NEVER) for label in labels])
    unseen = softmax(held_out.unseen / temperature)
    return {
        "temperature": temperature,
        "thresholds": thresholds,
        "thresholds_why": THRESHOLDS_WHY,
        "guarantee": dict(no_guarantee(len(np.unique(groups)), is_common=is_common)),
        "calibration_error": calibration_error(probabilities, truth, weights),
        "scores_per_label": per_label(probabilities, truth, labels),
        "scores_per_collection": per_corpus(probabilities, truth, chosen, least, silent),
        "left_out_whole": per_corpus(unseen, truth, chosen, least, silent),
        "left_out_whole_ranking": _ranking(chosen, question, labels, held_out),
        "left_out_whole_means": LEFT_OUT_MEANS,
        "limits": LIMITS[question],
    }


KIND = (
    "TF-IDF of words and pairs of words that several collections use; logistic regression, in which the "
    "words of hand-written lists share a part of their weight (maild/classify/training/concepts.py)"
)


def _ranking(chosen: Sequence[Example], question: str, labels: Sequence[str], held_out: HeldOut) -> dict[str, Any]:
    """Of a question of yes and no: how well collections that were left out whole are told apart."""
    if list(labels) != ["no", "yes"]:
        return {}
    found = rank(chosen, question, "yes", held_out.unseen, labels)
    return {
        one.name: {
            "n": one.auc.n,
            "auc": round(one.auc.value, 4),
            "recall_at_specificity_0.9": round(one.recall.value, 4),
        }
        for one in found
    }


def _cautious(thresholds: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """No label of a shipped model is given that it believes to be wrong more than four times as often as allowed.

    A label of one collection alone is told so easily there that a low confidence would do, and not so elsewhere.
    """
    return {
        budget: {label: max(least, round(1 - 4 * float(budget), 4)) for label, least in of_labels.items()}
        for budget, of_labels in thresholds.items()
    }


THRESHOLDS_WHY = (
    "Error budget to label to least confidence, by Learn then Test, and never less than 1 - 4 x budget. Each collection was scored by a model that had not seen it; those that a label "
    "mainly comes from in folds by near-duplicate group, since a model without them would not know the label. Every "
    "label weighs the same. Categories share one threshold: alone each has so few texts that chance moves its own by .06. More than 1 means never. The budget holds for such texts; a desk's own mail is a further "
    "step away."
)

LEFT_OUT_MEANS = (
    "Each collection scored by a model of all the others, at the threshold of budget 0.05. Labels that only the left "
    "out collection has cannot be right there: a low number for endava says that its labels have no other source. "
    "decided counts given labels only, not the background."
)

LIMITS = {
    "technical": "Technical means: asks us to fix, change or explain something technical. The lists of kin words were written by somebody who knew what the collections are about, so collections left out are not as unknown as a desk's mail. Short questions how to do something, and mail about technology that asks nothing, are where it errs. Mails to a software vendor's desk, and most everyday ones, were written for maild: nobody sent them.",
    "category": "sales and legal have only mails written for maild, other none that a desk has sent: the three are learnt as background and never said. What is known of everyday mails to a desk is from mails written for maild, by several hands: nobody sent them. network, email, hardware and software of the ticket collection were told apart by words (relabel.py): scores on them say how well that rule was learnt. billing is learnt from customers of banks and of a chat, hr and purchase from one company.",
}
