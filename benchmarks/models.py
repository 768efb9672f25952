"""The aims for maild's models beside what was measured on the data at hand, each with n and a 95 % interval.

Interval: drawn over texts. How much collections differ among themselves is more, and seen in the rows of each.
Where a collection was looked at while something was made (replies, urgency), the half that never was has a row of its own.
More on single rows: reply_intent, urgency, learning, training. No temperature is fitted on a row that is tested.

Aims: each is printed above its rows.
Takes seconds (size, speed, reply) to many minutes (technical, endava). Run: python -m benchmarks.models --data FOLDER
[--only NAME] [--encoder]
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks import yardsticks
from benchmarks.everyday import everyday
from benchmarks.learning import is_of, judge, open_desk, ship
from benchmarks.learning import told as learning_told
from benchmarks.reply_intent import reply_intent_rows
from benchmarks.sample_mails import sample_mails
from benchmarks.training import apart
from benchmarks.unseen_mail import unseen_mail
from benchmarks.urgency import READ, priorities_of, read_by_two, sample
from maild.classify.encoder.sentences import find_encoder
from maild.classify.evaluation.interval import Measured
from maild.classify.line import classify
from maild.classify.models import Models, load, read_model
from maild.classify.training.corpora import WRITTEN_CORPORA, read_corpora
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import train_desk
from maild.classify.training.unseen import Unseen, leave_out_whole
from maild.errors import Refused
from maild.mail.message import Limits
from maild.mail.reading import parse
from maild.shipped import folder

LANGUAGES = ("en", "de", "fr", "es")
Row = tuple[str, Measured | str]

AIMS: Mapping[str, str] = {
    "endava": "macro-F1 >= .875, ECE <= .03, a80 >= .94",
    "technical": "mean AUC >= .85; recall >= .90 at specificity .90, on collections never seen",
    "everyday": "none was set; mails that were written for it, and not learnt from",
    "clinc": "in-scope >= .955, AUROC >= .965, out-of-scope recall >= .70 at in-scope .93",
    "banking": "accuracy >= .94",
    "reply": "macro-F1 >= .80; precision of resolved >= .97 at recall >= .45",
    "priority": "QWK >= .70 on tickets never seen; keyword rule .65",
    "desk": "after 200 labels of a desk never seen clearly better, never worse than the shipped model",
    "training": "100,000 tickets <= 3 min and <= 2 GiB; 1,000,000 possible",
    "speed": "p95 <= 20 ms a mail alone, >= 1,000 mails/s in batches on two cores",
    "size": "all shipped models <= 15 MB, loaded in <= 0.5 s",
}


def main() -> None:
    """Print the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the collections of labelled texts")
    parser.add_argument("--only", choices=sorted(AIMS), action="append")
    parser.add_argument("--encoder", action="store_true", help="with the extra maild[encoder]")
    arguments = parser.parse_args()
    encoder = find_encoder() if arguments.encoder else None
    measures: Mapping[str, Callable[[], Iterator[Row]]] = {
        "endava": lambda: yardsticks.endava(arguments.data, tell, encoder),
        "technical": lambda: technical(arguments.data),
        "everyday": everyday,
        "clinc": lambda: yardsticks.clinc(arguments.data, tell, encoder),
        "banking": lambda: yardsticks.banking(arguments.data, tell, encoder),
        "reply": lambda: reply_intent_rows(arguments.data),
        "priority": lambda: priority(arguments.data),
        "desk": lambda: desk(arguments.data),
        "training": training_rows,
        "speed": speed,
        "size": size,
    }
    for name in arguments.only or AIMS:
        print(f"\n{name}: aim {AIMS[name]}", flush=True)
        if arguments.data is None and name not in ("everyday", "training", "speed", "size"):
            print("  no data here")
            continue
        try:
            for what, value in measures[name]():
                print(f"  {what:<45} {told(value)}", flush=True)
        except (OSError, Refused) as error:
            print(f"  no data here ({error})")


def tell(step: str) -> None:
    """Progress, beside the table."""
    print(f"    ... {step}", file=sys.stderr, flush=True)


def told(value: Measured | str) -> str:
    """A score with its interval and n."""
    if isinstance(value, str):
        return value
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]  n = {value.n:,}"


def technical(data: Path) -> Iterator[Row]:
    """Each collection by a model of all the others."""
    found: list[Unseen] = leave_out_whole(read_corpora(data), "technical", "yes", seed=1, tell=tell)
    for unseen in found:
        yield f"AUC, {unseen.name}", unseen.auc
        yield f"recall at specificity .90, {unseen.name}", unseen.recall
    whole = [unseen for unseen in found if " and " not in unseen.name and not unseen.name.startswith(WRITTEN_CORPORA)]
    for what, some in (("collections with both labels", whole), ("all rows above", found)):
        areas = [unseen.auc.value for unseen in some]
        yield f"mean AUC, {what}", f"{np.mean(areas):.3f}  n = {len(some)}, from {min(areas):.3f} to {max(areas):.3f}"
        yield f"mean recall, {what}", f"{np.mean([unseen.recall.value for unseen in some]):.3f}"
    for unseen in unseen_mail(data, tell):
        yield f"AUC, as a service reads it: {unseen.name}", unseen.auc
        yield f"recall at specificity .90, likewise: {unseen.name}", unseen.recall


def priority(data: Path) -> Iterator[Row]:
    """By the shipped tables, of each half of the sample, of which one was looked at, and by the labels of two blind readers."""
    for half in ("tuning", "held_out"):
        for reader, found in priorities_of(list(sample(data, half=half))):
            yield f"QWK of priority, {half}, {reader}", found
    for drawn, sources in READ:
        for reader, found in priorities_of(list(read_by_two(data, drawn, sources))):
            yield f"QWK of priority, two blind readers, {drawn}, {' '.join(sources)}: {reader}", found


def desk(data: Path) -> Iterator[Row]:
    """Endava's categories left out of the shipped model and then taught, tested on groups of their own."""
    asked = [example for example in read_corpora(data) if "category" in example.labels]
    shipped = ship("category", [example for example in asked if not is_of("endava", example)])
    opened = open_desk("category", [example for example in asked if is_of("endava", example)], seed=0)
    yield "shipped alone", learning_told(judge(shipped.model, opened.tested, "category"))
    trained = train_desk(prepare(opened.history[:200], "category"), shipped=shipped)
    stands = shipped.model if trained.card["base"] else None
    model = read_model(trained.content, trained.card, error_budget=0.05, base=stands)
    yield "after 200 labels", learning_told(judge(model, opened.tested, "category"))


def training_rows() -> Iterator[Row]:
    """Synthetic tickets."""
    yield "100,000", apart(100_000)


def speed(alone: int = 500, batches: int = 20, batch: int = 100) -> Iterator[Row]:
    """Classifying parsed mails, as the intake does it."""
    mails = [parse(source, Limits(), LANGUAGES) for source in sample_mails(alone)]
    models = load(folder("models"))
    classify(mails[:20], models, ())
    seconds = []
    for mail in mails:
        start = time.perf_counter()
        classify([mail], models, ())
        seconds.append(time.perf_counter() - start)
    yield "p95 of one mail", f"{np.quantile(seconds, 0.95) * 1000:.1f} ms  n = {alone}"
    with ProcessPoolExecutor(2, initializer=_prepare, initargs=(batch,)) as pool:
        list(pool.map(_classify, range(4)))
        start = time.perf_counter()
        list(pool.map(_classify, range(batches)))
        yield "mails/s in batches, two processes", f"{batches * batch / (time.perf_counter() - start):,.0f}"


_READY: dict[str, tuple[list[object], Models]] = {}


def _prepare(batch: int) -> None:
    _READY["all"] = [parse(source, Limits(), LANGUAGES) for source in sample_mails(batch)], load(folder("models"))


def _classify(_: int) -> int:
    mails, models = _READY["all"]
    return len(classify(mails, models, ()))  # type: ignore[arg-type]


def size() -> Iterator[Row]:
    """What lies in models/, and how long it takes to be read."""
    octets = sum(file.stat().st_size for file in folder("models").iterdir())
    yield "size", f"{octets / 1e6:.2f} MB"
    seconds, busy = [], []
    for _ in range(7):
        start, cpu = time.perf_counter(), time.process_time()
        load(folder("models"))
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - cpu)
    yield "loaded in", f"{np.median(seconds):.3f} s, {np.median(busy):.3f} CPU s (medians of 7, libraries imported)"


if __name__ == "__main__":
    main()
