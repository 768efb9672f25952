"""What a desk's own labels do: shipped model alone, labels alone, and both, on desks that the shipped model never saw.

A collection is left out of the shipped model and plays a new desk. Texts of one near-duplicate group are on one side.
The last lines are another kind of desk: half of the largest collection is left out, so the shipped model knows its trade.
Mailing lists (spamassassin) are too easy: threads and signatures of one list are on both sides, and a list is a label there.

Aim: with 200 labels clearly better than without.
Takes minutes for one desk. Run: python -m benchmarks.learning --data FOLDER [--desk endava] [--labels 50,200,1000]
"""

import argparse
import resource
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.counts import confusion, macro_f1
from maild.classify.evaluation.interval import Measured, share
from maild.classify.evaluation.paired import compare
from maild.classify.evaluation.scored import Scored, numbered
from maild.classify.linear import LinearModel, softmax
from maild.classify.models import read_model
from maild.classify.training.corpora import read_corpora
from maild.classify.training.desk.counting import count_texts
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import train_desk
from maild.classify.training.desk.origin import Shipped
from maild.classify.training.desk.weighing import scores_of
from maild.classify.training.example import Example
from maild.classify.training.fitting import fit, new_vectoriser, shared_terms
from maild.classify.training.sampling import learning_weights, sample
from maild.errors import Refused

DESKS = {
    "technical": ("endava", "spamassassin", "multidogo", "half"),
    "category": ("endava", "half"),
}
TESTED = 4_000
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
CAUTIOUS = {str(budget): 0.9 for budget in (0.01, 0.02, 0.05, 0.1, 0.2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A collection that plays a desk."""

    question: str
    history: Sequence[Example]
    tested: Sequence[Example]


def main() -> None:
    """Print a line for each desk and number of labels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the collections of labelled texts")
    parser.add_argument("--question", choices=sorted(DESKS), action="append")
    parser.add_argument("--desk", choices=sorted({desk for desks in DESKS.values() for desk in desks}), action="append")
    parser.add_argument("--labels", default="50,200,1000,5000", help="how many the desk has")
    parser.add_argument("--draws", type=int, default=1, help="histories drawn for each number up to 1,000")
    arguments = parser.parse_args()
    examples = read_corpora(arguments.data)
    for question in arguments.question or sorted(DESKS):
        for name in DESKS[question]:
            if arguments.desk and name not in arguments.desk:
                continue
            sizes = [int(size) for size in arguments.labels.split(",")]
            report(question, name, examples, sizes, draws=arguments.draws)


def report(question: str, name: str, examples: Sequence[Example], sizes: Sequence[int], *, draws: int) -> None:
    """One desk."""
    asked = [example for example in examples if question in example.labels]
    shipped = ship(question, [example for example in asked if not is_of(name, example)])
    of_desk = [example for example in asked if is_of(name, example)]
    for draw in range(draws):
        desk = open_desk(question, of_desk, seed=draw)
        print(f"\n{question} at the desk {name} (draw {draw + 1}), tested on n = {len(desk.tested)} texts")
        before = judge(shipped.model, desk.tested, question)
        print(f"  labels   0  shipped            {told(before)}")
        for size in sorted({min(size, len(desk.history)) for size in sizes}):
            if draw and size > 1_000:
                continue
            for how, base in (("labels alone", None), ("both", shipped)):
                tell(size, how, base, desk, before)


def tell(size: int, how: str, base: Shipped | None, desk: Desk, before: Scored) -> None:
    """Train once and print what came of it."""
    start, cpu = time.perf_counter(), time.process_time()
    try:
        trained = train_desk(prepare(desk.history[:size], desk.question), shipped=base)
    except Refused as refused:
        print(f"  labels {size:>6} {how:<13} no model: {refused}", flush=True)
        return
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    stands = base.model if base and trained.card["base"] else None
    model = read_model(trained.content, trained.card, error_budget=0.05, base=stands)
    after = judge(model, desk.tested, desk.question)
    labels = tuple(sorted({*before.labels, *after.labels}))
    found = compare(widen(before, labels), widen(after, labels))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  labels {size:>6} {how:<13} {told(after)}  against shipped: {found.judgement:<7} {found.macro_f1.value:+.3f}"
        f"  {seconds:.0f} s ({cpu:.0f} CPU), peak {peak:.0f} MiB, {len(trained.content) / 1e6:.1f} MB; {trained.card['recipe']}",
        flush=True,
    )


def ship(question: str, others: Sequence[Example]) -> Shipped:
    """The shipped model without the desk, made as the shipped one is; its temperature is 1 and its thresholds are .9."""
    chosen = sample(others, question, seed=1)
    texts = [example.text for example in chosen]
    vectoriser = new_vectoriser(shared_terms(texts, [example.corpus for example in chosen]))
    rows = vectoriser.fit_transform(texts)
    fitted = fit(vectoriser, rows, [e.labels[question] for e in chosen], learning_weights(chosen, question), seed=1)
    words = fitted.vectoriser.get_feature_names_out().tolist()
    model = LinearModel(
        question=question, digest="0" * 64, labels=fitted.labels, silent=frozenset(), languages=("en",),
        vocabulary={word: place for place, word in enumerate(words)}, idf=fitted.vectoriser.idf_.astype(np.float32),
        weights=fitted.weights, intercept=fitted.intercept, temperature=1.0, thresholds=(0.9,) * len(fitted.labels),
    )  # fmt: skip
    return Shipped(model=model, card={"thresholds": CAUTIOUS})


def is_of(name: str, example: Example) -> bool:
    """Whether a text belongs to the desk."""
    if name == "half":
        return example.corpus == "endava" and zlib.crc32(example.group.encode()) % 2 == 1
    return example.corpus == name


def open_desk(question: str, examples: Sequence[Example], *, seed: int) -> Desk:
    """Split a collection: at most a third to test, one text of a near-duplicate group; the others with made-up dates."""
    chance = np.random.default_rng(seed)
    groups = numbered([example.group for example in examples])
    order = chance.permutation(groups.max() + 1)
    held = set(order[: min(TESTED, len(order) // 3)].tolist())
    first = dict(reversed(list(enumerate_by(groups))))
    tested = [examples[first[group]] for group in sorted(held)]
    rest = chance.permutation([place for place, group in enumerate(groups.tolist()) if group not in held])
    history = [
        replace(examples[place], corpus="desk", at=BEGINNING + timedelta(minutes=minute))
        for minute, place in enumerate(rest.tolist())
    ]
    return Desk(question=question, history=history, tested=tested)


def enumerate_by(groups: Any) -> Iterator[tuple[int, int]]:
    """Group and place."""
    for place, group in enumerate(groups.tolist()):
        yield group, place


def judge(model: LinearModel, tested: Sequence[Example], question: str) -> Scored:
    """What a model says about the tested texts."""
    scores = scores_of(model, count_texts([example.text for example in tested]))
    labels = tuple(sorted({*model.labels, *(example.labels[question] for example in tested)}))
    probabilities = np.zeros((len(tested), len(labels)))
    probabilities[:, [labels.index(label) for label in model.labels]] = softmax(scores / model.temperature)
    best = probabilities.argmax(axis=1)
    least = np.array([dict(zip(model.labels, model.thresholds, strict=True)).get(label, np.inf) for label in labels])
    silent = np.array([label in model.silent for label in labels])
    return Scored(
        labels=labels,
        truth=np.array([labels.index(example.labels[question]) for example in tested], dtype=np.int64),
        probabilities=probabilities,
        groups=np.arange(len(tested)),
        given=(probabilities.max(axis=1) >= least[best]) & ~silent[best],
    )


def widen(scored: Scored, labels: tuple[str, ...]) -> Scored:
    """The same under more labels."""
    places = np.array([labels.index(label) for label in scored.labels])
    probabilities = np.zeros((len(scored.truth), len(labels)))
    probabilities[:, places] = scored.probabilities
    return replace(scored, labels=labels, truth=places[scored.truth], probabilities=probabilities)


def told(scored: Scored) -> str:
    """Accuracy, macro-F1 with its interval, calibration, and what is given at a budget of 5 %."""
    f1 = bootstrap(lambda weights: np.array([macro_f1(confusion(scored, weights))]), scored.groups)[0]
    right, sure = scored.is_right, scored.given
    given, wrong = share(sure.sum(), len(sure), len(sure)), share((~right[sure]).sum(), sure.sum(), sure.sum())
    order = np.argsort(-scored.confidence)[: int(0.8 * len(right))]
    gap = calibration(scored)
    return (
        f"accuracy {right.mean():.3f}, macro-F1 {f1.value:.3f} [{f1.low:.3f}, {f1.high:.3f}], surest 80 % {right[order].mean():.3f},"
        f" ECE {gap:.3f}, given {_percent(given)} of which wrong {_percent(wrong)} n = {wrong.n}"
    )


def _percent(measured: Measured) -> str:
    return f"{measured.value:.1%} [{measured.low:.1%}, {measured.high:.1%}]"


def calibration(scored: Scored) -> float:
    """Expected calibration error in 15 bins of equal mass."""
    order = np.argsort(scored.confidence)
    bins = [part for part in np.array_split(order, 15) if len(part)]
    return float(sum(abs((scored.is_right[b] - scored.confidence[b]).sum()) for b in bins) / len(order))


if __name__ == "__main__":
    main()
