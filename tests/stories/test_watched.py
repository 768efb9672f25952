"""A daemon under a service manager: it says that it is ready, that it lives and that it stops, and answers who looks."""

import os
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot, until
from tests.servers.ports import free_ports
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, a_letter, sent_to
from tests.stories.running import RunningDesk

ADDRESS = "support@acme.example"


@pytest.fixture
def desk(tmp_path: Path, own_dovecot: Dovecot, sqlite_url: str) -> Iterator[tuple[RunningDesk, SmtpServer]]:
    with (
        SmtpServer() as server,
        RunningDesk(
            tmp_path, address=ADDRESS, dovecot=own_dovecot, smtp_port=server.port, database_url=sqlite_url
        ) as running,
    ):
        yield running, server


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return str(answer.read().decode())


@contextmanager
def listening(place: str) -> Iterator[list[str]]:
    """What arrives at a socket as systemd has one; read all the time, because ten datagrams fill it."""
    heard: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service_manager:
        service_manager.bind(f"\0{place}")

        def hear() -> None:
            while (told := service_manager.recv(4096)) != b"over":
                heard.append(told.decode())

        thread = threading.Thread(target=hear)
        thread.start()
        try:
            yield heard
        finally:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ending:
                ending.sendto(b"over", f"\0{place}")
            thread.join()


def test_a_daemon_tells_how_it_stands(desk: tuple[RunningDesk, SmtpServer], tmp_path: Path) -> None:
    running, server = desk
    (port,) = free_ports(1)
    place = f"maild-story-{os.getpid()}-{tmp_path.name}"
    running.more = {
        "NOTIFY_SOCKET": f"@{place}",
        "WATCHDOG_USEC": "1000000",
        "MAILD_OPERATION__METRICS_PORT": str(port),
        "MAILD_OPERATION__LOG": "json",
        "MAILD_OPERATION__RECONCILE": "2s",
    }
    with listening(place) as heard:
        process = running.start_ready()
        running.dovecot.deliver(ADDRESS, a_letter())
        until(lambda: sent_to(server, CLIENT), "not acknowledged")
        until(lambda: any("WATCHDOG=1" in each for each in heard), "no sign of life")
        assert heard[0].startswith("READY=1")
        assert get(port, "/healthz") == "ok\n"
        until(lambda: "maild_mails_stored_total 1" in get(port, "/metrics"), "no figure")
        until(lambda: 'maild_reconcile_difference{mailbox="0"} 0' in get(port, "/metrics"), "not compared")
        assert 'maild_line_turns{line="mailbox 0"} 1' in get(port, "/metrics")
        process.terminate()
        assert process.wait(120) == 0
        until(lambda: heard[-1].startswith("STOPPING=1"), "not told that it stops")
    assert '"event": "ready"' in running.log.read_text()
