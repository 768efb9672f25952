"""systemd: readiness, status and watchdog by datagrams to its socket (sd_notify(3)); without one nothing is said."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ServiceManager:
    """Who started maild, if it wants to hear of it."""

    place: str | None
    """A path, or `@name` in Linux' abstract namespace."""

    watchdog_seconds: float | None
    """A sign of life is expected this often; None: nobody waits for one."""

    def say(self, **words: str) -> None:
        """Say READY, STATUS, WATCHDOG, STOPPING; a manager that does not listen is no reason to stop."""
        if self.place is None:
            return
        address = f"\0{self.place[1:]}" if self.place.startswith("@") else self.place
        text = "\n".join(f"{name}={' '.join(value.split())}" for name, value in words.items())
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as said:
            said.setblocking(False)
            said.sendto(text.encode(), address)


def service_manager(environ: Mapping[str, str], pid: int) -> ServiceManager:
    """Read what systemd has told this process; a watchdog that is meant for another one is none."""
    place = environ.get("NOTIFY_SOCKET", "")
    microseconds = environ.get("WATCHDOG_USEC", "")
    is_ours = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
    return ServiceManager(
        place=place if place[:1] in {"/", "@"} else None,
        watchdog_seconds=int(microseconds) / 1e6 if is_ours and microseconds.isdigit() and int(microseconds) else None,
    )
