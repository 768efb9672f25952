"""How often the leak guard holds real words in vain, and which planted leaks it finds.

FOLDER has rows of text below it as .csv.gz, column `text`, or threads as .jsonl.gz: root, frm, body. Each text is read as an
answer of a TSM; in a thread, what all others wrote in it is internal text.

Takes less than a minute on a quiet machine. Run: python -m benchmarks.leaks FOLDER... [--show 3]
"""

import argparse
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from maild.classify.evaluation.interval import wilson
from maild.classify.training.corpora import rows_of
from maild.process.desk import Desk
from maild.process.guarding.leaks import Known, addresses_in, find_leaks
from maild.process.guarding.relaying import relayed_words

DESK = Desk(name="Acme Support", address="support@acme.example")
SEED, PLANTED = 2026, 500
NOTE = "The client has not paid since March, and the lawyer says that we must not touch their router before they do."


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=0, help="holds to show of each folder")
    arguments = parser.parse_args()
    texts: list[str] = []
    for folder in arguments.folder:
        _alike_in_vain(folder)
        found = [words for text in _texts(folder) if (words := relayed_words(text, (), DESK))]
        if not found:
            continue
        _held_in_vain(folder.name, found, arguments.show)
        texts += found
    _found(texts)
    return 0


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.csv.gz")):
        yield from (row["text"] for row in rows_of(path) if row.get("label", "ham") != "spam" and row.get("text"))


def _alike_in_vain(folder: Path) -> None:
    """Each mail of a thread as an answer, what all others wrote in it as internal text: alike in topic, and in what is pasted.

    What is held word for word is a copy; what is held for small changes alone is looked at here.
    """
    threads: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(folder.rglob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in filter(lambda row: "frm" in row, map(json.loads, lines)):
                words = relayed_words(row["body"], (), DESK)
                threads.setdefault(row["root"], []).append((row["frm"], words))
    kinds: Counter[str] = Counter()
    count = 0
    for author, words, others in _answers(threads.values()):
        count += 1
        leaks = find_leaks(words, DESK, Known(internal=[each for who, each in others if who != author]))
        kinds.update({leak.because for leak in leaks})
    for kind, held in kinds.items():
        _line(f"{folder.name}, threads: {kind}", held, count)


def _answers(threads: Iterable[list[tuple[str, str]]]) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    for thread in threads:
        for place, (author, words) in enumerate(thread):
            others = thread[:place] + thread[place + 1 :]
            if words and any(who != author for who, _ in others):
                yield author, words, others


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
    random_, found = random.Random(SEED), Counter[str]()
    for words in random_.choices(texts, k=PLANTED):
        for name, leak in _planted(random_):
            lines = words.splitlines()
            lines.insert(random_.randrange(len(lines) + 1), leak)
            leaking = "\n".join(lines)
            known = Known(
                internal=(NOTE,),
                foreign_addresses={"carl@other.example"} & set(addresses_in(leaking)),
                foreign_tickets={9},
            )
            found[name] += bool(find_leaks(leaking, DESK, known))
    for name, hits in found.items():
        _line(f"planted, found: {name}", hits, PLANTED)


def _planted(random_: random.Random) -> Iterator[tuple[str, str]]:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    word = "".join(random_.choices(letters, k=12))
    yield "an address of another client", "You may ask carl@other.example about it."
    yield "a ticket of another client", "It is the same as in T-9."
    yield "a sentence of a note", f"Well, {NOTE[24:]}"
    for share in (0.05, 0.1, 0.2):
        changed = " ".join(_changed(random_, NOTE, share))
        yield f"a note of which {share:.0%} of the words are changed", changed
    yield "an address behind a soft hyphen", "You may ask carl@oth\u00ader.example about it."
    yield "a ticket in lower case with a hyphen that does not break", "It is the same as in t\u20119."
    yield "a password behind a zero-width space", f"The pass\u200bword is {word}7"
    yield "a password", f"The password is {word}7"
    yield "a password on a line of its own", f"Password: {word.lower()}"
    yield "a key of AWS", f"AKIA{word.upper()[:12].replace('8', '2').replace('9', '3')}ABCD"
    yield "a token of GitHub", f"ghp_{word * 3}"
    yield "a private key", "-----BEGIN RSA PRIVATE KEY-----"
    yield "a connection string", f"mysql://root:{word}@10.0.0.7/crm"


def _changed(random_: random.Random, note: str, share: float) -> Iterator[str]:
    """The words of the note, so many of them replaced, left out or with another one behind."""
    for word in note.split():
        if random_.random() >= share:
            yield word
            continue
        chosen = random_.randrange(3)
        yield from ((), (word, "really"), ("perhaps",))[chosen]


def _line(name: str, hits: int, count: int) -> None:
    low, high = wilson(hits, count)
    print(f"{name}: {hits} of {count} ({hits / count:.2%}; 95 % between {low:.2%} and {high:.2%})")


if __name__ == "__main__":
    sys.exit(main())
