"""Urgency and impact after about 200 labels: the table alone and what is learnt on top of it, each text held out once.

The texts are those of benchmarks.urgency. The table was made while looking at most of them, so it has an advantage that it
will not have at a desk; and one person's reading is no ground truth. Nothing here is a claim about a real desk.

Takes some five minutes. Run: python -m benchmarks.scales [--data FOLDER]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.urgency import ROOT, Row, sample, triage
from maild.classify.arrays import Floats, Ints
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.counts import confusion, kappa
from maild.classify.evaluation.scored import Scored
from maild.classify.linear import softmax
from maild.classify.points import count_cues, count_points, read_points
from maild.classify.scale import middle
from maild.classify.text import model_text
from maild.classify.training.desk.counting import count_texts
from maild.classify.training.desk.scale import fit_scale, score_scale, signs_of
from maild.classify.training.desk.weighing import vectors, weigh

FOLDS = 5
SPLITS = 5
LABELS = ("1", "2", "3")


def main() -> None:
    """Print a line for each scale and penalty."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the collections of texts")
    data = parser.parse_args().data
    rows = [*triage(), *(sample(data) if data else [])]
    for place, question in enumerate(("urgency", "impact")):
        report(question, rows, np.array([row.label[place] - 1 for row in rows]))


def report(question: str, rows: Sequence[Row], truth: Ints) -> None:
    """Kappa of the table and of what is learnt, and how often the highest was called the lowest."""
    table = read_points(ROOT / "models" / f"{question}.json")
    by_table = np.array([int(count_points(row.text, table).label or 2) - 1 for row in rows])
    print(f"{question}, n = {len(rows)}")
    print(f"  the table alone            {told([by_table], truth)}")
    signs = signs_of([count_cues(row.text, table) for row in rows], table)
    counts = count_texts([model_text("", row.text) for row in rows])
    for penalty in (None, 1.0, 0.3, 0.1):
        said = []
        for split in range(SPLITS):
            fold = np.random.default_rng(split).permutation(len(rows)) % FOLDS
            answers = np.zeros(len(rows), dtype=np.int64)
            for one in range(FOLDS):
                learnt, held_out = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
                words = weigh(counts, learnt)
                scale = fit_scale(signs.only(learnt), vectors(counts, words, learnt), truth[learnt], table, penalty)
                found = softmax(score_scale(scale, signs.only(held_out), vectors(counts, words, held_out)))
                critical = signs.is_critical[held_out]
                answers[held_out] = [middle(each, is_critical=bool(c)) for each, c in zip(found, critical, strict=True)]
            said.append(answers)
        print(f"  {f'words, penalty {penalty}' if penalty else 'cues alone':<26} {told(said, truth)}")


def told(said: Sequence[Ints], truth: Ints) -> str:
    """Mean kappa over the splits, with the interval of the first; and the highest that were called the lowest."""
    found = [kappa(confusion(scored(each, truth))) for each in said]

    def counting(weights: Floats) -> Floats:
        return np.array([kappa(confusion(scored(said[0], truth), weights))])

    interval = bootstrap(counting, np.arange(len(truth)))[0]
    low = sum(int(((truth == 0) & (each == len(LABELS) - 1)).sum()) for each in said)
    return (
        f"QWK {np.mean(found):.3f} [{interval.low:.3f}, {interval.high:.3f}],"
        f" highest called lowest {low} of {int((truth == 0).sum()) * len(said)}"
    )


def scored(said: Ints, truth: Ints) -> Scored:
    """Answers without confidence."""
    return Scored(
        labels=LABELS, truth=truth, probabilities=np.eye(len(LABELS))[said], groups=np.arange(len(truth)),
        given=np.ones(len(truth), dtype=bool), has_confidence=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
