"""What replies mean, against labelled follow-ups of clients: three classes with n and 95 % bootstrap intervals.

The set (`grase_list/reply_intent.jsonl.gz`: 143 follow-ups to a product's mailing list, labelled by hand) has no licence and
does not travel with the project. It was split by thread before anybody read it: one half was read while phrases were
written, the other never; of that only the sums below were looked at, several times while the table grew, so they too are a
little too kind. The sentences of tests/sentences were written for the tests and are no measure.

Aims: macro-F1 .80; *resolved* right in .97, at recall .45.
Takes seconds. Run: python -m benchmarks.reply_intent --data FOLDER
"""

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from maild.classify.evaluation.interval import share
from maild.classify.intent.intents import read_intents
from maild.classify.intent.reply_intent import reply_intent
from maild.mail.quoting import new_text
from maild.shipped import folder

AIM = "macro-F1 >= .80; precision of resolved >= .97 at recall >= .45"
FILE = Path("grase_list/reply_intent.jsonl.gz")
CLASSES = ("resolved", "not_resolved", "other")
RESAMPLES = 2_000
SEED = 20261123
"""Of the split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One labelled follow-up and what was said of it."""

    truth: str
    said: str
    closes: bool
    """Nothing beside it that is not understood: a ticket would be closed by it alone."""

    was_read: bool
    """In the half that was read while phrases were written."""


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the collections of texts")
    data = parser.parse_args().data
    print(f"reply intent: aim {AIM}")
    for name, value in reply_intent_rows(data):
        print(f"  {name:<40} {value}")


def reply_intent_rows(data: Path | None) -> Iterator[tuple[str, str]]:
    """Name and value of each row; one that says so where there is no data."""
    if data is None or not (data / FILE).exists():
        yield "reply intent", "no data here"
        return
    cases = list(read_cases(data / FILE))
    halves = {
        "never read": [case for case in cases if not case.was_read],
        "read": [case for case in cases if case.was_read],
    }
    for name, chosen in {**halves, "both": cases}.items():
        yield f"{name}: macro-F1", told(chosen, macro_f1)
        said = [case for case in chosen if case.said == "resolved"]
        truly = [case for case in chosen if case.truth == "resolved"]
        yield f"{name}: precision of resolved", in_words(sum(case.truth == "resolved" for case in said), len(said))
        yield f"{name}: recall of resolved", in_words(sum(case.said == "resolved" for case in truly), len(truly))
        closing = [case for case in chosen if case.closes]
        yield (
            f"{name}: closes by itself, rightly",
            in_words(sum(case.truth == "resolved" for case in closing), len(closing)),
        )
        yield f"{name}: of resolved, closes by itself", in_words(sum(case.closes for case in truly), len(truly))
    wrong = Counter(f"{case.truth} as {case.said}" for case in cases if case.truth != case.said)
    yield "both: what is wrong", ", ".join(f"{count} {pair}" for pair, count in wrong.most_common())


def read_cases(file: Path) -> Iterator[Case]:
    """Read and judge every row."""
    table = read_intents(folder("models") / "reply_intent.json")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    threads = sorted({row["thread"] for row in rows}, key=str)
    random.Random(SEED).shuffle(threads)
    read = set(threads[: len(threads) // 2])
    for row in rows:
        verdict = reply_intent(new_text(row["text"]), table, parent=row["parent_text"] or "")
        yield Case(
            truth=three(row["label"]),
            said=three(verdict.label),
            closes=verdict.label == "resolved" and verdict.beside is None,
            was_read=row["thread"] in read,
        )


def three(label: str | None) -> str:
    """The class of a label: what works in part takes a ticket up again, as what does not; whoever is not sure says neither."""
    if label == "partly":
        return "not_resolved"
    return label if label in CLASSES else "other"


def told(cases: Sequence[Case], measure: Callable[[Mapping[tuple[str, str], int]], float]) -> str:
    """A score with its interval and n."""
    chance = np.random.default_rng(1)
    pairs = [(case.truth, case.said) for case in cases]
    drawn = [
        measure(Counter(pairs[place] for place in chance.integers(0, len(pairs), len(pairs)))) for _ in range(RESAMPLES)
    ]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return f"{measure(Counter(pairs)):.3f} [{low:.3f}, {high:.3f}]  n = {len(pairs)}"


def macro_f1(pairs: Mapping[tuple[str, str], int]) -> float:
    """Mean of the three F1; 0 for a class that is never said rightly."""
    return float(np.mean([f1(pairs, label) for label in CLASSES]))


def f1(pairs: Mapping[tuple[str, str], int], label: str) -> float:
    """2 tp / (2 tp + fp + fn)."""
    both = pairs.get((label, label), 0)
    either = sum(count * ((truth == label) + (said == label)) for (truth, said), count in pairs.items())
    return 2 * both / either if either else 0.0


def in_words(hits: int, n: int) -> str:
    """A share by Wilson's interval: where all are right, drawing them again would say that nothing is uncertain."""
    found = share(hits, n, n)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]  n = {n}"


if __name__ == "__main__":
    main()
