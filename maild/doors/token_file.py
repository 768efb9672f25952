"""The file of a refresh token: replaced whole or not at all, by one process at a time."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from maild.errors import Deferred, Refused

LOOKS, LOOK_SECONDS = 120, 0.05
"""How often and after how long it is asked whether another process is done: six seconds in all, so that everything ends in time."""


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A refresh token that its server may replace at every use (rotation, RFC 9700 4.14.2): whoever loses it must log in again."""

    path: Path

    def read(self) -> str | None:
        """Give the token; None where nobody has logged in yet. Raises Refused for a file that cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"the refresh token in {self.path} cannot be read: {_why(error)}") from error

    def replace(self, token: str) -> None:
        """Write the token so that a power cut leaves the old or the new one. Raises Refused."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")  # for its owner alone
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(token + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                    self._give_to_its_owner(file.fileno())
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            _sync_folder(self.path.parent)
        except OSError as error:
            raise Refused(
                f"the new refresh token cannot be written to {self.path}: {_why(error)}; the old one may be void by now:"
                " make the folder writable for maild, then log in again: maild init --log-in"
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from refreshing meanwhile: of two that use one token, the second would be refused.

        Raises Refused where there is no room for a lock, and Deferred while another process is at it for long.
        """
        lock = self.path.with_name(f".{self.path.name}.lock")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise Refused(
                f"{lock} cannot be made: {_why(error)}; maild must be able to write beside {self.path}"
            ) from error
        try:
            self._give_to_its_owner(handle)
            self._await_turn(handle)
            yield
        finally:
            os.close(handle)

    def _await_turn(self, handle: int) -> None:
        for _ in range(LOOKS):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(LOOK_SECONDS)
            else:
                return
        raise Deferred(f"another process is busy with {self.path}; tried again later")

    def _give_to_its_owner(self, handle: int) -> None:
        """Root may log in for a maild that is not root: the file stays its own, or becomes that of whoever has the folder."""
        if os.geteuid() == 0:
            there = self.path if self.path.exists() else self.path.parent
            os.fchown(handle, there.stat().st_uid, there.stat().st_gid)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"
