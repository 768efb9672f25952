"""Every file of a folder through the parsing processes: counts, what is held and why, the slowest, the cost of a mail.

Takes a few milliseconds a file. Run: python -m benchmarks.corpus FOLDER [--workers 2] [--repeat 1]
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.load import cpu_seconds, pss_bytes
from maild.errors import Unreadable
from maild.mail.message import Limits, Mail
from maild.mail.pool import ParsingPool

LANGUAGES = ("en", "de", "fr", "es")
SLOWEST = 5
"""Rows of the last table."""


def main() -> int:
    """Run over the folder once in groups (the rate), once singly (the slowest)."""
    arguments = _arguments()
    files = [path for path in sorted(arguments.folder.rglob("*")) if path.is_file()] * arguments.repeat
    sources = [path.read_bytes() for path in files]
    if not sources:
        print(f"{arguments.folder} holds no file")
        return 1
    with ParsingPool(Limits(), LANGUAGES, arguments.workers) as pool:
        pool.parse(sources[:1])
        memory = pss_bytes(os.getpid())
        started, worked = time.perf_counter(), cpu_seconds([os.getpid()])
        answers = pool.parse(sources)
        seconds, work = time.perf_counter() - started, cpu_seconds([os.getpid()]) - worked
        singly = [_timed(pool, source) for source in sources]
    _print(files, answers, (seconds, work), singly, memory)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=1, help="the folder so many times, for a steadier rate")
    return parser.parse_args()


def _timed(pool: ParsingPool, source: bytes) -> float:
    started = time.perf_counter()
    pool.parse([source])
    return time.perf_counter() - started


def _print(
    files: list[Path], answers: list[Mail | Unreadable], spent: tuple[float, float], singly: list[float], memory: int
) -> None:
    seconds, work = spent
    console = Console()
    counts = Table("what", "files")
    for label, count in _count(answers).most_common():
        counts.add_row(label, str(count))
    console.print(counts)
    held = Table("held", "because")
    for path, answer in zip(files, answers, strict=True):
        if isinstance(answer, Unreadable):
            held.add_row(path.name, str(answer))
    console.print(held)
    slowest = Table("slowest, alone", "ms")
    for alone, path in sorted(zip(singly, files, strict=True), reverse=True)[:SLOWEST]:
        slowest.add_row(path.name, f"{alone * 1000:.1f}")
    console.print(slowest)
    console.print(
        f"{len(answers) / seconds:,.0f} mails/s in groups, {seconds / len(answers) * 1000:.2f} ms of wall clock and "
        f"{work / len(answers) * 1000:.2f} ms of processor a mail, "
        f"{memory / 2**20:.0f} MiB with the pool"
    )


def _count(answers: list[Mail | Unreadable]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer, Unreadable):
            counts["held"] += 1
            continue
        counts["mail"] += 1
        counts["with attachments"] += bool(answer.attachments)
        counts["bounce"] += answer.bounce is not None
        counts["without author"] += answer.author is None
        counts["with defects"] += bool(answer.defects)
        counts["language known"] += answer.language is not None
        counts["new text shorter than text"] += len(answer.new_text) < len(answer.text)
    return counts


if __name__ == "__main__":
    raise SystemExit(main())
