"""A TSM's answers while `kill -9` hits at any point: each reaches its client once, with its file, and no other."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot, until
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.support.relays import an_answer, with_files

TICKETS, KILLS = 6, 4
SHORTEST_LIFE_SECONDS, LONGEST_LIFE_SECONDS = 0.05, 1.5
SETTLE_SECONDS = 240.0


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    ) as made:
        process = made.folder / "process.toml"  # clients who all write the same are no incident here
        process.write_text(process.read_text().replace("propose = true", "propose = false"))
        yield made


def is_at_rest(database_url: str, mails: int) -> bool:
    taken_in = rows(database_url, "SELECT count(*) FROM mails WHERE outcome IS NOT NULL")
    unsettled = rows(database_url, "SELECT count(*) FROM outbox WHERE settled_at IS NULL")
    return (taken_in, unsettled) == ([(mails,)], [(0,)])


def states(database_url: str) -> Counter[str]:
    return Counter(str(state) for (state,) in rows(database_url, "SELECT state FROM outbox WHERE kind = 'answer'"))


def relayed(server: SmtpServer) -> list[tuple[str, EmailMessage]]:
    mails = [(each.recipients[0], message_from_bytes(each.content, policy=default)) for each in server.accepted]
    return [(recipient, mail) for recipient, mail in mails if mail["Auto-Submitted"] is None]


def test_each_answer_reaches_its_client_once(desk: RunningDesk, smtp_server: SmtpServer, database_url: str) -> None:
    clients = [f"client{number}@client{number}.example" for number in range(TICKETS)]
    for client in clients:
        desk.dovecot.deliver(desk.address, a_letter(From=client))
    desk.take_turn()
    told = sent_to(smtp_server, LEAD)
    assert len(told) == TICKETS
    answers = []
    for number, mail in enumerate(told):
        answer = an_answer(mail, From=LEAD, body=f"Dear client, please do step {number} of the plan.\n")
        answers.append(with_files(answer, [("plan.pdf", "application/pdf", bytes([number]) * 5_000)]))
    chance = random.Random(len(database_url))
    for part in range(KILLS):
        for answer in answers[part::KILLS]:
            desk.dovecot.deliver(desk.address, answer)
        process = desk.start()
        time.sleep(chance.uniform(SHORTEST_LIFE_SECONDS, LONGEST_LIFE_SECONDS))
        desk.kill(process)
    desk.start()
    until(lambda: is_at_rest(database_url, 2 * TICKETS), "the desk never came to rest", seconds=SETTLE_SECONDS)
    desk.stop()
    found = relayed(smtp_server)
    settled = states(database_url)
    assert sum(settled.values()) == TICKETS
    assert set(settled) <= {"sent", "uncertain"}
    assert len({recipient for recipient, _ in found}) == len(found)
    assert TICKETS - settled["uncertain"] <= len(found) <= TICKETS
    for recipient, mail in found:
        assert str(mail["To"]) == recipient
        assert [part.get_filename() for part in mail.iter_attachments()] == ["plan.pdf"]
