"""The weekly summary, whole: a week passes over a desk, and its leads get one mail about it, however long maild stood still."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from multiprocessing import active_children
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.daemon.apart import NAME
from maild.daemon.running import system_clock
from maild.errors import Deferred
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter, sent_to
from tests.stories.running import RunningDesk
from tests.support.relays import html_of, text_of

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = '\n[[person]]\nname = "Leo"\naddresses = ["leo@example.org"]\nrole = "lead"\n'


def next_monday_at(hour: int) -> datetime:
    """After today, so that the summary that falls due then tells of today."""
    today = system_clock().astimezone(BERLIN).date()
    return datetime.combine(today + timedelta(days=7 - today.weekday()), time(hour), BERLIN)


def summaries(server: SmtpServer, address: str) -> list[str]:
    """The texts of those that came, each without its line breaks."""
    mails = [mail for mail in sent_to(server, address) if "Wochenbericht" in str(mail["Subject"])]
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in mails)
    assert all("Worauf zu achten ist" in html_of(mail) or "Nichts sticht heraus" in html_of(mail) for mail in mails)
    return [" ".join(text_of(mail).split()) for mail in mails]


def test_a_week_of_a_desk_is_told_to_each_lead_once(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> None:
    with RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        desk='languages = ["de", "en"]',
        weekly=True,
    ) as desk:
        with (desk.folder / "team.toml").open("a") as team:
            team.write(SECOND)
        desk.take_turn(*(a_letter(From=f"bea@client{number}.example", Subject=f"VPN {number}") for number in range(3)))
        assert summaries(smtp_server, LEAD) == []
        monday = next_monday_at(9)
        desk.clock = lambda: monday
        desk.take_turn()
        desk.take_turn()
        for lead in (LEAD, "leo@example.org"):
            (told,) = summaries(smtp_server, lead)
            assert "Neue Anliegen: 3 (in der Woche davor: 0)" in told
            assert "Nicht geschlossen: 3 (vor einer Woche: 0). Am längsten offen: T-1" in told
        desk.rest()
        desk.clock = lambda: monday + timedelta(days=16)
        desk.take_turn()
        assert [told.count("Neue Anliegen: 0") for told in summaries(smtp_server, LEAD)] == [0, 1]
        shown = desk.run("report", "--weekly", "--until", monday.date().isoformat(), "--json")
        assert shown.returncode == 0, shown.stderr
        assert {line["part"] for line in json.loads(shown.stdout)["lines"]} <= {"changed", "look", "do"}


def test_the_process_that_analyses_may_die_and_the_summary_comes_all_the_same(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, sqlite_url: str, imap_user: str
) -> None:
    with RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=sqlite_url, weekly=True
    ) as desk:
        desk.take_turn(a_letter(From="bea@client.example", Subject="VPN"))
        desk.clock = lambda: next_monday_at(9)
        with killing_children(), pytest.raises(Deferred, match="No summary was written; it is tried again"):
            desk.take_turn()
        assert not [mail for mail in sent_to(smtp_server, LEAD) if "weekly summary" in str(mail["Subject"])]
        desk.take_turn()
        assert len([mail for mail in sent_to(smtp_server, LEAD) if "weekly summary" in str(mail["Subject"])]) == 1


@contextmanager
def killing_children() -> Iterator[None]:
    """Whatever process analyses a week is killed as soon as it is there."""
    is_over = threading.Event()

    def kill() -> None:
        while not is_over.wait(0.001):
            for child in active_children():
                if child.name == NAME:
                    child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        is_over.set()
        killer.join()
