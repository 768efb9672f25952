"""What gathering finds, and what it misses, on texts labelled by hand.

The sample beside this file holds excerpts of three public collections (NOTICE): 30 bug reports and 14 tickets as they came,
46 and 30 that hold a telling word such as `error` or a version, because else most kinds were empty; 40 conversations
about software, without those that name a password. One reader, who knew what was to be built, labelled all of it
by reading, before the finders existed; then the finders were written and mended on the half that is marked `tuned`. The
other half had been read by then too, so its numbers are a little too kind; kinds that are not in its table are not
measured. `--more` takes a file of the same form that may not travel with the project.

Takes a second. Run: python -m benchmarks.gathering [--more FILE] [--errors]
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maild.process.gathering.kinds import KINDS
from maild.process.gathering.material import Material
from maild.process.gathering.sheet import gather_material

SAMPLE = Path(__file__).parent / "gathering_sample.jsonl"

NOT_LABELLED: Mapping[str, frozenset[str]] = {"hadoop_bugs": frozenset({"application", "device"})}
"""Every bug report names half a dozen programs, all of one family: no desk's list of applications is measured by that."""


@dataclass(slots=True)
class Score:
    """Counts of one kind."""

    found: int = 0
    right: int = 0
    """Of what was found."""

    labelled: int = 0
    hit: int = 0
    """Of what was labelled."""

    texts: int = 0
    """Texts that have one or more labels of the kind."""

    asked: int = 0
    """Of those, texts in which not one was found: the client would be asked for what they have said."""

    errors: list[str] = field(default_factory=list)


def main() -> int:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--more", type=Path, help="another labelled file, to evaluate on only")
    parser.add_argument("--errors", action="store_true", help="list what was wrong or missed")
    arguments = parser.parse_args()
    rows = read_rows(SAMPLE)
    for half in ("tuned", "held out"):
        report(f"sample, {half}", [row for row in rows if row["half"] == half], errors=arguments.errors)
    if arguments.more is None or not arguments.more.exists():
        print("\nanother collection: no data here")
    else:
        report(arguments.more.stem, read_rows(arguments.more), errors=arguments.errors)
    return 0


def read_rows(file: Path) -> list[dict[str, Any]]:
    """Read one JSON object a line: source, text, labels (kind to values)."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def report(name: str, rows: Sequence[Mapping[str, Any]], *, errors: bool) -> None:
    """Print precision and recall of values, and how many would be asked for what they said."""
    started = time.perf_counter()
    scores = score(rows)
    milliseconds = 1000 * (time.perf_counter() - started) / len(rows)
    by_source = ", ".join(f"{count} {source}" for source, count in Counter(row["source"] for row in rows).items())
    print(f"\n{name}: {len(rows)} texts ({by_source}), {milliseconds:.2f} ms a text")
    print(
        f"  {'kind':17} {'found':>6} {'precision':>10} {'labelled':>9} {'recall':>7} {'texts':>6} {'asked in vain':>14}"
    )
    total = Score()
    for kind, each in scores.items():
        print_row(kind, each)
        for count in ("found", "right", "labelled", "hit", "texts", "asked"):
            setattr(total, count, getattr(total, count) + getattr(each, count))
        for error in each.errors if errors else ():
            print(f"      {error}")
    print_row("all", total)


def print_row(kind: str, score: Score) -> None:
    """Print one line of the table; a dash where there is nothing to divide by."""
    precision = f"{score.right / score.found:.2f}" if score.found else "-"
    recall = f"{score.hit / score.labelled:.2f}" if score.labelled else "-"
    asked = str(score.asked) if score.texts else "-"
    print(f"  {kind:17} {score.found:6} {precision:>10} {score.labelled:9} {recall:>7} {score.texts:6} {asked:>14}")


def score(rows: Sequence[Mapping[str, Any]]) -> dict[str, Score]:
    """Compare what is found with the labels; kinds that no text has and no finder claims are left out."""
    scores = {kind: Score() for kind in KINDS}
    for row in rows:
        found = gather_material(Material(text=row["text"]), mail_id=0)
        for kind in scores.keys() - NOT_LABELLED.get(row["source"], frozenset()):
            values = [each.value for each in found if each.kind == kind]
            count(scores[kind], values, row["labels"].get(kind, []), row["id"])
    return {kind: each for kind, each in scores.items() if each.found or each.labelled}


def count(score: Score, found: Sequence[str], labels: Sequence[str], text: str) -> None:
    """Add one text to the counts of a kind."""
    wrong = [value for value in found if not any(agree(value, label) for label in labels)]
    missed = [label for label in labels if not any(agree(value, label) for value in found)]
    score.found += len(found)
    score.right += len(found) - len(wrong)
    score.labelled += len(labels)
    score.hit += len(labels) - len(missed)
    score.texts += bool(labels)
    score.asked += bool(labels) and len(missed) == len(labels)
    score.errors += [*(f"{text} wrong: {value}" for value in wrong), *(f"{text} missed: {label}" for label in missed)]


def agree(value: str, label: str) -> bool:
    """Whether one holds the other as whole words."""
    return any(holds(*pair) for pair in ((value, label), (label, value)))


def holds(long: str, short: str) -> bool:
    """Whether the short text stands in the long one and no letter or digit touches it."""
    return any(True for _ in matches(long, short))


def matches(long: str, short: str) -> Iterator[re.Match[str]]:
    """Every place; the last letters of a Java version may touch it (`java8`)."""
    return re.finditer(rf"(?<![\d.]){re.escape(short.casefold())}(?![\w])", long.casefold())


if __name__ == "__main__":
    raise SystemExit(main())
