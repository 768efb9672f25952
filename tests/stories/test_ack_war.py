"""Machines answer the desk, and a desk answers a desk: all fall silent."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter
from tests.stories.post_office import PostOffice, marked, unmarked, unthreaded
from tests.stories.running import RunningDesk
from tests.stories.staffed import MORNING

ROUNDS = 8
LIMIT = 2
MARKED, UNMARKED, UNTHREADED = "away@client.example", "echo@client.example", "tickets@client.example"
HelpDesk = Callable[[str, str], RunningDesk]


@pytest.fixture
def a_help_desk(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer) -> Iterator[HelpDesk]:
    """Makes desks of which each thinks that the other is a client."""
    made: list[RunningDesk] = []

    def make(address: str, database_url: str) -> RunningDesk:
        folder = tmp_path / address
        folder.mkdir()
        desk = RunningDesk(
            folder, address=address, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
        )
        process = desk.folder / "process.toml"
        process.write_text(process.read_text().replace("per_address = 5", f"per_address = {LIMIT}"))
        desk.clock = lambda: MORNING  # in no moment of which an hour ends
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.stop()


def test_three_machines_a_lead_who_is_one_and_a_second_desk_fall_silent(
    a_help_desk: HelpDesk, smtp_server: SmtpServer, database_url: str, imap_user: str, tmp_path: Path
) -> None:
    ours, theirs = imap_user, f"their-{imap_user}"
    desks = {
        ours: a_help_desk(ours, database_url),
        theirs: a_help_desk(theirs, f"sqlite:///{tmp_path}/theirs.db"),
    }
    robots = {
        MARKED: marked(MARKED),
        UNMARKED: unmarked(UNMARKED),
        UNTHREADED: unthreaded(UNTHREADED),
        LEAD: unmarked(LEAD),
    }
    office = PostOffice(smtp_server, desks, robots)
    for author in (MARKED, UNMARKED, UNTHREADED, theirs):
        desks[ours].dovecot.deliver(ours, a_letter(From=author, To=ours))
    assert office.carry_until_silence(ROUNDS) < ROUNDS
    # Each hears of us, and once what the machine says that answers for the lead: nothing tells it from a person yet.
    assert [office.written_to(robot) for robot in (MARKED, UNMARKED, UNTHREADED)] == [2, 2, LIMIT + 1]
    assert office.written_to(theirs) == 2
    assert b"no acknowledgement was written: the limit of 2 an hour" in b"".join(
        mail.content.replace(b"=\r\n", b"") for mail in smtp_server.accepted if LEAD in mail.recipients
    )
