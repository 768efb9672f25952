"""The name under which a process holds leases; on the same machine it tells whether that process has died.

A process id means something in one process-id namespace only, and the start of a process in one time namespace (both
are a container's own). Two namespaces that live at the same time never have one number, so that whoever shares boot and
numbers with us either sees the same processes as we do, or its namespace has ended, and all its processes with it:
that is how a container that was started again knows what the one before it held. What stands before a slash names a
part of the process, such as a connection of the outbox. About every other container and
machine nothing is said; there the lease's end does it.
"""

import hashlib
import os
import socket
from pathlib import Path

PLACE_OCTETS = 12
"""Of a digest: the column of the holder's name has 80 characters for all of it."""

_PROC = Path("/proc")
_NAMESPACES = ("pid", "time")


def holder_name() -> str:
    """Names this process, unlike every other on any machine: host and place, process id, start of the process."""
    return f"{socket.gethostname()[:20]}:{_place()} {os.getpid()} {_started_at(os.getpid())}"


def is_dead(holder: str) -> bool:
    """Whether the process of this name has died; False where that cannot be known from here."""
    place, _, rest = holder.partition(" ")
    pid, _, started_at = rest.partition(" ")
    if place.rpartition(":")[2] != _place() or not pid.isdigit() or not started_at:
        return False
    return _started_at(int(pid)) != started_at and not _is_hidden(int(pid))


def _place() -> str:
    """Names this boot of this kernel, and the namespaces in which ids and starts of processes are counted.

    Where that cannot be known the answer is another one each time, and equal to none.
    """
    try:
        reader = (_PROC / "self").readlink().name
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespaces = [_number(_PROC / "self/ns" / name) for name in _NAMESPACES]
    except OSError:
        reader = ""
    if reader != str(os.getpid()):  # /proc is not there, or counts in another namespace than we do
        return os.urandom(PLACE_OCTETS).hex()
    return hashlib.sha256(" ".join([boot, *namespaces]).encode()).digest()[:PLACE_OCTETS].hex()


def _number(namespace: Path) -> str:
    """Kernels before 5.6 have one time for all."""
    return str(namespace.stat().st_ino) if namespace.exists() else ""


def _started_at(pid: int) -> str:
    """Start of the process in clock ticks since boot (proc(5), field 22); empty when it is gone or a zombie."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _is_hidden(pid: int) -> bool:
    """Whether there is a process, which this user may not look at (proc(5), hidepid)."""
    if (_PROC / str(pid)).exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
