"""Processes that are alike, forked from one that has read the libraries: each is there at once, and killed like any other.

`python -m tests.support.forking MODULE FD` forks at each line that comes in: `main()` of the module runs in the child. Answers go to FD.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Self

from tests.support.places import ROOT

LONGEST_SECONDS = 120.0
_DIES_WITH_ITS_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2): which signal a process gets when the one that forked it ends, however that ends."""


class Forked:
    """One process of many, with what `subprocess.Popen` has under the same names."""

    def __init__(self, forks: "Forks", pid: int) -> None:
        self.pid = pid
        self._forks = forks
        self._status: int | None = None

    def poll(self) -> int | None:
        """Exit status, negative where a signal ended it; None while it runs."""
        if self._status is None:
            self._status = self._forks.ask(self.pid)
        return self._status

    def wait(self, timeout: float = LONGEST_SECONDS) -> int:
        """Wait for its end, so many seconds at most, and give its exit status."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.005)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        """Send it, unless the process has ended: until somebody asks, nobody else has its number."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.send_signal(signal.SIGKILL)


class Forks:
    """A context manager that starts processes of one module, and begins with the first; in the end none of them is left."""

    def __init__(self, module: str, *options: str) -> None:
        """`options`: of the interpreter that all of them are forked from."""
        self._command = [sys.executable, *options, "-m", "tests.support.forking", module]
        self._process: subprocess.Popen[str] | None = None
        self._turns = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.communicate(timeout=60)  # it ends, and all of them with it
            self._answers.close()

    def start(self, *arguments: str) -> Forked:
        """Start one more; it has said that it is ready."""
        forked = self.begin(*arguments)
        assert self._process is not None
        assert self._process.stdout is not None
        while not select.select([self._process.stdout], [], [], 0.05)[0]:
            assert forked.poll() is None, "it ended before it was ready"
        said = self._process.stdout.readline()
        assert said == "ready\n", said
        return forked

    def begin(self, *arguments: str, environ: Mapping[str, str] | None = None, output: Sequence[Path] = ()) -> Forked:
        """Start one more. `environ`: None is that of the tests; `output`: the files behind which it writes output and errors."""
        for path in output:
            path.touch()
        asked = {"arguments": arguments, "environ": environ and dict(environ), "output": list(map(str, output))}
        return Forked(self, self.ask(asked))

    def ask(self, question: object) -> Any:
        """Have a process forked, or hear how the one of a number has ended."""
        with self._turns:
            process = self._process = self._process or self._open()
            assert process.stdin is not None
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            return json.loads(self._answers.readline())

    def _open(self) -> "subprocess.Popen[str]":
        reading, writing = os.pipe()
        self._answers = os.fdopen(reading)
        try:
            return subprocess.Popen(
                [*self._command, str(writing)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                pass_fds=[writing],
            )
        finally:
            os.close(writing)


def main() -> None:
    """Read the libraries, then fork."""
    module, answers = import_module(sys.argv[1]), int(sys.argv[2])
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, int):
            answer = _status_of(asked)
        else:
            answer = os.fork()
            if not answer:
                os.close(answers)
                _become(**asked)
                sys.exit(module.main())
        os.write(answers, f"{json.dumps(answer)}\n".encode())


def _status_of(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _become(*, arguments: list[str], environ: dict[str, str] | None, output: list[str]) -> None:
    """Leave nothing of the one that forked, neither what it reads nor where it writes; and end with it."""
    ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGKILL)
    sys.argv[1:] = arguments
    _put(0, os.devnull, os.O_RDONLY)
    if environ is not None:
        os.environ.clear()
        os.environ.update(environ)
    for place, path in enumerate(output, start=1):
        _put(place, path, os.O_WRONLY | os.O_APPEND)


def _put(place: int, path: str, flags: int) -> None:
    opened = os.open(path, flags)
    os.dup2(opened, place)
    os.close(opened)


if __name__ == "__main__":
    main()
