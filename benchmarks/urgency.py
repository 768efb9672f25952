"""Urgency, impact and priority from the table of points, against two baselines: QWK with n and interval.

The labels stand in tests/sentences; the texts in FOLDER (endava_tickets, multidogo, grase_list). Severities of bug
trackers (hadoop_bugs) are not used: they say how bad a defect is, not how soon or how widely it hurts a client.

Aim: QWK .70 of priority on tickets never seen; all of these have been looked at.
Takes half a minute. Run: python -m benchmarks.urgency --data FOLDER
"""

import argparse
import csv
import gzip
import hashlib
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from maild.classify.points import count_points, read_points
from maild.classify.training.corpora import rows_of

ROOT = Path(__file__).parent.parent
TRIAGE = ROOT / "tests" / "sentences" / "triage_sanity.csv"
SAMPLE = ROOT / "tests" / "sentences" / "urgency_sample.csv"
READERS = ROOT / "tests" / "sentences" / "urgency_readers.csv"
"""What two people said who had not read the tables, nor each other: the texts by identifier, those of the list by digest."""

RESAMPLES = 2_000
_DIGITS = 16
_CHARACTERS = 3_000
SOON = re.compile(r"\b(urgent|asap|immediately|critical|emergency|outage|down|blocked)\b", re.IGNORECASE)
LATER = re.compile(
    r"\b(how|question|request|possible|would like|please (?:add|create|provide|install))\b", re.IGNORECASE
)
MANY = re.compile(r"\b(all|everyone|everybody|nobody|whole|entire|production|customers)\b", re.IGNORECASE)
ONE = re.compile(r"\b(i|my|me|laptop|password)\b", re.IGNORECASE)

READ = (
    ("new", ("endava", "multidogo", "grase")),
    ("new", ("endava",)),
    ("new", ("multidogo",)),
    ("new", ("grase",)),
    ("second", ("endava", "multidogo", "grase")),
    ("second", ("endava",)),
    ("second", ("multidogo",)),
    ("second", ("grase",)),
    ("held_out", ("endava", "multidogo")),
)
"""How the texts were drawn, and the collections: `new` are 200 of 2026-11-30, `second` 160 drawn after them, `held_out` the
half of the older sample. The tables were made while looking at all of them."""

Pair = tuple[int, int]
"""Urgency and impact."""

Reader = Callable[[str], Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled text."""

    text: str
    label: Pair
    other: Pair | None = None
    """What the second reader said."""


def main() -> None:
    """Print a table for each set of texts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the collections of texts")
    data = parser.parse_args().data
    print("QWK [95 % bootstrap interval]; always the middle is 0 by definition\n")
    report("triage_sanity: written for maild, has been looked at", triage())
    for half in ("tuning", "held_out"):
        rows = list(sample(data, half=half)) if data else []
        report(f"sample of endava and multidogo, {half}, 100 of all 160 drawn blindly, 60 by urgent words", rows)
    report("of both halves, what was drawn blindly", list(sample(data, drawn="random")) if data else [])
    for drawn, sources in READ:
        rows = list(read_by_two(data, drawn, sources)) if data else []
        report(f"two blind readers, {drawn}, {' '.join(sources)}: the first reader's labels", rows)


def triage() -> list[Row]:
    """The mails that were written for maild."""
    with TRIAGE.open(encoding="utf-8", newline="") as stream:
        return [
            Row(text=f"{row['subject']}\n\n{row['text']}", label=(int(row["urgency"]), int(row["impact"])))
            for row in csv.DictReader(stream)
        ]


def sample(data: Path, *, half: str | None = None, drawn: str | None = None) -> Iterator[Row]:
    """The labelled texts of the collections; `half` and `drawn` choose rows."""
    texts = {"endava": endava(data), "multidogo": multidogo(data)}
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if half in (None, row["half"]) and drawn in (None, row["drawn"]):
                label = (int(row["urgency"]), int(row["impact"]))
                yield Row(text=texts[row["source"]][row["id"]], label=label)


def read_by_two(data: Path, drawn: str, sources: Sequence[str]) -> Iterator[Row]:
    """The texts that two people have labelled apart from each other."""
    texts = {"endava": endava, "multidogo": multidogo, "grase": grase}
    found = {source: texts[source](data) for source in sources}
    with READERS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["drawn"] == drawn and row["source"] in sources:
                first, second = ((int(row[f"urgency_{who}"]), int(row[f"impact_{who}"])) for who in "ab")
                yield Row(text=found[row["source"]][row["id"]], label=first, other=second)


def grase(data: Path) -> Mapping[str, str]:
    """Digest of a message id to subject and text; of the list nothing else is kept here."""
    found = {}
    with gzip.open(data / "grase_list" / "mails_2011_2014.jsonl.gz", "rt", encoding="utf-8") as stream:
        for mail in map(json.loads, stream):
            key = hashlib.sha256(mail["mid"].encode()).hexdigest()[:_DIGITS]
            found[key] = f"{mail['subject']}\n\n{mail['body'][:_CHARACTERS]}"
    return found


def endava(data: Path) -> Mapping[str, str]:
    """Identifier to ticket."""
    return {row["id"]: row["text"] for row in rows_of(data / "endava_tickets" / "train.csv.gz")}


def multidogo(data: Path) -> Mapping[str, str]:
    """Conversation to all that its client says in it."""
    turns = defaultdict[str, list[tuple[int, str]]](list)
    for row in rows_of(data / "multidogo" / "train.csv.gz"):
        if row["domain"] == "software":
            turns[row["conversation"]].append((int(row["turn"]), row["text"]))
    return {name: "\n".join(text for _, text in sorted(said)) for name, said in turns.items()}


def points() -> Reader:
    """The shipped tables."""
    tables = [read_points(ROOT / "models" / f"{question}.json") for question in ("urgency", "impact")]

    def read(text: str) -> Pair:
        urgency, impact = (int(count_points(text, table).label or 0) for table in tables)
        return urgency, impact

    return read


def keywords(text: str) -> Pair:
    """What a first afternoon's rule would say."""
    urgency = 1 if SOON.search(text) else 3 if LATER.search(text) else 2
    return urgency, 1 if MANY.search(text) else 3 if ONE.search(text) else 2


def report(name: str, rows: Sequence[Row]) -> None:
    """Print one table."""
    print(f"{name}: n = {len(rows)}" if rows else f"{name}: no data here")
    if not rows:
        return
    readers: Mapping[str, Reader] = {"always 2": lambda _: (2, 2), "keywords": keywords, "points": points()}
    for reader_name, reader in readers.items():
        _lines(reader_name, [row.label for row in rows], [reader(row.text) for row in rows])
    second = [row.other for row in rows if row.other]
    if second:
        _lines("points, 2nd reader", second, [readers["points"](row.text) for row in rows])
        _lines("reader to reader", [row.label for row in rows], second)
    print()


def _lines(name: str, labels: Sequence[Pair], said: Sequence[Pair]) -> None:
    """Print urgency, impact and priority of one side."""
    matrix = priorities()
    for question, of in (
        ("urgency", lambda pair: pair[0]),
        ("impact", lambda pair: pair[1]),
        ("priority", lambda pair: matrix[pair]),
    ):
        line(f"{name:18} {question:9}", np.array([of(p) for p in labels]), np.array([of(p) for p in said]))


def priorities_of(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Kappa of the priority that the matrix makes of each reader's answers, with interval and n."""
    first, second = [row.label for row in rows], [row.other for row in rows if row.other]
    by_table = points()
    by_points = [by_table(row.text) for row in rows]
    yield "keywords", _priority(first, [keywords(row.text) for row in rows])
    yield "points", _priority(first, by_points)
    if second:
        yield "points, second reader", _priority(second, by_points)
        yield "between the readers", _priority(first, second)


def _priority(labels: Sequence[Pair], said: Sequence[Pair]) -> str:
    matrix = priorities()
    left, right = (np.array([matrix[pair] for pair in pairs]) for pairs in (labels, said))
    low, high = interval(left, right)
    return f"{kappa(left, right):.3f} [{low:.3f}, {high:.3f}]  n = {len(labels)}"


def interval(labels: np.ndarray, said: np.ndarray) -> tuple[float, float]:
    """Of kappa, by a bootstrap over texts."""
    random = np.random.default_rng(1)
    drawn = [random.integers(0, len(labels), len(labels)) for _ in range(RESAMPLES)]
    low, high = np.percentile([kappa(labels[rows], said[rows]) for rows in drawn], (2.5, 97.5))
    return float(low), float(high)


def line(name: str, labels: np.ndarray, said: np.ndarray) -> None:
    """One line: kappa with its interval, share right, and how many of the highest were called the lowest."""
    low, high = interval(labels, said)
    lowest = 4 if "priority" in name else 3  # priorities 4 and 5 are low and planning
    highest = labels == 1
    missed = int((highest & (said >= lowest)).sum())
    print(
        f"  {name} {kappa(labels, said):5.2f} [{low:5.2f}, {high:5.2f}]  right {(labels == said).mean():.2f}"
        f"  critical called low {missed} of {int(highest.sum())}"
    )


def kappa(labels: np.ndarray, said: np.ndarray) -> float:
    """Quadratic-weighted kappa (Cohen 1968): 1 - observed / expected squared distance; 0 where nothing varies."""
    observed = ((labels - said) ** 2).mean()
    expected = ((labels[:, None] - said[None, :]) ** 2).mean()
    return float(1 - observed / expected) if expected else 0.0


def priorities() -> Mapping[Pair, int]:
    """The shipped matrix."""
    table = tomllib.loads((ROOT / "config" / "priorities.toml").read_text(encoding="utf-8"))["matrix"]
    return {(u, i + 1): priority for u in (1, 2, 3) for i, priority in enumerate(table[f"urgency_{u}"])}


if __name__ == "__main__":
    main()
