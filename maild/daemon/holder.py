"""The name under which a process holds leases; on the same machine it tells whether that process has died."""

import os
import socket
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PIDS = Path("/proc/self/ns/pid")


def holder_name() -> str:
    """Names this process, unlike every other on any machine: place, process id, start of the process."""
    return f"{_place()} {os.getpid()} {_started_at(os.getpid())}"


def is_dead(holder: str) -> bool:
    """Whether the process of this name has died; False where that cannot be known from here."""
    place, _, rest = holder.partition(" ")
    pid, _, started_at = rest.partition(" ")
    return place == _place() and pid.isdigit() and started_at != "" and _started_at(int(pid)) != started_at


def _place() -> str:
    """Machine, boot and process-id namespace: only there does a process id mean the same."""
    try:
        return f"{socket.gethostname()[:30]}/{_BOOT.read_text().strip()[:8]}/{_PIDS.stat().st_ino}"
    except OSError:
        return f"{socket.gethostname()[:30]}/{os.urandom(8).hex()}"


def _started_at(pid: int) -> str:
    """Start of the process in clock ticks since boot (proc(5), field 22); empty when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
