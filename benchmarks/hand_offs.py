"""What it costs that a fault which reads like business mail is left to a person: how much more of what is not technical waits.

So many texts are drawn of each collection: of Endava and of SpamAssassin's lists those that are not technical, of
MultiDoGO conversations of each domain but software, with all that the client says. Those count which the shipped model
calls not technical, by the very functions that a mail goes through; of them, those that `kept_here` then leaves to a person.

Takes ten seconds. Run: python -m benchmarks.hand_offs --data FOLDER [--most 1500] [--show 3]
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from maild.classify.ask import count
from maild.classify.evaluation.interval import share
from maild.classify.leaving import kept_here
from maild.classify.line import _triage
from maild.classify.models import Models, load
from maild.classify.scale import place
from maild.classify.text import model_text
from maild.classify.training.corpora import rows_of, unquoted
from maild.shipped import folder

SEED = 20_251_130


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What became of the texts of one collection that are called not technical."""

    called_no: int
    more: Sequence[str]
    """Those that a person reads now."""


def main() -> None:
    """Print a line a collection, and one of them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the collections of labelled texts")
    parser.add_argument("--most", type=int, default=1_500, help="texts of a collection (default: 1500)")
    parser.add_argument("--show", type=int, default=0, help="so many of those that wait, of each collection")
    arguments = parser.parse_args()
    models, found = load(folder("models")), []
    for name, texts in read_texts(arguments.data).items():
        drawn = np.random.default_rng(SEED).permutation(len(texts))[: arguments.most]
        found.append(ask([texts[place] for place in drawn.tolist()], models))
        print(f"{name:<24} {told(found[-1:])}", flush=True)
        for text in found[-1].more[: arguments.show]:
            print(f"    {' '.join(text.split())[:140]}")
    print(f"{'all':<24} {told(found)}")


def told(some: Sequence[Waiting]) -> str:
    """How many more wait, of how many, with an interval."""
    more, n = sum(len(each.more) for each in some), sum(each.called_no for each in some)
    return f"{more} of {n:,} more wait: {share(more, n, n)}" if n else "none is called not technical"


def ask(texts: Sequence[str], models: Models) -> Waiting:
    """As the intake asks, of texts that are subject, a blank line and new text."""
    called_no, more = 0, []
    for text in texts:
        subject, _, body = text.partition("\n\n")
        counted = count(model_text(subject, body), "en")
        triage = _triage(counted, models)
        if triage[0].label != "no":
            continue
        called_no += 1
        points = [place(text, counted, table) for table in (models.urgency, models.impact)]
        if kept_here(triage, text, models, points)[0].label is None:
            more.append(text)
    return Waiting(called_no=called_no, more=more)


def read_texts(data: Path) -> Mapping[str, Sequence[str]]:
    """Collection, or domain of one, to its texts, each once. Raises OSError where one is not there."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name in ("enron_intent", "clinc150", "banking77"):
        found[name] = {f"\n\n{row['text']}": None for row in _rows(data, name)}
    found["endava_tickets"] = {
        f"\n\n{row['text']}": None for row in _rows(data, "endava_tickets") if row["technical"] == "0"
    }
    lists = (row for row in _rows(data, "spamassassin") if row["label"] == "ham" and row["technical"] == "0")
    found["spamassassin"] = {f"{row['subject']}\n\n{unquoted(row['text'])}": None for row in lists}
    for (domain, _), turns in _conversations(data).items():
        if domain != "software":
            found[f"multidogo {domain}"]["\n\n" + "\n".join(turns)] = None
    return {name: list(texts) for name, texts in found.items()}


def _conversations(data: Path) -> Mapping[tuple[str, str], Sequence[str]]:
    """All that a client says, in order."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sorted(_rows(data, "multidogo"), key=lambda row: float(row["turn"])):
        found[row["domain"], row["conversation"]].append(row["text"])
    return found


def _rows(data: Path, name: str) -> Iterator[dict[str, str]]:
    return rows_of(data / name / "train.csv.gz")


if __name__ == "__main__":
    main()
