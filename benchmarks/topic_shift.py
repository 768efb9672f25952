"""Topic shift: how often a real follow-up would be torn away, and how often something else is seen, on a mailing list.

The mails (`grase_list/mails_2011_2014.jsonl.gz`) have no licence and do not travel with the project. A real follow-up is any
mail that answers one of its thread; a planted shift is the first mail of another thread, put where the follow-up stands, with
the same mails before it: once under its own subject, once under the old one, as whoever takes an old mail to write something
new would. Both are judged as if the thread were closed, and what stood before them in the thread were the ticket. Threads are
halved by chance: on one half the thresholds were chosen, the other gives the numbers.

Chosen so that at most 1 % of the follow-ups of the first half are torn away.
Takes seconds. Run: python -m benchmarks.topic_shift --data FOLDER
"""

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from maild.knowledge.shift import Past, find_shift
from maild.replies.subject import base_subject

FILE = Path("grase_list/mails_2011_2014.jsonl.gz")
SEED = 20261129
AIM = "at most 2 % of real follow-ups torn away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mail that comes to a closed thread."""

    subject: str
    text: str
    past: Past
    thread: str


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the collections of texts")
    data = parser.parse_args().data
    print(f"topic shift: aim {AIM}")
    for name, value in topic_shift_rows(data):
        print(f"  {name:<52} {value}")


def topic_shift_rows(data: Path | None) -> Iterator[tuple[str, str]]:
    """Name and value of each row; one that says so where there is no data."""
    if data is None or not (data / FILE).exists():
        yield "topic shift", "no data here"
        return
    threads = read_threads(data / FILE)
    chance = random.Random(SEED)
    for half, named in (("chosen on", 0), ("never used to choose", 1)):
        real, own, kept = cases([one for place, one in enumerate(shuffled(threads)) if place % 2 == named], chance)
        yield f"{half}: real follow-ups torn away (false)", rate(real)
        yield f"{half}: planted, own subject, seen", rate(own)
        yield f"{half}: planted, old subject, seen", rate(kept)


def shuffled(threads: Sequence[Sequence[Mapping[str, str]]]) -> list[Sequence[Mapping[str, str]]]:
    """In an order that has nothing to do with time."""
    mixed = list(threads)
    random.Random(SEED).shuffle(mixed)
    return mixed


def rate(cases: Sequence[Case]) -> str:
    """Share of the cases that are taken for something else."""
    seen = sum(find_shift(case.subject, case.text, case.past) is not None for case in cases)
    return f"{seen / len(cases):.3f} ({seen} of {len(cases)})"


def read_threads(path: Path) -> list[list[Mapping[str, str]]]:
    """Threads of two mails and more, each in the order of time."""
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            mail = json.loads(line)
            found[mail["root"]].append(mail)
    threads = [sorted(mails, key=lambda mail: mail["dt"]) for mails in found.values()]
    return sorted((mails for mails in threads if len(mails) > 1), key=lambda mails: mails[0]["dt"])


def cases(
    threads: Sequence[Sequence[Mapping[str, str]]], chance: random.Random
) -> tuple[list[Case], list[Case], list[Case]]:
    """Real follow-ups, planted shifts under their own subject, and under the thread's."""
    real, own, kept = [], [], []
    for mails in threads:
        others = [each[0] for each in threads if each[0]["root"] != mails[0]["root"]]
        for place in range(1, len(mails)):
            past, mail = past_of(mails[:place]), mails[place]
            name = mails[0]["root"]
            real.append(Case(subject=subject_of(mail), text=mail["own"] or "", past=past, thread=name))
            planted = chance.choice(others)
            own.append(Case(subject=subject_of(planted), text=planted["own"] or "", past=past, thread=name))
            kept.append(Case(subject=past.subject, text=planted["own"] or "", past=past, thread=name))
    return real, own, kept


def past_of(mails: Sequence[Mapping[str, str]]) -> Past:
    """The thread so far, as a ticket."""
    texts = [f"{subject_of(mail)}\n{mail['own'] or ''}" for mail in mails]
    return Past(subject=subject_of(mails[0]), texts=texts, rest=timedelta(days=40), is_closed=True)


def subject_of(mail: Mapping[str, str]) -> str:
    """Without Re: and the list's own tag, as a desk would see it."""
    return base_subject((mail["subject"] or "").replace("[GRASE-Hotspot]", ""), "T").strip()


if __name__ == "__main__":
    main()
