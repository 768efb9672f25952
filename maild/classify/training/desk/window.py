"""The window of a long history that is learnt from: the newest texts, and older ones of labels that are rare there."""

import heapq
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from maild.classify.training.example import Example

NEWEST = 100_000
"""Texts that fit into two gigabytes with all that is counted in them, and are learnt in minutes."""

OF_LABEL = 2_000
"""Texts up to which a label that is rarer in the window is filled up with older ones."""

BEGINNING = datetime.min.replace(tzinfo=UTC)

_Dated = tuple[tuple[datetime, str], int, Example]
"""Age and text, a number that decides between equals, the example."""


def keep_window(
    examples: Iterable[Example], question: str, *, newest: int = NEWEST, of_label: int = OF_LABEL
) -> tuple[list[Example], int]:
    """The examples of the window in no order, and how many were left out; memory stays small however many come.

    The same examples in another order give the same window.
    """
    window: list[_Dated] = []
    older: dict[str, list[_Dated]] = {}
    left_out = 0
    for number, example in enumerate(examples):
        dated = ((example.at or BEGINNING, example.text), number, example)
        if len(window) < newest:
            heapq.heappush(window, dated)
            continue
        oldest = heapq.heappushpop(window, dated)
        of_same = older.setdefault(oldest[2].labels[question], [])
        if len(of_same) < of_label:
            heapq.heappush(of_same, oldest)
        else:
            heapq.heappushpop(of_same, oldest)
            left_out += 1
    kept = [example for _, _, example in window]
    sizes = Counter(example.labels[question] for example in kept)
    for label, of_same in older.items():
        missing = max(0, of_label - sizes[label])
        kept += [example for _, _, example in heapq.nlargest(missing, of_same)]
        left_out += max(0, len(of_same) - missing)
    return kept, left_out
