"""The week's analysis gives way to whatever takes mail in, where the system lets it."""

import ctypes
import errno
import multiprocessing
import os
import platform
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.daemon.apart import tell_into
from maild.knowledge.analysis.history import Period
from tests.support.desk_folder import a_folder
from tests.support.making import NOON

SETPRIORITY = {"x86_64": 141, "aarch64": 140}
"""Number of the system call behind `nice`, by machine."""

NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
"""Of prctl(2)."""


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def refuse_nice() -> None:
    """From now on the kernel refuses it to this thread, as SystemCallFilter= of systemd does (seccomp(2))."""
    steps = (
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 0, 1, SETPRIORITY[platform.machine()]),
        (0x06, 0, 0, 0x00050000 | errno.EPERM),
        (0x06, 0, 0, 0x7FFF0000),  # allow every other
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = Program(len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None)
    assert libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    if libc.prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0) != 0:
        pytest.skip("this kernel filters no system calls")


@pytest.mark.usefixtures("store")
@pytest.mark.skipif(platform.machine() not in SETPRIORITY or platform.system() != "Linux", reason="a filter of Linux")
def test_a_week_is_analysed_also_where_nobody_may_be_nicer(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_DATABASE__URL", database_url)
    folder = a_folder(tmp_path / "config")
    period = Period(since=NOON - timedelta(days=14), until=NOON, zone=ZoneInfo("UTC"))
    reader, writer = multiprocessing.Pipe(duplex=False)

    def tell() -> None:
        refuse_nice()
        with pytest.raises(PermissionError):
            os.nice(1)
        tell_into(writer, folder, os.environ, period)

    with ThreadPoolExecutor(1) as thread:  # the filter ends with it
        thread.submit(tell).result()
    assert isinstance(reader.recv(), list)
    reader.close()
