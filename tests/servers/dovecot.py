"""A real Dovecot for tests: below one temporary folder, on loopback, any user, one password."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path

import psutil
import pytest

from tests.servers.certificate import Certificate, make_certificate
from tests.servers.dovecot_configuration import configuration, dovecot_binary
from tests.servers.ports import free_ports

PASSWORD = "secret"
PATIENCE_SECONDS = 120.0
"""A limit that only keeps a test from waiting for ever; a busy machine does nothing for many seconds."""

ZONE = "HST10"
"""Far from UTC and, unlike the zone of the machine, everywhere the same: a server counts days in its own."""


class Dovecot:
    """One server; `stop` and `start` as often as a test likes, and `remove` at the end."""

    def __init__(self, *, certificate: Certificate | None = None, extra: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        # Dovecot's processes run as several accounts, and all of them must be able to enter
        self.folder.chmod(0o755)
        for name in ("run", "state", "home", "tls"):
            (self.folder / name).mkdir(mode=0o755)
        self.host = "127.0.0.1"
        self.password = PASSWORD
        self.port, self.tls_port = free_ports(2)
        self.certificate = certificate or make_certificate(self.folder / "tls")
        self._deliveries = count(1)
        self._chown(self.folder / "home")
        self._write_configuration(extra)
        self._master: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and return when it greets."""
        command = [dovecot_binary(), "-F", "-c", str(self.folder / "dovecot.conf")]
        environment = {**os.environ, "TZ": ZONE}
        self._master = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
        until(self._greets, f"Dovecot does not start; its log is {self.folder / 'dovecot.log'}")

    @property
    def pid(self) -> int:
        """Of the process whose children are all the others; 0 while the server is down."""
        return self._master.pid if self._master else 0

    def stop(self) -> None:
        """End the server as an admin would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server and all its processes as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Keep every connection open and answer nothing."""
        for process in self._processes():
            process.suspend()

    def resume(self) -> None:
        """Go on after `pause`."""
        for process in reversed(self._processes()):
            process.resume()

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        if self._master is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def maildir(self, user: str, mailbox: str = "INBOX") -> Path:
        """Where the mail of one mailbox lies (Maildir++)."""
        root = self.folder / "home" / user / "Maildir"
        return root if mailbox == "INBOX" else root / ("." + mailbox.replace("/", "."))

    def deliver(self, user: str, source: bytes, *, mailbox: str = "INBOX", at: datetime | None = None) -> Path:
        """Put a mail into the Maildir as a delivery agent does: tmp, then new. `at` becomes its INTERNALDATE."""
        maildir = self.maildir(user, mailbox)
        self._make_maildir(user, maildir)
        name = f"{time.time_ns()}.{next(self._deliveries)}.{os.getpid()}.test"
        path = maildir / "tmp" / name
        path.write_bytes(source)
        if at is not None:
            os.utime(path, (at.timestamp(), at.timestamp()))
        self._chown(path)
        return path.rename(maildir / "new" / name)

    def append(self, user: str, source: bytes, *, mailbox: str = "INBOX", at: datetime | None = None) -> None:
        """Put a mail into the mailbox over IMAP."""
        with self.log_in(user) as client:
            client.append(mailbox, "", imaplib.Time2Internaldate(at or datetime.now(UTC)), source)

    def log_in(self, user: str) -> imaplib.IMAP4:
        """A plain connection of the standard library, so that a test's second look does not pass through our door."""
        client = imaplib.IMAP4(self.host, self.port, timeout=PATIENCE_SECONDS)
        client.login(user, self.password)
        return client

    def sources(self, user: str, mailbox: str = "INBOX") -> list[bytes]:
        """The mails that lie in a mailbox; one that the server moves at this moment may be missing."""
        maildir, found = self.maildir(user, mailbox), []
        for folder in ("new", "cur"):
            for path in sorted((maildir / folder).glob("*")):
                with contextlib.suppress(FileNotFoundError):
                    found.append(path.read_bytes())
        return found

    def forget_uids(self, user: str, mailbox: str = "INBOX") -> None:
        """Give the mailbox a new UIDVALIDITY and number its mails anew, as a restored or rebuilt server does."""
        maildir = self.maildir(user, mailbox)
        uidlist = maildir / "dovecot-uidlist"
        before = int(uidlist.read_text().split()[1].removeprefix("V"))
        for path in maildir.glob("dovecot*"):
            path.unlink(missing_ok=True)
        # left to itself Dovecot takes the clock's second, which may be the one of before
        uidlist.write_text(f"3 V{before + 1} N1 G{os.urandom(16).hex()}\n")
        self._chown(uidlist)

    @cached_property
    def _owner(self) -> pwd.struct_passwd:
        # Dovecot refuses to open mail as root
        return pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())

    def _chown(self, path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _make_maildir(self, user: str, maildir: Path) -> None:
        if (maildir / "tmp").is_dir():
            return
        for folder in (self.folder / "home" / user, self.maildir(user), maildir):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._chown(folder)
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(mode=0o700, exist_ok=True)
            self._chown(maildir / name)

    def _write_configuration(self, extra: str) -> None:
        root, own = os.getuid() == 0, self._owner.pw_name
        text = configuration().format(
            folder=self.folder,
            port=self.port,
            tls_port=self.tls_port,
            chain=self.certificate.chain,
            key=self.certificate.key,
            password=self.password,
            uid=self._owner.pw_uid,
            gid=self._owner.pw_gid,
            internal_user="dovecot" if root else own,
            internal_group="dovecot" if root else grp.getgrgid(self._owner.pw_gid).gr_name,
            login_user="dovenull" if root else own,
            extra=extra,
        )
        (self.folder / "dovecot.conf").write_text(text)

    def _greets(self) -> bool:
        try:
            imaplib.IMAP4(self.host, self.port, timeout=10).shutdown()
        except (OSError, imaplib.IMAP4.error):
            return False
        return True

    def _processes(self) -> list[psutil.Process]:
        if self._master is None or self._master.poll() is not None:
            return []
        master = psutil.Process(self._master.pid)
        return [master, *master.children(recursive=True)]

    def _end(self, number: signal.Signals) -> None:
        processes = self._processes()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        until(lambda: not any(map(is_alive, processes[1:])), "Dovecot's processes do not end")
        if self._master is not None:
            self._master.wait(PATIENCE_SECONDS)
        self._master = None


def is_alive(process: psutil.Process) -> bool:
    """A zombie is dead, also where nobody collects it (containers without an init)."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(condition: Callable[[], object], complaint: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for a condition, with a limit."""
    start = time.monotonic()
    while not condition():
        waited = time.monotonic() - start
        if waited > seconds:
            pytest.fail(complaint)
        # rarer and rarer: whatever is waited for needs the processor too
        time.sleep(min(0.02 + waited / 20, 0.25))


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One server for all tests: take a user name of your own, and leave the server running."""
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def own_dovecot(certificate: Certificate) -> Iterator[Dovecot]:
    """A server for one test, to be stopped, paused or killed."""
    server = Dovecot(certificate=certificate)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def imap_user(request: pytest.FixtureRequest) -> str:
    """A user name that no other test has."""
    return f"user{abs(hash(request.node.nodeid))}@desk.example"
