"""`maild demo` runs the real daemon over its mails and tells what became of each."""

import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

MAILS = sorted((ROOT / "maild" / "demo" / "mails").glob("*.eml"))
SECONDS = 240.0


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "TMPDIR": str(folder)}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "maild", "demo", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that one run of the demo prints."""
    folder = tmp_path_factory.mktemp("demo")
    process = start(folder)
    out, trouble = process.communicate(timeout=SECONDS)
    assert (process.returncode, trouble) == (0, "")
    assert list(folder.iterdir()) == []
    return out


def of_mail(told: str, number: int) -> str:
    """What was told about one mail, on one line."""
    found = re.search(rf"^ *{number}  \S.*(?:\n {{5}}.*)*", told, re.MULTILINE)
    assert found, number
    return " ".join(found[0].split())


def number_of(stem: str) -> int:
    return [path.stem for path in MAILS].index(stem) + 1


def test_it_tells_every_mail_once(told: str) -> None:
    numbers = [int(number) for number in re.findall(r"^ {0,2}(\d+)  \S", told, re.MULTILINE)]
    # The mails, the first of them once more, the client's answer, the TSM's, the delivery report; then what ends it.
    assert numbers == list(range(1, len(MAILS) + 8))


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("01-outage", "URGENT: nobody at our Hamburg site can log in"),
        ("01-outage", "from maria.sand@nordwind.example (proven)"),
        ("01-outage", "sent acknowledgement to maria.sand@nordwind.example assignment to ana@acme.example"),
        ("01-outage", "impact 1: everybody: “nobody at our Hamburg site can”"),
        ("06-job-application", "hand off to people@acme.example"),
        ("07-newsletter", "mass mail: kept, never answered"),
        ("08-out-of-office", "written by a machine: kept, never answered"),
        ("09-bounce", "a delivery report: kept, never answered"),
        ("10-html-only", "printer prints empty pages"),
        ("11-german", "Keine Verbindung zum Netzlaufwerk über VPN"),
        ("12-french", "Mot de passe oublié, compte bloqué"),
        ("13-broken-charset", "Monitor stays black \N{EN DASH} café terminal no. 3"),
        ("14-hostile", "from bob@evil.example (claimed)"),
        ("15-bomb", "held: waits for a person because The mail has parts within parts"),
        ("16-winmail", "Scanner cannot reach the shared drive"),
    ],
)
def test_it_tells_what_became_of_a_mail(told: str, stem: str, words: str) -> None:
    assert words in of_mail(told, number_of(stem))


@pytest.mark.parametrize("stem", ["07-newsletter", "08-out-of-office", "09-bounce", "15-bomb"])
def test_nobody_is_answered_who_should_not_be(told: str, stem: str) -> None:
    assert of_mail(told, number_of(stem)).endswith("sent nothing")


def test_the_mail_that_came_twice_is_one_mail(told: str) -> None:
    assert "delivered twice: one mail, one ticket" in of_mail(told, len(MAILS) + 1)


def test_what_comes_back_is_told_of_its_ticket(told: str) -> None:
    ticket = re.search(r"decided (T-\d+)", of_mail(told, number_of("03-access-request")))
    later = of_mail(told, len(MAILS) + 2) + of_mail(told, len(MAILS) + 3)
    assert ticket
    assert f"decided {ticket[1]}: a delivery report" in later
    assert "sent delivery failed to lena@acme.example" in later


def test_the_client_s_answer_joins_her_ticket(told: str) -> None:
    later = of_mail(told, len(MAILS) + 2) + of_mail(told, len(MAILS) + 3)
    assert "decided T-1: joins its ticket" in later


def test_the_tsm_s_answer_is_obeyed_and_goes_to_the_client(told: str) -> None:
    last = of_mail(told, len(MAILS) + 4)
    assert "decided T-1: command because Ana Ruiz: /category access" in last
    assert "sent answer to maria.sand@nordwind.example" in last


def test_the_client_s_own_words_close_the_ticket_and_it_becomes_an_article(told: str) -> None:
    assert "sent verification to maria.sand@nordwind.example" in of_mail(told, len(MAILS) + 5)
    confirmed = of_mail(told, len(MAILS) + 6)
    assert "because resolved: works now: “works again”" in confirmed
    assert "sent closure thanks to maria.sand@nordwind.example post mortem to ana@acme.example" in confirmed
    assert "status closed" in " ".join(told[told.index("A look at one ticket") :].split())
    assert "post mortem answered by ana@acme.example" in told


def test_it_shows_one_ticket_and_what_its_client_got(told: str) -> None:
    end = told[told.index("A look at one ticket: T-1") :]
    assert "client replied by maria.sand@nordwind.example" in end
    assert "Subject:  [T-1] Re: URGENT: nobody at our Hamburg site can log in" in end


def test_nothing_is_lost_and_nothing_is_sent_twice(told: str) -> None:
    words = " ".join(told[told.index("In short") :].split())
    assert f"arrived {len(MAILS) + 7} mails, none lost" in words
    assert re.search(r"sent \d+ mails, none twice", words)


def test_it_fits_into_eighty_columns_without_trailing_blanks(told: str) -> None:
    lines = told[told.index("Starting the daemon") :].splitlines()
    assert [line for line in lines if len(line) > 80 or line != line.rstrip()] == []


@pytest.fixture
def staying(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(tmp_path, "--keep")
    limit = threading.Timer(SECONDS, process.kill)
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read its output up to the line with the words."""
    assert process.stdout
    lines = [""]
    while words not in lines[-1] and (line := process.stdout.readline()):
        lines.append(line)
    assert words in lines[-1], "".join(lines)
    return "".join(lines)


def test_with_keep_a_mail_client_can_take_part_until_it_is_interrupted(staying: subprocess.Popen[str]) -> None:
    told = read_until(staying, "desk tickets")
    server = re.search(r"outgoing, SMTP +server (\S+), port (\d+)", told)
    assert server
    mail = "From: you@anywhere.example\r\nTo: support@acme.example\r\nSubject: the lamp is broken\r\n\r\nHello\r\n"
    with smtplib.SMTP(server[1], int(server[2]), timeout=60) as client:
        client.login("you@anywhere.example", "demo")
        client.sendmail("you@anywhere.example", ["support@acme.example"], mail)
    read_until(staying, "the lamp is broken")
    read_until(staying, "you@anywhere.example (proven)")
    staying.send_signal(signal.SIGINT)
    assert staying.wait(60) == 0
