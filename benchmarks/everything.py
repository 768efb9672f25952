"""All numbers of speed.md in one go, as Markdown, with a verdict for each aim.

Progress goes to standard error. `--rounds` repeats the runs of intake; verdicts go by medians. The exit status is 1 when
the crash story lost a mail or sent one twice; a missed aim is no failure of the program, and is said in words.

Aims: those of benchmarks/README.md, *Speed and size*, for the line.
Takes 40 minutes on a quiet machine. Run: python -m benchmarks.everything > numbers.md
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks import crash, intake, start
from benchmarks.sample_mails import size_in_words
from benchmarks.verdicts import DATABASES, LARGE, SMALL, STANDING, Verdict, judge
from benchmarks.watching import Measured

FLOORS = ["stock", "light"]
LIBRARIES = ("imapclient", "mail-parser", "scikit-learn", "sqlalchemy", "psycopg", "jinja2", "aiosmtplib", "pebble")


def main() -> int:
    """Measure, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=24, help="of the crash story; 0 leaves it out")
    arguments = parser.parse_args()
    write(*circumstances())
    runs = {0: list[Measured](), STANDING: list[Measured]()}
    for _ in range(arguments.rounds):
        runs[0] += intake.measure([SMALL, LARGE], list(DATABASES), 0, FLOORS, (False, True))
        runs[STANDING] += intake.measure([SMALL], list(DATABASES), STANDING, [])
    for standing, measured in runs.items():
        write(f"\n{standing:,} tickets there before:\n", *table_of(measured))
    write("\n", *table_of_verdicts([*judge(runs), *waits()]))
    return crashes(arguments.kills) if arguments.kills else 0


def write(*lines: str) -> None:
    """Print lines at once: the next run may take minutes."""
    print(*lines, sep="\n", flush=True)


def circumstances() -> Iterator[str]:
    """When, on what, with what, and how quiet it was."""
    yield f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"
    yield f"load before: {' '.join(f'{load:.2f}' for load in os.getloadavg())}; mails: {size_in_words()}"
    yield ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def table_of(runs: Sequence[Measured]) -> Iterator[str]:
    """One row for each kind of run and size: the medians, and the range of the rates."""
    yield "| run | mails | n | mails/s (range) | CPU ms a mail | own CPU ms | peak PSS MiB |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, mails in dict.fromkeys((run.name, run.mails) for run in runs):
        same = [run for run in runs if (run.name, run.mails) == (name, mails)]
        rates = [run.rate for run in same]
        middle = {field: statistics.median(getattr(run, field) for run in same) for field in ("cpu_ms", "own_cpu_ms")}
        yield (
            f"| {name} | {mails:,} | {len(same)} | {statistics.median(rates):.0f} ({min(rates):.0f}-{max(rates):.0f}) "
            f"| {middle['cpu_ms']:.1f} | {middle['own_cpu_ms']:.1f} | {max(run.pss_mib for run in same):.0f} |"
        )


def table_of_verdicts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """One row for each aim."""
    yield "| aim | limit | worst | where | met |"
    yield "|---|--:|--:|---|---|"
    for verdict in verdicts:
        sign = "at least" if verdict.is_least else "at most"
        met = "yes" if verdict.is_met else "no"
        yield f"| {verdict.aim} | {sign} {verdict.limit:g} | {verdict.measured:.2f} | {verdict.where} | {met} |"


def waits() -> Iterator[Verdict]:
    """How long a person waits for the program."""
    for name, limit, seconds in start.measured():
        yield Verdict(aim=f"{name}, s", limit=limit, measured=statistics.median(seconds), where="median")


def crashes(kills: int) -> int:
    """Tell the crash story in a process of its own; answers its exit status."""
    command = [sys.executable, "-m", crash.__name__, "--kills", str(kills)]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    write("\n```", told.stdout.rstrip(), "```", "nothing lost, nothing twice" if told.returncode == 0 else "NOT WHOLE")
    return told.returncode


if __name__ == "__main__":
    raise SystemExit(main())
