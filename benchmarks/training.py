"""How long a desk's training takes and how much memory, with 100,000 labelled tickets and with a million.

Synthetic tickets, drawn one after the other so that no list of them is ever in memory: eight categories, words by Zipf's law
from 30,000, of which each category prefers some; half of them about 40 words long, the others up to four times that. One label
in twenty is wrong. Each size is trained in a process of its own, with one thread, as `maild train` does; what is printed is its
wall clock, CPU and peak memory, which are all there is: it starts no other process.

Aims: 100,000 in 3 minutes and 2 GiB; 1,000,000 at all.
Takes five minutes on a quiet machine. Run: python -m benchmarks.training [--tickets 100000 --tickets 1000000]
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np

from maild.__main__ import use_common_sums, use_one_thread
from maild.classify.text import model_text
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import train_desk
from maild.classify.training.example import Example

AIM = "100,000 tickets <= 3 min and <= 2 GiB on two cores; 1,000,000 possible"
LABELS = ("access", "billing", "email", "hardware", "hr", "network", "purchase", "software")
WORDS, PREFERRED, SHARE = 30_000, 400, 0.25
"""Words of the language; words that a category prefers, and the share of a text that they make."""

WRONG = 0.05
AT_ONCE = 1_000
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, action="append", help="default: 100,000, then 1,000,000")
    sizes = parser.parse_args().tickets
    print(f"training: aim {AIM}")
    for size in sizes or (100_000, 1_000_000):
        print(f"  {size:>9,} tickets: {apart(size)}", flush=True)


def apart(size: int) -> str:
    """Train once in a process of its own, so that its peak of memory is its own."""
    use_one_thread()
    use_common_sums()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, size).result()


def measure(size: int) -> str:
    """Train once, and say what it took."""
    start = time.perf_counter()
    history = prepare(tickets(size), "category")
    read = time.perf_counter() - start
    trained = train_desk(history, tell=tell)
    seconds, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    scores = trained.card["scores"]
    return (
        f"{seconds:.0f} s ({used.ru_utime + used.ru_stime:.0f} CPU), of which reading {read:.0f} s; "
        f"peak {used.ru_maxrss / 1024:,.0f} MiB; learnt from {len(history.examples):,}, {trained.card['terms']:,} terms, "
        f"{len(trained.content) / 1e6:.1f} MB; {scores['accuracy']:.1%} right of {scores['n']:,} held out"
    )


def tell(step: str) -> None:
    """Progress, beside the numbers."""
    print(f"    ... {time.process_time():.0f} CPU s: {step}", file=sys.stderr, flush=True)


def tickets(size: int) -> Iterator[Example]:
    """One after the other, always the same."""
    chance = np.random.default_rng(20_261_129)
    words = spellings(chance)
    shares = 1 / np.arange(1, WORDS + 1)
    shares /= shares.sum()
    preferred = {label: chance.permutation(WORDS - 1_000)[:PREFERRED] + 1_000 for label in LABELS}
    for first in range(0, size, AT_ONCE):
        said_of, named_of = chance.integers(0, len(LABELS), (2, AT_ONCE)).tolist()
        is_wrong = (chance.random(AT_ONCE) < WRONG).tolist()
        lengths = (40 * chance.uniform(0.5, 1.0, AT_ONCE) ** -2).astype(int)
        drawn = chance.choice(WORDS, size=int(lengths.sum()), p=shares)
        place = 0
        for number, length in enumerate(lengths[: size - first].tolist(), start=first):
            label = LABELS[said_of[number - first]]
            said = drawn[place : place + length].copy()
            place += length
            own = chance.random(length) < SHARE
            said[own] = chance.choice(preferred[label], size=int(own.sum()))
            named = LABELS[named_of[number - first]] if is_wrong[number - first] else label
            yield Example(
                text=model_text("", " ".join(map(words.__getitem__, said.tolist()))), corpus="desk",
                group=f"ticket {number}", labels={"category": named}, at=BEGINNING + timedelta(minutes=number),
                language="en", ticket=f"T-{number}",
            )  # fmt: skip


def spellings(chance: np.random.Generator) -> list[str]:
    """Words of two to five syllables, each once, the frequent ones shorter."""
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvw" for vowel in "aeiou"]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        length = 2 + min(3, int(len(found) ** 0.25) // 4) + int(chance.integers(0, 2))
        found.setdefault("".join(chance.choice(syllables, size=length)))
    return list(found)


if __name__ == "__main__":
    main()
