"""Watching maild: figures over real HTTP, signs of life over a real socket, and files for other programs that fit them."""

import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError

import pytest
from sqlalchemy import update

from maild.daemon.figures import Watching
from maild.daemon.log import JsonFormatter
from maild.daemon.pulse import Pulses
from maild.daemon.watchdog import report
from maild.doors.metrics import HOST, Metric, render, serve
from maild.doors.service_manager import ServiceManager, service_manager
from maild.errors import Refused
from maild.process.trust import TrustMethod
from maild.settings.building import DEFAULT_SECRET
from maild.shipped import folder as shipped
from maild.store.engine import Store
from maild.store.incoming.mailboxes import note_trouble, reset_cursor
from maild.store.tables import mails
from tests.support.closings import TEAM, resolve
from tests.support.desk_folder import a_folder, read
from tests.support.desks import Desk
from tests.support.making import NOON, some_rules
from tests.support.rows import a_mailbox, an_arrival, stored

DEPLOY = shipped("config").parent / "deploy"

UNDER_FILTER = """
import ctypes, os, platform, struct
library = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 237, "aarch64": 235}[platform.machine()]  # mbind
code = struct.pack("HBBI", 0x20, 0, 0, 0)  # the number of the call
code += struct.pack("HBBI", 0x15, 0, 1, number)
code += struct.pack("HBBI", 0x06, 0, 0, 0x00050001)  # EPERM
code += struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000)  # anything else is let through
kept = ctypes.create_string_buffer(code, len(code))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(kept)))
assert library.prctl(38, 1, 0, 0, 0) == 0 and library.prctl(22, 2, program, 0, 0) == 0
library.syscall(number, 0, 0, 0, 0, 0, 0)
print(OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno())))
import numpy
print(float((numpy.ones((4, 1000)) @ numpy.ones((1000, 1))).sum()))
"""


class Times:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds, self.now = 0.0, NOON


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def watching(store: Store, times: Times) -> Watching:
    pulses = Pulses(stop=threading.Event(), seconds=lambda: times.seconds)
    return Watching(
        store=store,
        pulses=pulses,
        clock=lambda: times.now,
        patience=timedelta(minutes=6),
        mailboxes=[("desk@mail.example:993", "INBOX")],
        trouble=lambda: None,
    )


@pytest.fixture
def port(watching: Watching) -> Iterator[int]:
    with serve(0, watching.figures()) as number:
        yield number


def look(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def values(text: str) -> dict[str, float]:
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


def test_the_figures_are_those_of_the_desk_and_name_nobody(store: Store, times: Times, port: int) -> None:
    desk = Desk(store, some_rules(team=TEAM, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    resolve(desk)
    times.now = NOON + timedelta(days=30)
    status, text = look(port, "/metrics")
    found = values(text)
    assert status == 200
    assert found["maild_tickets_open"] == 1
    assert found["maild_mails_stored_total"] == 2
    assert found['maild_outbox_mails{state="due"}'] >= 3
    assert found["maild_outbox_age_seconds"] == timedelta(days=30).total_seconds()
    assert found["maild_deadlines_late"] >= 1
    assert found['maild_model_coverage_ratio{question="category"}'] == 1
    assert "@" not in text
    assert "VPN" not in text


def test_alive_is_whether_lines_turn_and_ready_is_whether_the_desk_works(
    store: Store, watching: Watching, times: Times, port: int
) -> None:
    watching.pulses.of("intake").begin()
    box = a_mailbox(store)
    a_mailbox(store, name="Of an older configuration")
    assert look(port, "/healthz") == (200, "ok\n")
    status, told = look(port, "/readyz")
    assert (status, "mailbox 0 was not polled lately" in told) == (503, True)
    store.transact(lambda connection: note_trouble(connection, box, None, now=NOON))
    times.now += timedelta(seconds=6)  # figures are asked for at most every five seconds
    assert look(port, "/readyz") == (200, "ok\n")
    times.seconds = 301.0
    assert look(port, "/healthz") == (503, "the line 'intake' stands still\n")
    assert look(port, "/readyz")[0] == 503
    assert look(port, "/secrets")[0] == 404


def test_what_the_server_numbered_anew_or_nobody_reads_any_more_waits_for_no_mark(
    store: Store, watching: Watching, times: Times
) -> None:
    box = stored(store, an_arrival())
    store.transact(lambda connection: connection.execute(update(mails).values(outcome="ticket", taken_in_at=NOON)))
    times.now += timedelta(days=1)
    before = values(render(watching.metrics()))
    store.transact(lambda connection: reset_cursor(connection, box, uidvalidity=2))
    times.now += timedelta(days=1)
    after = values(render(watching.metrics()))
    # As if the configuration had the mailbox no more: nobody would mark a mail there.
    store.transact(lambda connection: reset_cursor(connection, box, uidvalidity=1))
    times.now, watching.mailboxes = times.now + timedelta(days=1), []
    without = values(render(watching.metrics()))
    figures = ('maild_mails{step="unmarked"}', 'maild_mail_age_seconds{step="unmarked"}')
    assert [before[name] for name in figures] == [1, timedelta(days=1).total_seconds()]
    assert [after[name] for name in figures] == [without[name] for name in figures] == [0, 0]


def test_whoever_writes_nonsense_stops_nobody(port: int) -> None:
    for nonsense in (b"\x16\x03\x01\x00" * 100, b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET"):
        with socket.create_connection((HOST, port), timeout=60) as connection:
            connection.sendall(nonsense)
    assert look(port, "/healthz")[0] == 200
    posting = HTTPConnection(HOST, port, timeout=60)
    posting.request("POST", "/metrics", body=b"x" * 1000)
    assert posting.getresponse().status == 501
    posting.close()


def test_a_port_that_is_taken_is_named(port: int, watching: Watching) -> None:
    with pytest.raises(Refused, match="metrics_port"), serve(port, watching.figures()):
        pass


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    metric = Metric(name="maild_x", kind="gauge", help="x", samples=[({"line": 'a"b\\c\nd'}, 1.0)])
    assert render([metric]).splitlines()[-1] == 'maild_x{line="a\\"b\\\\c\\nd"} 1'


def test_a_line_that_waits_says_how_long_and_another_thread_cannot_speak_for_it(times: Times) -> None:
    pulses = Pulses(stop=threading.Event(), seconds=lambda: times.seconds)
    pulse = pulses.of("mailbox 0", allowance=10)
    assert pulses.still() == []  # it has not begun
    pulse.begin()
    pulse.beat(100)
    times.seconds = 105
    assert pulses.still() == []
    times.seconds = 111
    other = threading.Thread(target=pulse.is_set)
    other.start()
    other.join()
    assert pulses.still() == ["mailbox 0"]
    pulse.is_set()
    assert pulses.still() == []


@pytest.mark.parametrize("is_abstract", [False, True])
def test_the_service_manager_hears_signs_of_life_only_while_every_line_turns(
    watching: Watching, times: Times, tmp_path: Path, is_abstract: bool
) -> None:
    place = f"@maild-test-{os.getpid()}-{tmp_path.name}" if is_abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{place[1:]}" if is_abstract else place)
        listening.settimeout(60)
        manager = service_manager({"NOTIFY_SOCKET": place, "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"}, 7)
        assert manager.watchdog_seconds == 2
        watching.pulses.of("outbox").begin()
        assert report(manager, watching)
        assert listening.recv(4096).decode().splitlines() == [
            "WATCHDOG=1", "STATUS=0 mails wait, 0 held, 0 due, 0 uncertain",
        ]  # fmt: skip
        times.seconds = 1000
        assert not report(manager, watching)
        assert listening.recv(4096) == b"STATUS=the line 'outbox' stands still"


def test_without_a_service_manager_nothing_is_said_and_nothing_fails() -> None:
    assert service_manager({"WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"}, 2).watchdog_seconds is None
    ServiceManager(place=None, watchdog_seconds=None).say(READY="1")
    ServiceManager(place="/nowhere/at/all", watchdog_seconds=None).say(READY="1")


def test_a_line_of_the_log_is_an_object_with_the_same_words() -> None:
    record = logging.makeLogRecord(
        {"name": "maild.intake", "levelname": "WARNING", "msg": "mail held", "mail": 12, "because": 'a "b"\nc'}
    )
    told = json.loads(JsonFormatter().format(record))
    assert {name: told[name] for name in ("level", "part", "event", "mail", "because")} == {
        "level": "warning", "part": "maild.intake", "event": "mail held", "mail": 12, "because": 'a "b"\nc',
    }  # fmt: skip


def test_every_figure_of_the_dashboard_and_of_the_alerts_exists(watching: Watching) -> None:
    told = {metric.name for metric in watching.metrics()}
    board = json.loads((DEPLOY / "grafana.json").read_text())
    shown = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    alerts = "\n".join(re.findall(r"expr: (.*)", (DEPLOY / "alerts.yaml").read_text()))
    pattern = r"\bmaild_[a-z_]+"
    assert set(re.findall(pattern, alerts)) <= told
    assert set(re.findall(pattern, shown)) == told, "a figure that nobody looks at, or one that is not there"


def test_every_alert_says_on_the_operators_page_what_to_do() -> None:
    page = (DEPLOY.parent / "docs" / "operation.md").read_text("utf-8")
    names = re.findall(r"alert: (\w+)", (DEPLOY / "alerts.yaml").read_text())
    assert len(names) >= 10
    assert [name for name in names if f"`{name}`" not in page] == []


def test_what_the_unit_does_not_allow_is_refused_and_ends_nobody() -> None:
    """OpenBLAS asks for memory near its processor, which is of @resources; it minds a refusal no more than no answer."""
    unit = (DEPLOY / "maild.service").read_text()
    assert "\nSystemCallErrorNumber=EPERM\n" in unit
    assert re.findall(r"^SystemCallFilter=(.*)", unit, re.MULTILINE)[1:] == ["~@privileged @resources", "setpriority"]
    done = subprocess.run(
        [sys.executable, "-c", UNDER_FILTER], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["[Errno", "1]", "Operation", "not", "permitted", "4000.0"]), (
        done
    )


def test_the_admins_command_works_on_what_the_daemon_works_on() -> None:
    unit, command = (DEPLOY / "maild.service").read_text(), (DEPLOY / "maild").read_text()
    program, folder = re.findall(r"^ExecStart=(\S+) --config (\S+) run$", unit, re.MULTILINE)[0]
    state = "/var/lib/" + re.findall(r"^StateDirectory=(\S+)$", unit, re.MULTILINE)[0]
    user = re.findall(r"^User=(\S+)$", unit, re.MULTILINE)[0]
    assert f"export MAILD_CONFIG={folder} STATE_DIRECTORY={state}\nexec {program} " in command
    assert f"exec runuser -u {user} -- " in command
    page = (DEPLOY.parent / "docs" / "operation.md").read_text("utf-8")
    assert f"{state}/{DEFAULT_SECRET}" in page, "where maild init makes it, and the daemon looks for it"
    documents = [Path(path) for path in re.findall(r"file:(\S+)", unit)]
    assert all(f" -t {document.parent} docs/*.md" in page for document in documents), "a step puts them there"
    assert all((DEPLOY.parent / "docs" / document.name).exists() for document in documents)


def test_what_deployment_files_set_is_known(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "config")
    found: dict[str, str] = {}
    for name in ("maild.service", "Dockerfile", "compose.yaml"):
        found |= dict(re.findall(r"(MAILD_[A-Z0-9_]+__[A-Z0-9_]+)[=:] ?([^ \\\n]+)", (DEPLOY / name).read_text()))
    assert len(found) >= 5
    settings = read(folder, **found)
    assert settings.operation.metrics_port == 9464
    assert settings.database_url.startswith("postgresql")
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    let_in = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert {name for line in copied for name in line.split() if (DEPLOY.parent / name).exists()} == let_in
    assert "--constraint constraints.txt" in (DEPLOY / "Dockerfile").read_text(), "what is tested is what runs"
