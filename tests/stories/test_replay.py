"""A replay: what another configuration would have done with a desk's past; nothing is written to the desk, and nothing sent."""

import json
import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.support.relays import html_of

ANA = '\n[[person]]\nname = "Ana Ruiz"\naddresses = ["ana@example.org"]\nrole = "tsm"\n'
INVOICE = "Please send me the invoice of May again; the amount debited was wrong.\n"


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    yield made
    made.stop()


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is in the database."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = sorted(inspect(engine).get_table_names())
            return {
                table: sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))), key=repr)  # noqa: S608
                for table in tables
            }
    finally:
        engine.dispose()


def replayed(desk: RunningDesk, *arguments: str, status: int) -> Any:
    answer = desk.run("replay", "--json", *arguments)
    assert answer.returncode == status, answer.stderr
    return json.loads(answer.stdout)


def released(question: EmailMessage) -> bytes:
    """The lead taps what lets a held mail through."""
    links = [part.partition('"')[0] for part in html_of(question).split('href="mailto:')[1:]]
    address = next(unquote(link.partition("?")[0]) for link in links if "?subject=" in link)
    return a_letter(From=f"Lead <{LEAD}>", To=address, Subject="release", body="")


def differing(answer: Any) -> dict[str, int]:
    return {aspect["aspect"]: aspect["differ"] for aspect in answer["aspects"] if aspect["differ"]}


def test_what_would_differ_is_told_and_the_desk_is_not_touched(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str, tmp_path: Path
) -> None:
    desk.take_turn(a_letter(), a_letter(From="cem@other.example", Subject="Invoice", body=INVOICE))
    acknowledgement, notice = sent_to(smtp_server, CLIENT)[0], sent_to(smtp_server, LEAD)[0]
    desk.take_turn(an_answer(notice, From=f"Lead <{LEAD}>", body="Please restart the router.\n"))
    desk.take_turn(an_answer(notice, From=f"Lead <{LEAD}>", body="/urgency 2\n\nIs it on?\n"))
    desk.take_turn(released(sent_to(smtp_server, LEAD)[-1]))
    desk.take_turn(an_answer(acknowledgement, body="It is still the same.\n"), a_letter(From="mailer-daemon@x.example"))
    other = tmp_path / "other"
    shutil.copytree(desk.folder, other)
    with (other / "team.toml").open("a") as team:
        team.write(ANA)
    process = other / "process.toml"
    process.write_text(process.read_text().replace("per_domain = 30", "per_domain = 1"))
    before, sent = rows(database_url), len(smtp_server.accepted)

    same = replayed(desk, "--against", str(desk.folder), status=0)
    assert (same["mails"], same["not_played"], same["differing"], same["same"]) == (6, 1, 0, True), (
        "the tap answers what was never written here"
    )
    assert {aspect["aspect"]: aspect["n"] for aspect in same["aspects"]}["assignee"] == 2

    page = tmp_path / "page.html"
    answer = replayed(desk, "--config", str(other), "--out", str(page), status=1)
    assert differing(answer).keys() >= {"assignee", "told"}
    assert not differing(answer).keys() & {"outcome", "ticket", "category", "urgency", "impact", "priority"}
    ways = {aspect["aspect"]: aspect["ways"] for aspect in answer["aspects"]}
    assert ("Lead", "Ana Ruiz") in [(way["now"], way["then"]) for way in ways["assignee"]]
    told = [each for each in answer["differences"] if each["aspect"] == "told" and "colleague" in each["then"]]
    relayed = {each["mail"] for each in told}
    assert relayed == {"mail 3", "mail 4"}, (
        "the answers found their ticket on both sides, and its assignee hears of them"
    )
    html = page.read_text("utf-8")
    assert html.count("<svg") == 2
    assert not re.search(r"(src|href)=|url\(|@import|<script", html)
    assert replayed(desk, "--config", str(other), "--tolerance", "100%", status=0)["same"]

    assert rows(database_url) == before
    assert len(smtp_server.accepted) == sent
