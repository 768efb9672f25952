"""A running desk: `maild run` as a process of its own, between a real Dovecot and a real SMTP server."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Self

import pytest

from maild.cli.frame import main
from maild.daemon.parts import Parts, open_parts
from maild.daemon.running import run_once, system_clock
from maild.settings.reading import read_settings
from maild.shipped import folder as shipped
from tests.servers.dovecot import Dovecot, until
from tests.support.forking import Forked, Forks

MAILD_TOML = """\
[desk]
name = "Acme Support"
address = "{address}"
subaddress = "{subaddress}"
time_zone = "Europe/Berlin"
front_team = "Front desk"
{desk}

[[mailbox]]
{imap}
username = "{address}"
since = 2000-01-01
poll = "2s"
{mailbox}

[smtp]
{smtp}
username = ""

[database]
url = "{database_url}"

[classify]
audit = {audit}
"""

ON_LOOPBACK = 'host = "127.0.0.1"\nport = {port}\nsecurity = "none"'

PATIENCE_SECONDS = 120.0


@contextmanager
def here(environ: Mapping[str, str]) -> Iterator[None]:
    """Have this environment in this process, and nothing else of the one that it has."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


Process = subprocess.Popen[bytes] | Forked


class RunningDesk:
    """One configuration folder, and as many processes on it as a test starts."""

    forks: Forks | None = None
    """What its processes are forked from; None: each begins by itself, as everywhere but in stories."""

    def __init__(
        self,
        folder: Path,
        *,
        address: str,
        dovecot: Dovecot,
        smtp_port: int,
        database_url: str,
        desk: str = "",
        mailbox: str = "",
        audit: float = 0.0,
        subaddress: str = "+",
        weekly: bool = False,
        imap: str = "",
        smtp: str = "",
    ) -> None:
        """`desk`, `mailbox`: more lines of these sections; `imap`, `smtp`: how the servers are reached, if not on loopback."""
        self.folder = folder / "desk"
        self.address, self.dovecot = address, dovecot
        shutil.copytree(shipped("config"), self.folder)
        (self.folder / "maild.toml").write_text(
            MAILD_TOML.format(
                address=address,
                imap=imap or ON_LOOPBACK.format(port=dovecot.port),
                smtp=smtp or ON_LOOPBACK.format(port=smtp_port),
                database_url=database_url,
                desk=desk,
                mailbox=mailbox,
                audit=audit,
                subaddress=subaddress,
            )
        )
        if not weekly:  # whether a story crosses the hour of the summary would depend on the day on which it is told
            process = self.folder / "process.toml"
            process.write_text(process.read_text().replace("[weekly]\nsend = true", "[weekly]\nsend = false"))
        (self.folder / "secrets").mkdir(exist_ok=True)
        (self.folder / "secrets" / "mailbox-password").write_text(dovecot.password)
        self.log = folder / "maild.log"
        # What is killed leaves its temporary files. Not below the test's folder: paths of sockets must be short.
        self._temporary = Path(tempfile.mkdtemp(prefix="desk-"))
        self.processes: list[Process] = []
        self.clock: Callable[[], datetime] = system_clock
        """What `take_turn` takes for now; a story moves it."""
        self.more: dict[str, str] = {}
        """What the environment of its processes holds besides."""

        self._opened = ExitStack()
        self._parts: Parts | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Process:
        """Start one more process; it is not ready yet."""
        process: Process
        if self.forks:
            process = self.forks.begin(
                "--config", str(self.folder), "run", environ=self.environ(), output=[self.log] * 2
            )
        else:
            with self.log.open("ab") as log:
                process = subprocess.Popen(self.command("run"), stderr=log, stdout=log, env=self.environ())
        self.processes.append(process)
        return process

    def start_ready(self) -> Process:
        """Start one more process, and wait until it is ready."""
        ready = self.log.read_text().count("ready") if self.log.exists() else 0
        process = self.start()
        try:
            until(lambda: self.log.read_text().count("ready") > ready, "not ready", seconds=PATIENCE_SECONDS)
        except pytest.fail.Exception:
            process.send_signal(signal.SIGABRT)
            process.wait(PATIENCE_SECONDS)
            pytest.fail(f"maild does not become ready; its log and where each thread stood: {self.log.read_text()}")
        return process

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, in this process: one of its own would first read all the libraries again."""
        out, err = StringIO(), StringIO()
        with here(self.environ()), redirect_stdout(out), redirect_stderr(err):
            status = main(["--config", str(self.folder), *arguments])
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    def run_alone(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end in a process of its own."""
        if self.forks is None:
            return subprocess.run(
                self.command(*arguments), capture_output=True, text=True, env=self.environ(), timeout=240, check=False
            )
        told = [self._temporary / f"{name}-{time.monotonic_ns()}" for name in ("output", "errors")]
        process = self.forks.begin("--config", str(self.folder), *arguments, environ=self.environ(), output=told)
        return subprocess.CompletedProcess(arguments, process.wait(240), *(path.read_text() for path in told))

    def take_turn(self, *letters: bytes) -> int:
        """Deliver the letters, then do what `maild run --once` does; the number of mails taken in.

        In this process, with parts that are opened once: a process of its own starts for seconds, this takes a tenth.
        """
        for letter in letters:
            self.dovecot.deliver(self.address, letter)
        if self._parts is None:
            opening = open_parts(
                read_settings(self.folder, self.environ()), self.environ(), self._now, stop=threading.Event()
            )
            self._parts = self._opened.enter_context(opening)
        return run_once(self._parts)

    def rest(self) -> None:
        """Let go of what `take_turn` opened; the next turn reads the configuration anew."""
        self._parts = None
        self._opened.close()

    def command(self, *arguments: str) -> list[str]:
        """The command line of maild on this folder."""
        return [sys.executable, "-m", "maild", "--config", str(self.folder), *arguments]

    def kill(self, process: Process) -> None:
        """End a process as a power cut does."""
        process.kill()
        process.wait()
        self.processes.remove(process)

    def stop(self) -> None:
        """End all processes as a service manager does."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(PATIENCE_SECONDS)
        self.processes.clear()
        self.rest()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _now(self) -> datetime:
        return self.clock()

    def environ(self) -> dict[str, str]:
        """The environment of maild's processes."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "TMPDIR": str(self._temporary),
            "PYTHONWARNINGS": "error",
            "PYTHONFAULTHANDLER": "1",
            **self.more,
        }
