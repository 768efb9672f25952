"""A bomb of forged mail goes off, and maild is killed in the middle: honest people are served first, and nobody is lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.servers.dovecot import Dovecot, until
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk

TRUST = '\n[trust]\nmethod = "authserv_id"\nvalue = "mx.acme.example"\n'
BOMB = 110
"""More than two groups: that many take turns."""

CONNECTIONS = 3
"""As many mails are handed in at once by one process, so as many are cut off when it is killed."""

FIRST = 60
"""A group, and the mails before the bomb."""


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        mailbox=TRUST,
    ) as made:
        process = made.folder / "process.toml"
        few = (
            process.read_text().replace("in_total = 600", "in_total = 20").replace("per_domain = 30", "per_domain = 4")
        )
        process.write_text(few)
        yield made


def vouched_for(author: str) -> dict[str, str]:
    result = f"mx.acme.example; dmarc=pass header.from={author.rpartition('@')[2]}"
    return {"From": author, "Authentication_Results": result}


def forged(number: int) -> bytes:
    """One domain's name, many domains' names, and the name of a client: by turns."""
    author = (f"x{number}@victim.example", f"x@v{number}.example", CLIENT)[number % 3]
    hop = "from x (x [198.51.100.7]) by mx.acme.example; Mon, 23 Nov 2026 12:00:00 +0000"
    return a_letter(From=author, Subject=f"Offer {number}", Received=hop, body="Buy at https://evil.example\n")


def told(desk: RunningDesk, *command: str) -> Any:
    answer = desk.run(*command, "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


UNFINISHED = """SELECT (SELECT count(*) FROM mails WHERE outcome IS NULL OR marked_at IS NULL)
 + (SELECT count(*) FROM outbox WHERE settled_at IS NULL) + (SELECT %d - count(*) FROM mails)"""


def is_at_rest(database_url: str, mails: int) -> bool:
    """Whether so many mails came, all are taken in and marked on the server, and everything is submitted."""
    return not sum(int(unfinished or 0) for (unfinished,) in rows(database_url, UNFINISHED % mails))


WRITTEN = "SELECT recipient, state FROM outbox WHERE subject LIKE '%%%s%%'"


def written_to(database_url: str, recipient: str, subject: str = "") -> int:
    """How many mails were written to one and handed in; one whose submission the kill cut off is uncertain, and counts."""
    states = [state for who, state in rows(database_url, WRITTEN % subject) if who == recipient]
    assert set(states) <= {"sent", "uncertain"}
    return len(states)


def numbers(desk: RunningDesk) -> dict[str, list[int]]:
    """Client to the numbers of their tickets, which are given in the order of taking in."""
    found: dict[str, list[int]] = {}
    for row in told(desk, "tickets"):
        found.setdefault(row["client"], []).append(int(row["number"].removeprefix("T-")))
    return found


def test_honest_people_are_served_before_the_rest_of_a_bomb_that_takes_turns(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    desk.take_turn(a_letter())
    notice = sent_to(smtp_server, LEAD)[0]
    desk.take_turn(an_answer(notice, **vouched_for(LEAD), body="Please restart the client.\n"))
    assert len(sent_to(smtp_server, CLIENT)) == 2
    desk.rest()
    honest = [
        an_answer(
            sent_to(smtp_server, CLIENT)[1], From=CLIENT, body="It is still the same, and now the printer is dead.\n"
        ),
        a_letter(
            **vouched_for(CLIENT), Subject="The door does not open", body="The door of the office does not open.\n"
        ),
        a_letter(**vouched_for("ann@honest.example")),
        a_letter(From="bob@fair.example"),
    ]
    for letter in (*map(forged, range(BOMB)), *honest):
        desk.dovecot.deliver(desk.address, letter)
    begun_at = datetime.now(UTC)
    first = desk.start_ready()
    until(lambda: len(smtp_server.accepted) > 8, "nobody was answered")
    desk.kill(first)
    desk.start_ready()
    until(lambda: is_at_rest(database_url, 2 + BOMB + len(honest)), "the bomb was not taken in", seconds=240)
    desk.stop()
    more = int(datetime.now(UTC).hour != begun_at.hour)
    """A limit lets one more through where an hour of the clock ends meanwhile: the last one counts by its share."""

    opened = numbers(desk)
    strangers = BOMB - len([number for number in range(BOMB) if number % 3 == 2])
    assert sum(client.endswith(("@victim.example",)) or "@v" in client for client in opened) == strangers
    assert max(opened["ann@honest.example"] + opened["bob@fair.example"]) <= FIRST
    assert "It is still the same" in str(told(desk, "show", "T-1")["mails"])
    for author in ("ann@honest.example", "bob@fair.example"):
        assert written_to(database_url, author) == 1
        assert len(sent_to(smtp_server, author)) <= 1
    # The client's own is not used up by what is forged in their name: 5 of those at most, 2 from before, 1 for the door.
    assert written_to(database_url, CLIENT, "The door") == 1
    assert len(sent_to(smtp_server, CLIENT)) <= 8 + more
    to_forged = [mail for mail in smtp_server.accepted if mail.recipients[0].startswith("x")]
    assert len(to_forged) <= 10 + more
    assert len([mail for mail in to_forged if "@victim.example" in mail.recipients[0]]) <= 4 + more
    assert written_to(database_url, LEAD, "more mail than maild may acknowledge") in {1, 1 + more}
    cut_off = [who for who, state in rows(database_url, WRITTEN % "") if state == "uncertain"]
    assert len(cut_off) <= CONNECTIONS, cut_off
