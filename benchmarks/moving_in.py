"""How fast the past moves in: `maild import` of an mbox with mails as large and involved as real ones.

Mails a second, CPU a mail, and how long 100,000 would take; `--again` also runs it a second time, when all is there.

Aim: 100,000 mails in under 30 minutes on two cores.
Takes seconds for 2,000, seven minutes for 100,000. Run: python -m benchmarks.moving_in [2000]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load import cpu_seconds, pss_bytes
from benchmarks.sample_mails import sample_mails
from tests.support.desk_folder import a_folder
from tests.support.past_mails import as_mbox

GLANCE_SECONDS = 0.2
CORES = 2
HISTORY = 100_000


def move_in(folder: Path, mbox: Path, mails: int) -> str:
    """Run the import once, and say what it cost."""
    command = [sys.executable, "-m", "maild", "--config", str(folder), "import", str(mbox)]
    began, cpu, memory = time.monotonic(), 0.0, 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    while process.poll() is None:
        cpu, memory = max(cpu, cpu_seconds([process.pid])), max(memory, pss_bytes(process.pid))
        time.sleep(GLANCE_SECONDS)
    if process.returncode:
        raise SystemExit(f"maild import ended with {process.returncode}")
    wall = time.monotonic() - began
    return (
        f"{mails / wall:6.0f} mails/s  {1000 * cpu / mails:5.1f} CPU ms a mail  {memory / 2**20:4.0f} MiB"
        f"  {HISTORY:,} mails: {HISTORY * wall / mails / 60:.0f} min as now,"
        f" {HISTORY * cpu / mails / CORES / 60:.0f} min of {CORES} cores"
    )


def main() -> None:
    """Write the mbox, move it in, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mails", nargs="?", type=int, default=2_000)
    parser.add_argument("--again", action="store_true", help="once more, when all is there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, mbox = a_folder(Path(place) / "config"), Path(place) / "old.mbox"
        mbox.write_bytes(as_mbox(source.replace(b"\r\n", b"\n") for source in sample_mails(arguments.mails)))
        load = os.getloadavg()[0]
        print(f"{arguments.mails:,} mails, {mbox.stat().st_size / 1e6:.1f} MB; load of the machine before: {load:.1f}")
        print("moving in  ", move_in(folder, mbox, arguments.mails))
        if arguments.again:
            print("once more  ", move_in(folder, mbox, arguments.mails))


if __name__ == "__main__":
    main()
