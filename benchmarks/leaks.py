"""Measures the leak guard: how often it holds real words in vain, and which planted leaks it finds.

python benchmarks/leaks.py FOLDER   # rows of text as .csv.gz below it, column `text`
"""

import argparse
import csv
import gzip
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from maild.classify.evaluation.interval import wilson  # noqa: E402 - the checkout is on the path only now
from maild.process.desk import Desk  # noqa: E402
from maild.process.leaks import Known, addresses_in, find_leaks  # noqa: E402
from maild.process.relaying import relayed_words  # noqa: E402

DESK = Desk(name="Acme Support", address="support@acme.example")
SEED, PLANTED = 2026, 500
NOTE = "The client has not paid since March, and the lawyer says that we must not touch their router before they do."


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=0, help="holds to show of each folder")
    arguments = parser.parse_args()
    texts: list[str] = []
    for folder in arguments.folder:
        found = [words for text in _texts(folder) if (words := relayed_words(text, (), DESK))]
        _held_in_vain(folder.name, found, arguments.show)
        texts += found
    _found(texts)
    return 0


def _texts(folder: Path) -> Iterator[str]:
    csv.field_size_limit(sys.maxsize)
    for path in sorted(folder.rglob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            yield from (row["text"] for row in rows if row.get("label", "ham") != "spam" and row.get("text"))


def _held_in_vain(name: str, texts: list[str], shown: int) -> None:
    """Each text as an answer; internal text is that of its neighbours, which it must not be like."""
    kinds: Counter[str] = Counter()
    held = 0
    for place, words in enumerate(texts):
        leaks = find_leaks(words, DESK, Known(internal=(NOTE,)))
        held += bool(leaks)
        kinds.update({leak.because for leak in leaks})
        if leaks and held <= shown:
            print(f"  {name} {place}: {leaks[0].because}: {leaks[0].found[:80]!r}")
    _line(f"{name}: held in vain", held, len(texts))
    for kind, count in kinds.most_common():
        print(f"    {kind}: {count}")


def _found(texts: list[str]) -> None:
    """Leaks planted into real words, at a random line."""
    random_ = random.Random(SEED)
    for name, leak in _planted(random_):
        found = 0
        for words in random_.sample(texts, PLANTED):
            lines = words.splitlines()
            lines.insert(random_.randrange(len(lines) + 1), leak)
            leaking = "\n".join(lines)
            known = Known(
                internal=(NOTE,),
                foreign_addresses={"carl@other.example"} & set(addresses_in(leaking)),
                foreign_tickets={9},
            )
            found += bool(find_leaks(leaking, DESK, known))
        _line(f"planted, found: {name}", found, PLANTED)


def _planted(random_: random.Random) -> Iterator[tuple[str, str]]:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    word = "".join(random_.choices(letters, k=12))
    yield "an address of another client", "You may ask carl@other.example about it."
    yield "a ticket of another client", "It is the same as in T-9."
    yield "a sentence of a note", f"Well, {NOTE[24:]}"
    yield "a password", f"The password is {word}7"
    yield "a password on a line of its own", f"Password: {word.lower()}"
    yield "a key of AWS", f"AKIA{word.upper()[:12].replace('8', '2').replace('9', '3')}ABCD"
    yield "a token of GitHub", f"ghp_{word * 3}"
    yield "a private key", "-----BEGIN RSA PRIVATE KEY-----"
    yield "a connection string", f"mysql://root:{word}@10.0.0.7/crm"


def _line(name: str, hits: int, count: int) -> None:
    low, high = wilson(hits, count)
    print(f"{name}: {hits} of {count} ({hits / count:.2%}; 95 % between {low:.2%} and {high:.2%})")


if __name__ == "__main__":
    sys.exit(main())
