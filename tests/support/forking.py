"""Processes that are alike, forked from one that has read the libraries: each is there at once, and killed like any other.

`python -m tests.support.forking MODULE` forks at each line that comes in: `main()` of the module runs in the child, with the line for its arguments.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from typing import Self

from tests.support.places import ROOT


class Forked:
    """One process of many."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self) -> None:
        """End it as a power cut does."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Forks:
    """A context manager that starts processes of one module; in the end none of them is left."""

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-m", "tests.support.forking", module]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._started: list[Forked] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for forked in self._started:
            forked.kill()
        self._process.communicate(timeout=60)

    def start(self, *arguments: str) -> Forked:
        """Start one more; it has said that it is ready."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        said = sorted(self._process.stdout.readline() for _ in range(2))
        assert said[1] == "ready\n", said
        self._started.append(Forked(int(said[0])))
        return self._started[-1]


def main() -> None:
    """Read the libraries, then fork."""
    module = import_module(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves no trace, as where somebody waits for it
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.argv[1:] = json.loads(line)
            module.main()
            sys.exit()
        print(pid, flush=True)  # noqa: T201 - whoever started it reads it


if __name__ == "__main__":
    main()
