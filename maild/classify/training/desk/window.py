"""The window of a long history that is learnt from: the newest texts, and older ones of labels that are rare there."""

import heapq
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from maild.classify.training.example import Example

NEWEST = 100_000
CHARACTERS = 66_000_000
"""Texts and characters of them that are learnt in a minute and a half, and fit into two gigabytes with all that is counted in
them (1.75 GiB measured at 65 million characters: benchmarks/models.md)."""

OF_LABEL = 2_000
"""Texts up to which a label that is rarer in the window is filled up with older ones."""

BEGINNING = datetime.min.replace(tzinfo=UTC)

_Dated = tuple[tuple[datetime, str], int, Example]
"""Age and text, a number that decides between equals, the example."""


def keep_window(
    examples: Iterable[Example],
    question: str,
    *,
    newest: int = NEWEST,
    characters: int = CHARACTERS,
    of_label: int = OF_LABEL,
) -> tuple[list[Example], int]:
    """The examples of the window in no order, and how many were left out; memory stays small however many come.

    The same examples in another order give the same window.
    """
    window: list[_Dated] = []
    older: dict[str, list[_Dated]] = {}
    left_out, size, gone = 0, 0, (BEGINNING, "")
    for number, example in enumerate(examples):
        dated = ((example.at or BEGINNING, example.text), number, example)
        leaving = []
        if dated[0] < gone:  # never back into a window that younger ones have left, whatever the order they come in
            leaving.append(dated)
        else:
            heapq.heappush(window, dated)
            size += len(example.text)
        while len(window) > newest or (size > characters and len(window) > 1):
            leaving.append(heapq.heappop(window))
            size -= len(leaving[-1][2].text)
            gone = leaving[-1][0]
        left_out += sum(not _keep_older(older, oldest, question, of_label) for oldest in leaving)
    kept = [example for _, _, example in window]
    sizes = Counter(example.labels[question] for example in kept)
    for label, of_same in older.items():
        missing = max(0, of_label - sizes[label])
        kept += [example for _, _, example in heapq.nlargest(missing, of_same)]
        left_out += max(0, len(of_same) - missing)
    return kept, left_out


def _keep_older(older: dict[str, list[_Dated]], oldest: _Dated, question: str, of_label: int) -> bool:
    """Whether no other text of the label had to go for it."""
    of_same = older.setdefault(oldest[2].labels[question], [])
    if len(of_same) < of_label:
        heapq.heappush(of_same, oldest)
        return True
    heapq.heappushpop(of_same, oldest)
    return False
