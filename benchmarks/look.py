"""What one look of the incident watch costs in the middle of a burst.

Invented tickets of eight weeks are remembered, then so many come that say the same. One of them belongs to an incident
already, so that nothing is proposed and each of the others is asked about: the dearest look there is. Process time, one core.

Takes half a minute. Run: python -m benchmarks.look
"""

import argparse
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from maild.knowledge.bursts import MEMORY, Alarm, History, Opened, find_bursts
from maild.knowledge.likeness import count_terms

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ALARM = Alarm(false_alarms_a_week=0.25, least_clients=4)
REPORT = "the vpn gateway refuses all connections with error 809"
WORDS, LENGTH = 3_000, 60


def texts(chance: random.Random) -> Iterator[str]:
    """Words by Zipf's law, so that common ones are common."""
    words = ["".join(chance.choices("abcdefghijklmnoprstu", k=7)) for _ in range(WORDS)]
    weights = [1 / (place + 50) for place in range(WORDS)]
    while True:
        yield " ".join(chance.choices(words, weights, k=LENGTH))


def opened(number: int, at: datetime, text: str) -> Opened:
    """A ticket of a client of its own."""
    return Opened(
        number=number,
        at=at,
        client=f"client{number}.example",
        is_proven=False,
        category="network",
        mail=number,
        terms=count_terms("", text),
    )


def measure(remembered: int, come: int) -> float:
    """Seconds of one look."""
    history, words = History(zone=UTC), texts(random.Random(1))
    for number in range(remembered):
        at = NOW - MEMORY * (1 - number / remembered) - timedelta(hours=8)
        history.see(opened(number, at, next(words)))
    fresh = [
        opened(remembered + place, NOW + timedelta(seconds=20 * place), f"{REPORT} {next(words)[:80]}")
        for place in range(come)
    ]
    for each in fresh:
        history.see(each)
    began = time.process_time()
    find_bursts(fresh, history, ALARM, taken={fresh[0].number})
    return time.process_time() - began


def main() -> None:
    """Say what a look costs, by what is remembered and what has come."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    for remembered, come in ((2_000, 100), (8_000, 25), (8_000, 100), (8_000, 200)):
        print(f"{remembered:>6} remembered, {come:>4} alike: {measure(remembered, come):6.2f} s")


if __name__ == "__main__":
    main()
