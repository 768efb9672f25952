"""CPU time and memory of whole families of processes, from the operating system's own accounts."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import psutil


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of the processes, of all their children, and of children that have ended."""
    return sum(_own_and_ended(process) for root in roots for process in _family(root))


def pss_bytes(root: int) -> int:
    """Proportional set size of a process and its children: shared pages are counted once, in shares."""
    return sum(_pss(process.pid) for process in _family(root))


def _family(root: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _own_and_ended(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
