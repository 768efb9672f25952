"""The disk below the store is full for a while, for real: maild says so, and then loses nothing and sends nothing twice."""

import os
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot, until
from tests.servers.script import Step
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, a_letter
from tests.stories.running import RunningDesk
from tests.support.intakes import look

AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")
OTHERS = ("cyd@second.example", "dan@third.example")
BLOCK = 4096
LONG = 240.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own; needs root or sudo."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run([*AS_ROOT, "mount", "-t", "tmpfs", "-o", "size=12m,mode=0777", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run([*AS_ROOT, "umount", str(place)], check=True)


@pytest.fixture
def desk(
    disk: Path, tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, imap_user: str
) -> Iterator[RunningDesk]:
    url = f"sqlite:///{disk / 'maild.db'}"
    made = RunningDesk(tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=url)
    yield made
    made.stop()


def fill(disk: Path) -> Path:
    """Leave not a byte free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(BLOCK)):
            pass
    assert os.statvfs(disk).f_bavail == 0
    return ballast


def states(disk: Path, *recipients: str) -> set[str]:
    """Of the mails of the outbox; of those to recipients only, where some are named."""
    store = Store(f"sqlite:///{disk / 'maild.db'}")
    found = {
        str(state)
        for to, state in look(store, "SELECT recipient, state FROM outbox")
        if not recipients or to in recipients
    }
    store.close()
    return found


def received(server: SmtpServer) -> Counter[str]:
    return Counter(recipient for mail in server.accepted for recipient in mail.recipients)


def test_a_full_disk_is_one_clear_line_and_nothing_is_lost_or_sent_twice(
    desk: RunningDesk, disk: Path, smtp_server: SmtpServer
) -> None:
    is_full = threading.Event()  # the mail server has a mail until then, and its answer cannot be written down
    smtp_server.script.add(CLIENT, Step(at="content", until=is_full.is_set, times=1))
    desk.start_ready()
    desk.dovecot.deliver(desk.address, a_letter())
    until(lambda: received(smtp_server)[CLIENT] == 1, "the server was never given the mail", seconds=LONG)
    assert states(disk, CLIENT) == {"sending"}
    ballast = fill(disk)
    for other in OTHERS:
        desk.dovecot.deliver(desk.address, a_letter(From=other, Subject=f"Printer of {other}"))
    is_full.set()
    until(lambda: "is full" in desk.log.read_text(), "nobody says that the disk is full", seconds=LONG)
    checked = desk.run("check")
    assert (checked.returncode, " 0 MB are free" in checked.stdout) == (1, True), checked.stdout
    assert not received(smtp_server)[OTHERS[0]]

    ballast.unlink()
    everybody = (CLIENT, *OTHERS)
    until(lambda: all(received(smtp_server)[who] for who in everybody), "somebody was forgotten", seconds=LONG)
    until(lambda: states(disk) == {"sent"}, "what was accepted is not known: its worker had the answer", seconds=LONG)
    assert {who: received(smtp_server)[who] for who in everybody} == dict.fromkeys(everybody, 1)
    until(lambda: desk.run("reconcile").returncode == 0, "server and store differ", seconds=LONG)
    told = desk.log.read_text()
    assert "Traceback" not in told
    assert "Make room" in told
