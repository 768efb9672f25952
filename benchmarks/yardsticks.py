"""Public collections as yardsticks: one column of texts, one of labels, trained by the very path that a desk's history takes.

Where a collection has a file `test.csv.gz`, or rows whose split is test or val, these are the test; otherwise a fifth
of its near-duplicate groups, drawn once, is held out.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from maild.classify.ask import count
from maild.classify.encoder.sentences import Encoder
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.counts import confusion, macro_f1
from maild.classify.evaluation.coverage import accuracy_of_surest
from maild.classify.evaluation.interval import Measured, share
from maild.classify.evaluation.ranking import auc
from maild.classify.evaluation.reliability import reliability
from maild.classify.evaluation.scored import Scored, numbered
from maild.classify.linear import read
from maild.classify.models import read_model
from maild.classify.telling import Tell
from maild.classify.text import model_text
from maild.classify.training.corpora import rows_of
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import train_desk
from maild.classify.training.example import Example

OUT_OF_SCOPE = "oos"
TESTS = ("test", "val")
IN_SCOPE = 0.93
"""At this accuracy in scope, out-of-scope recall is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """Which columns of which collection."""

    folder: str
    label: str
    group: str | None = None


ENDAVA = Yardstick(folder="endava_tickets", label="category", group="near_duplicate_group")
CLINC = Yardstick(folder="clinc150", label="intent")
BANKING = Yardstick(folder="banking77", label="intent")


def endava(data: Path, tell: Tell, encoder: Encoder | None = None) -> Iterator[tuple[str, Measured]]:
    """Macro-F1, calibration error and the accuracy on the surest 80 %."""
    scored = measure(*split(data, ENDAVA), tell, encoder)
    yield "macro-F1", bootstrap(lambda weights: np.array([macro_f1(confusion(scored, weights))]), scored.groups)[0]
    yield "ECE", reliability(scored).error
    yield "a80", bootstrap(lambda weights: np.array([accuracy_of_surest(scored, weights)]), scored.groups)[0]


def banking(data: Path, tell: Tell, encoder: Encoder | None = None) -> Iterator[tuple[str, Measured]]:
    """Accuracy."""
    scored = measure(*split(data, BANKING), tell, encoder)
    yield "accuracy", share(float(scored.is_right.sum()), len(scored.truth), len(scored.truth))


def clinc(data: Path, tell: Tell, encoder: Encoder | None = None) -> Iterator[tuple[str, Measured]]:
    """In-scope accuracy, and how well confidence tells what is out of scope, of which nothing is learnt."""
    learnt, tested = split(data, CLINC)
    learnt = [example for example in learnt if example.labels["label"] != OUT_OF_SCOPE]
    scored = measure(learnt, tested, tell, encoder)
    outside = scored.truth == scored.labels.index(OUT_OF_SCOPE)
    inside = scored.only(~outside)
    yield "in-scope accuracy", share(float(inside.is_right.sum()), len(inside.truth), len(inside.truth))
    sure = scored.confidence
    yield "AUROC out of scope", bootstrap(lambda weights: np.array([auc(-sure, outside, weights)]), scored.groups)[0]
    least = _least_sure(np.where(inside.is_right, inside.confidence, -1.0))
    caught, n = float((sure[outside] < least).sum()), int(outside.sum())
    yield f"out-of-scope recall at in-scope {IN_SCOPE}", share(caught, n, n)


def split(data: Path, of: Yardstick) -> tuple[list[Example], list[Example]]:
    """What is learnt and what is tested. Raises OSError where the collection is not there."""
    rows = list(rows_of(data / of.folder / "train.csv.gz"))
    apart = data / of.folder / "test.csv.gz"
    if apart.exists():
        return _examples(rows, of), _examples(list(rows_of(apart)), of)
    tests = [row.get("split", "") in TESTS for row in rows]
    if not any(tests):
        tests = [zlib.crc32((row[of.group] if of.group else row["text"]).encode()) % 5 == 0 for row in rows]
    learnt = [row for row, is_test in zip(rows, tests, strict=True) if not is_test]
    return _examples(learnt, of), _examples([row for row, is_test in zip(rows, tests, strict=True) if is_test], of)


def measure(learnt: Sequence[Example], tested: Sequence[Example], tell: Tell, encoder: Encoder | None = None) -> Scored:
    """Train on the one, and let the model read the other as a service does."""
    trained = train_desk(prepare(learnt, "label"), encoder=encoder, tell=tell)
    tell(trained.card["recipe"])
    model = read_model(trained.content, trained.card, error_budget=0.05)
    labels = (*model.labels, *sorted({example.labels["label"] for example in tested} - set(model.labels)))
    probabilities = np.zeros((len(tested), len(labels)))
    for place, example in enumerate(tested):
        counted = count(example.text, None)
        probabilities[place, : len(model.labels)] = read(counted.counts, model, counted.sense).probabilities
    return Scored(
        labels=labels,
        truth=np.array([labels.index(example.labels["label"]) for example in tested]),
        probabilities=probabilities,
        groups=numbered([example.group for example in tested]),
        given=np.ones(len(tested), dtype=np.bool_),
    )


def _least_sure(sure_of_right: np.ndarray) -> float:
    """The highest confidence that may be asked for, so that this share of all texts in scope is still right and given."""
    ordered = np.sort(sure_of_right)[::-1]
    return float(ordered[min(len(ordered) - 1, int(np.ceil(IN_SCOPE * len(ordered))) - 1)])


def _examples(rows: Sequence[dict[str, str]], of: Yardstick) -> list[Example]:
    """One row of each near-duplicate group."""
    found: dict[str, Example] = {}
    for number, row in enumerate(rows):
        group = f"{of.folder}:{row[of.group] if of.group else number}"
        text = model_text("", row["text"])
        found.setdefault(group, Example(text=text, corpus=of.folder, group=group, labels={"label": row[of.label]}))
    return list(found.values())
