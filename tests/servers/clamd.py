"""A real clamd on a socket in a temporary folder, with one signature of our own: that of the EICAR test file."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

from maild.doors.clamd import Clamd
from maild.errors import Unavailable
from tests.servers.dovecot import until

PROGRAM = "/usr/sbin/clamd"
VIRUS = "Test.Eicar.UNOFFICIAL"
"""As clamd calls what its makers have not signed."""
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Harms nobody; in halves, so that no scanner takes this file for it."""

SIGNATURE = f"Test.Eicar:0:*:{EICAR.hex()}\n"
CONFIGURATION = """\
LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/signatures
LogFile {folder}/clamd.log
Foreground yes
ConcurrentDatabaseReload no
MaxThreads 2
StreamMaxLength {most}
"""


class ClamdServer:
    """Started and stopped by a test; its socket keeps its place."""

    def __init__(self, *, most: str = "50M") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clamd-"))
        self.place = str(self.folder / "clamd.ctl")
        (self.folder / "signatures").mkdir()
        (self.folder / "signatures" / "own.ndb").write_text(SIGNATURE)
        (self.folder / "clamd.conf").write_text(CONFIGURATION.format(folder=self.folder, most=most))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        command = [PROGRAM, "--config-file", str(self.folder / "clamd.conf")]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]}
        )
        until(self._answers, "clamd does not answer", seconds=120.0)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def _answers(self) -> bool:
        with suppress(Unavailable):
            return Clamd(place=self.place, timeout=5.0).version() != ""
        return False


@pytest.fixture
def clamd_server() -> Iterator[ClamdServer]:
    with ClamdServer() as started:
        yield started
