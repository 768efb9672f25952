"""Does the error budget hold? Thresholds proven on one part of real tickets, counted on another, over many splits.

Real tickets (Endava, eight categories as they are), one row of each near-duplicate group. A model learns from a third;
what it says about the others is held out. Each draw proves thresholds on some of those at random and counts, on all the
rest, how much of what would be decided is wrong. Beside it stand what `maild train` does, cautious and without a promise
where nothing is proven, and the naive way: the least threshold that kept the budget on the very texts it was chosen by.

Aim: a proven budget is broken in at most a tenth of the draws.
Takes two minutes. Run: python -m benchmarks.abstention --data FOLDER
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from maild.classify.arrays import Floats, Ints
from maild.classify.evaluation.interval import clopper_pearson
from maild.classify.linear import softmax
from maild.classify.text import model_text
from maild.classify.training.calibration import DELTA, calibrate
from maild.classify.training.corpora import rows_of
from maild.classify.training.desk.trusting import ENOUGH, trust
from maild.classify.training.learn_then_test import NEVER

DRAWS = 100
SIZES = (150, 300, 500, 2_000, 8_000)
BUDGETS = ("0.02", "0.05", "0.1")
SEED = 1


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the collections of texts")
    parser.add_argument("--draws", type=int, default=DRAWS)
    arguments = parser.parse_args()
    file = arguments.data / "endava_tickets" / "train.csv.gz"
    if not file.exists():
        print("endava_tickets: no data here")
        return
    scores, truth, labels = held_out(file)
    print(f"{len(truth):,} held-out tickets, {len(labels)} categories, right {(scores.argmax(1) == truth).mean():.3f}")
    print(f"{arguments.draws} draws; broken: more wrong than the budget, allowed in {DELTA:.0%} of the draws\n")
    print("texts  budget  way       broken  [95 %]          decided  wrong of these")
    for size in SIZES:
        for budget in BUDGETS:
            for way in WAYS:
                line(scores, truth, labels, size=size, budget=budget, way=way, draws=arguments.draws)


def held_out(file: Path) -> tuple[Floats, Ints, list[str]]:
    """Scores of two thirds of the tickets by a model of the other third, before temperature and softmax."""
    first = {row["near_duplicate_group"]: row for row in rows_of(file)}
    rows = [first[group] for group in sorted(first)]
    labels = sorted({row["category"] for row in rows})
    truth = np.array([labels.index(row["category"]) for row in rows])
    order = np.random.default_rng(SEED).permutation(len(rows))
    learnt, rest = order[: len(rows) // 3], order[len(rows) // 3 :]
    texts = [model_text("", row["text"]) for row in rows]
    vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    model = LogisticRegression(C=5, max_iter=300, random_state=SEED)
    model.fit(vectoriser.fit_transform([texts[row] for row in learnt]), truth[learnt])
    return model.decision_function(vectoriser.transform([texts[row] for row in rest])), truth[rest], labels


def line(scores: Floats, truth: Ints, labels: list[str], *, size: int, budget: str, way: str, draws: int) -> None:
    """Print how often the budget was broken, and what was bought with it."""
    chance = np.random.default_rng(SEED)
    broken, decided, wrong = 0, [], []
    for _ in range(draws):
        order = chance.permutation(len(truth))
        chosen, rest = order[:size], order[size:]
        temperature, least = WAYS[way](scores[chosen], truth[chosen], labels, budget)
        probabilities = softmax(scores[rest] / temperature)
        best = probabilities.argmax(axis=1)
        given = probabilities.max(axis=1) >= least[best]
        share = float((best != truth[rest])[given].mean()) if given.any() else 0.0
        broken += share > float(budget)
        decided.append(float(given.mean()))
        wrong.append(share)
    low, high = clopper_pearson(broken, draws)
    interval = f"[{low:.3f}, {high:.3f}]"
    print(
        f"{size:5}  {budget:>6}  {way:8}  {broken / draws:6.3f}  {interval:14}  {np.mean(decided):7.3f}"
        f"  {np.mean(wrong):.4f}",
        flush=True,
    )


def proven(scores: Floats, truth: Ints, labels: list[str], budget: str) -> tuple[float, Floats]:
    """What is promised."""
    found = calibrate(scores, truth, labels=labels, groups=np.arange(len(truth)))
    return found.temperature, np.array([found.thresholds[budget][label] for label in labels])


def trained(scores: Floats, truth: Ints, labels: list[str], budget: str) -> tuple[float, Floats]:
    """What `maild train` does."""
    groups = np.arange(len(truth))
    found = trust(scores, truth, groups=groups, labels=labels, silent=(), is_proof_tried=len(truth) >= ENOUGH)
    return found.temperature, np.array([found.thresholds[budget][label] for label in labels])


def naive(scores: Floats, truth: Ints, labels: list[str], budget: str) -> tuple[float, Floats]:
    """The least threshold for all labels that kept the budget here."""
    probabilities = softmax(scores)
    order = np.argsort(-probabilities.max(axis=1))
    wrong = np.cumsum((probabilities.argmax(axis=1) != truth)[order]) / np.arange(1, len(order) + 1)
    kept = np.flatnonzero(wrong <= float(budget))
    least = float(probabilities.max(axis=1)[order[kept[-1]]]) if len(kept) else NEVER
    return 1.0, np.full(len(labels), least)


WAYS = {"proven": proven, "trained": trained, "naive": naive}


if __name__ == "__main__":
    main()
