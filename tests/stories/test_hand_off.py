"""Hand-off, whole: other teams take what is theirs, give back what is not, or say nothing, in the shapes of mail clients."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.classify.test_teams import FIELDS, GARDEN, hand_offs, write_hand_offs
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import a_letter, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.stories.shapes import in_shape
from tests.stories.staffed import ANA, BEN, LOGIN, MORNING, by_client, everything_for, last_to, staffed

FINANCE = "finance@example.org"
INVOICE = "Please find our invoice {} for March. Payment of 300 EUR is due within 30 days to our bank account.\n"
SAYS = {
    # What Finance says of each client's invoice, and in which mail client.
    "taken": ("gmail", "Got it, thanks. We shall pay it this week."),
    "wrong": ("outlook", "I am afraid this is not our department; they bought a router."),
    "technical": ("apple", "/technical"),
    "thanked": ("mobile", "We take it."),
}
CLIENTS = (*SAYS, "unclaimed")
SHED = "Please find our invoice for a greenhouse, a shovel and tulips. Payment is due within thirty days to our bank account.\n"


def client(branch: str) -> str:
    return f"clerk@{branch}.example"


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with staffed(tmp_path, dovecot, smtp_server, database_url, imap_user) as made:
        yield made


def from_finance(server: SmtpServer, branch: str) -> bytes:
    shape, words = SAYS[branch]
    told = last_to(server, FINANCE, client(branch))
    return in_shape(shape, told, words, From=f"Finance <{FINANCE}>", **LOGIN)


def adds(server: SmtpServer, branch: str, shape: str, words: str) -> bytes:
    return in_shape(shape, sent_to(server, client(branch))[-1], words, From=client(branch))


def test_a_hand_off_is_taken_given_back_or_comes_back_and_the_client_always_knows(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    bodies = {**{each: INVOICE.format(each) for each in SAYS}, "unclaimed": SHED}
    letters = {each: a_letter(From=client(each), Subject="Invoice", body=bodies[each]) for each in CLIENTS}
    desk.take_turn(*letters.values())
    assert set(by_client(database_url, "status, team").values()) == {("handed_off", "Finance")}
    assert all("It is now with: Finance" in everything_for(smtp_server, client(each)) for each in CLIENTS)
    desk.take_turn(*(from_finance(smtp_server, branch) for branch in SAYS))
    found = by_client(database_url, "status, team IS NULL")
    assert {branch: found[client(branch)][0] for branch in CLIENTS} == {
        "taken": "closed", "wrong": "new", "technical": "open", "thanked": "closed", "unclaimed": "handed_off"
    }  # fmt: skip
    for branch in ("wrong", "technical"):
        assert "Your message is back with us" in everything_for(smtp_server, client(branch))
    told = everything_for(smtp_server, ANA) + everything_for(smtp_server, BEN)
    assert [branch for branch in CLIENTS if client(branch) in told] == ["wrong", "technical"]
    ana_decides_and_clients_add(desk, smtp_server, database_url)
    nobody_takes(desk, smtp_server, database_url)
    what_people_decided_is_learnt(desk, smtp_server, database_url)


def ana_decides_and_clients_add(desk: RunningDesk, server: SmtpServer, url: str) -> None:
    """What Finance gave back is the desk's, by one word; what a client adds goes to Finance, which has taken theirs."""
    returned = last_to(server, ANA, client("wrong"))
    desk.take_turn(
        in_shape("thunderbird", returned, "network", From=ANA, **LOGIN),
        adds(server, "taken", "terminal", "The number of the invoice is 4711."),
        adds(server, "thanked", "gmail", "Thank you very much!"),
    )
    found = by_client(url, "status, category, team")
    assert found[client("wrong")] == ("open", "network", None)
    assert found[client("taken")][::2] == ("handed_off", "Finance")
    assert found[client("thanked")][0] == "closed"
    assert "The number of the invoice is 4711." in everything_for(server, FINANCE)
    assert everything_for(server, client("taken")).count("It is now with: Finance") == 2


def nobody_takes(desk: RunningDesk, server: SmtpServer, url: str) -> None:
    """Two days later nobody has said a word: it is the desk's again, once."""
    desk.clock = lambda: MORNING + timedelta(days=2)
    desk.take_turn()
    desk.take_turn()
    assert by_client(url, "status, assignee")[client("unclaimed")] == ("new", "Ana Ruiz")
    assert everything_for(server, client("unclaimed")).count("Your message is back with us") == 1
    told = last_to(server, FINANCE, client("unclaimed"))
    assert "Taken back" in str(told["Subject"])
    desk.take_turn(in_shape("outlook", told, "We had called them already.", From=f"Finance <{FINANCE}>", **LOGIN))
    assert "We had called them already." in everything_for(server, ANA)
    assert "We had called them already." not in everything_for(server, client("unclaimed"))
    returned = rows(url, "SELECT count(*) FROM events WHERE event = 'hand_off_unclaimed'")
    assert returned == [(2,)]
    said = rows(url, "SELECT value FROM labels WHERE question = 'technical' ORDER BY value")
    assert said == [("yes",), ("yes",)]


def what_people_decided_is_learnt(desk: RunningDesk, server: SmtpServer, url: str) -> None:
    """One line gives the invoice to Sales; with past hand-offs like it that is what the next one learns from."""
    desk.take_turn(in_shape("gmail", last_to(server, ANA, client("unclaimed")), "/handoff Sales", From=ANA, **LOGIN))
    assert by_client(url, "status, team")[client("unclaimed")] == ("handed_off", "Sales")
    said = rows(url, "SELECT value, source FROM labels WHERE question = 'team'")
    assert said == [("Sales", "tsm")]
    file = desk.folder / "past.csv"
    write_hand_offs(file, hand_offs(120))
    for arguments in (("labels", "import", str(file)), ("train", "team", "--promote")):
        ended = desk.run(*arguments)
        assert ended.returncode == 0, ended.stderr
    assert "in service now" in ended.stdout
    desk.rest()
    asked = {"garden": GARDEN, "fields": FIELDS}
    desk.take_turn(*(a_letter(From=client(who), Subject="Invoice", body=f"{asked[who]}\n") for who in asked))
    found = by_client(url, "status, team")
    assert found[client("garden")] == ("handed_off", "Sales")
    assert found[client("fields")] == ("handed_off", "Finance")
