"""Machines of their own on this one: network and process namespaces, with a cable for each server that can be pulled.

A hub stands for the servers' side. Each machine has one cable to the hub for every server, so that it can be cut off from one of them
and keep the others; what is sent into a pulled cable is lost without a word, in both directions, as on a real wire. Needs root or sudo.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

from tests.servers.forwarding import Forwarding

_AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")
_ALONE = ("unshare", "--net", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child", "--")
_WHEN_WIRED = ("sh", "-c", 'read -r name && echo "$name" > /proc/sys/kernel/hostname && exec "$@"', "machine")
_LISTEN = """
import socket, sys
with socket.socket(fileno=0) as out:
    for host in sys.argv[2:]:
        with socket.create_server((host, int(sys.argv[1]))) as listening:
            socket.send_fds(out, [b"."], [listening.fileno()])
"""

PORT = 4000
"""Where every server is reached: they differ by their address."""

SECONDS = 120.0


def address_of(place: int) -> str:
    """Give the address of the server with this place in `Network(servers=...)`, counted from 1."""
    return f"10.77.0.{place}"


class Network:
    """A context manager: the hub, and behind it the servers on this machine's loopback."""

    def __init__(self, servers: Mapping[str, int]) -> None:
        """`servers`: name to the port on 127.0.0.1 that is reached through the hub."""
        self.servers = tuple(servers)
        self._ports = servers
        self._machines: list[Machine] = []

    def __enter__(self) -> Self:
        self._hub: subprocess.Popen[bytes] = subprocess.Popen([*_AS_ROOT, *_ALONE, "sleep", "infinity"])
        self.namespace = _namespace(self._hub)
        self.run("ip", "link", "set", "lo", "up")
        for place in range(1, len(self.servers) + 1):
            self.run("ip", "address", "add", f"{address_of(place)}/32", "dev", "lo")
        self._forwardings = [
            Forwarding(listening, self._ports[name])
            for name, listening in zip(self.servers, self._listen(), strict=True)
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self._machines:
            machine.cut_power()
        for forwarding in self._forwardings:
            forwarding.close()
        _kill(self._hub)

    def machine(self, command: Sequence[str], *, environ: Mapping[str, str], log: Path) -> "Machine":
        """Start a command on a machine of its own, with all its cables in place."""
        machine = Machine(self, len(self._machines) + 1, command, environ=environ, log=log)
        self._machines.append(machine)
        return machine

    def run(self, *command: str) -> None:
        """Run a command on the hub."""
        _inside(self.namespace, *command)

    def _listen(self) -> list[socket.socket]:
        """Sockets that were made on the hub, and are served from here."""
        addresses = [address_of(place) for place in range(1, len(self.servers) + 1)]
        ours, theirs = socket.socketpair()
        with ours, theirs:
            _inside(self.namespace, sys.executable, "-c", _LISTEN, str(PORT), *addresses, stdin=theirs)
            return [socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0]) for _ in addresses]


class Machine:
    """One command, alone with its processes; `network.machine` starts it."""

    def __init__(
        self, network: Network, number: int, command: Sequence[str], *, environ: Mapping[str, str], log: Path
    ) -> None:
        self.name = f"machine{number}"
        """Its host name too."""

        self._network, self._number = network, number
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [*_AS_ROOT, *_ALONE, *_WHEN_WIRED, *command],
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=stream,
                env=dict(environ),
            )
        self._namespace = _namespace(self._process)
        _inside(self._namespace, "ip", "link", "set", "lo", "up")
        for server in network.servers:
            self._lay(server)
        assert self._process.stdin is not None
        with self._process.stdin as terminal:
            terminal.write(f"{self.name}\n".encode())

    def pull(self, server: str) -> None:
        """Pull the cable to a server: nothing arrives any more, and nobody is told."""
        self._network.run("ip", "link", "set", self._cable(server), "down")

    def plug(self, server: str) -> None:
        """Put the cable back."""
        self._network.run("ip", "link", "set", self._cable(server), "up")
        self._route_back(server)

    def pause(self) -> None:
        """Stop the clock of all its processes, as a host does that moves a virtual machine."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on, with no idea that time has passed."""
        self._signal(signal.SIGCONT)

    def cut_power(self) -> None:
        """End all its processes at once."""
        _kill(self._process)

    @property
    def is_on(self) -> bool:
        """Whether its command runs."""
        return self._process.poll() is None

    def _lay(self, server: str) -> None:
        """Lay a cable: the machine's end is named as the server."""
        cable, place = self._cable(server), self._network.servers.index(server) + 1
        # by its process and not by a path: `ip` takes the namespace in which that process is
        self._network.run(
            "ip", "link", "add", cable, "type", "veth", "peer", "name", server, "netns", self._namespace.parts[2]
        )
        _inside(self._namespace, "ip", "address", "add", f"10.77.{self._number}.{place}/32", "dev", server)
        _inside(self._namespace, "ip", "link", "set", server, "up")
        here = f"10.77.{self._number}.{place}"
        _inside(self._namespace, "ip", "route", "add", f"{address_of(place)}/32", "dev", server, "src", here)
        self._network.run("ip", "link", "set", cable, "up")
        self._route_back(server)

    def _route_back(self, server: str) -> None:
        place = self._network.servers.index(server) + 1
        self._network.run("ip", "route", "replace", f"10.77.{self._number}.{place}/32", "dev", self._cable(server))

    def _cable(self, server: str) -> str:
        return f"{server}{self._number}"

    def _signal(self, number: signal.Signals) -> None:
        here = (Path("/proc") / str(self._process.pid) / "ns/net").stat().st_ino
        for process in psutil.Process(self._process.pid).children(recursive=True):
            with suppress(FileNotFoundError):
                assert (Path("/proc") / str(process.pid) / "ns/net").stat().st_ino == here
                subprocess.run([*_AS_ROOT, "kill", f"-{number.value}", str(process.pid)], check=False)


def _namespace(process: "subprocess.Popen[bytes]") -> Path:
    """Wait until a process has its own network, and give the path of it; where it gets none, end it."""
    ours = Path("/proc/self/ns/net").stat().st_ino
    limit = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < limit:
        for candidate in (process.pid, *(child.pid for child in psutil.Process(process.pid).children())):
            path = Path(f"/proc/{candidate}/ns/net")
            with suppress(OSError):
                if path.stat().st_ino != ours:
                    return path
    _kill(process)
    raise RuntimeError("no network namespace could be made: this test needs root or sudo, and a kernel that allows it")


def _inside(namespace: Path, *command: str, stdin: socket.socket | None = None) -> None:
    subprocess.run(
        [*_AS_ROOT, "nsenter", f"--net={namespace}", "--", *command],
        check=True,
        capture_output=True,
        timeout=SECONDS,
        stdin=stdin.fileno() if stdin else None,
    )


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End `unshare`; what it has started dies with it."""
    if process.poll() is None:
        subprocess.run([*_AS_ROOT, "kill", "-9", str(process.pid)], check=False, capture_output=True)
    process.wait(SECONDS)
