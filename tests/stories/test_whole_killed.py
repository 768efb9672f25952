"""A ticket's whole life while `kill -9` ends maild after each of its steps: everything happens, and is said, once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from maild.daemon.running import system_clock
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, a_letter, sent_to
from tests.stories.looking import await_change, rows
from tests.stories.running import RunningDesk
from tests.stories.shapes import in_shape
from tests.stories.staffed import ANA, LOGIN, by_client, last_to, staffed

SETTLE_SECONDS = 240.0
"""A machine that does much else needs a minute to start a process."""

CONNECTIONS = 3
"""As many mails are handed in at once by one process, so as many are cut off when it is killed."""

SCREEN = (
    "The screen of my laptop is broken, it stays black since Monday. It is a ThinkPad T14, serial number PF-3X9K2L.\n"
)

# After which step of maild's it is killed, as the store shows it: each of a mail's way, one after the other.
STEPS = {
    "stored": "SELECT count(*) FROM mails",
    "taken in": "SELECT count(*) FROM mails WHERE outcome IS NOT NULL",
    "written": "SELECT count(*) FROM outbox WHERE state <> 'due'",
    "handed over": "SELECT count(*) FROM outbox WHERE settled_at IS NOT NULL",
    "marked": "SELECT count(*) FROM mails WHERE marked_at IS NOT NULL",
}


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with staffed(tmp_path, dovecot, smtp_server, database_url, imap_user) as made:
        team = made.folder / "team.toml"
        team.write_text(team.read_text().replace("capacity = 1\n", 'away = ["2026-01-01..2099-12-31"]\n'))
        made.clock = system_clock
        yield made


def first(_: SmtpServer) -> bytes:
    return a_letter(From=f"Bea Kunde <{CLIENT}>", Subject="Screen", body=SCREEN)


def by_ana(shape: str, words: str) -> Callable[[SmtpServer], bytes]:
    return lambda server: in_shape(shape, last_to(server, ANA, CLIENT), words, From=ANA, **LOGIN)


def by_client_in(shape: str, words: str) -> Callable[[SmtpServer], bytes]:
    return lambda server: in_shape(shape, sent_to(server, CLIENT)[-1], words, From=CLIENT)


LIFE: Sequence[tuple[Callable[[SmtpServer], bytes], str]] = (
    (first, "open"),
    (by_ana("gmail", "/waiting\nDear Bea, does it stay black with another screen?"), "waiting"),
    (by_client_in("outlook", "With another screen it is not black."), "open"),
    (by_ana("apple", "/resolve\nThe cable was loose.\nWe have sent a new one."), "resolved"),
    (by_client_in("mobile", "It works now, thank you."), "closed"),
)


def killed_after(desk: RunningDesk, url: str, query: str, letter: bytes) -> None:
    """Deliver the letter, and end maild as soon as this step of its way is done."""
    before = rows(url, query)
    desk.dovecot.deliver(desk.address, letter)
    process = desk.start()
    await_change(url, query, before, seconds=SETTLE_SECONDS)
    desk.kill(process)


def test_every_step_of_a_life_happens_once_whatever_is_killed_between(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    # Each letter has its own step; a start costs seconds, so one database has the one half of them, and one the other.
    kills = set(range(int(database_url.startswith("postgresql")), len(LIFE), 2))
    for place, (letter, status) in enumerate(LIFE):
        if place in kills:
            killed_after(desk, database_url, list(STEPS.values())[place], letter(smtp_server))
            desk.take_turn()
        else:
            desk.take_turn(letter(smtp_server))
        assert by_client(database_url) == {CLIENT: (status,)}
    accepted = Counter(mail.message_id for mail in smtp_server.accepted)
    assert set(accepted.values()) == {1}
    settled = Counter(str(state) for (state,) in rows(database_url, "SELECT state FROM outbox"))
    assert set(settled) <= {"sent", "uncertain"}
    assert settled["uncertain"] <= CONNECTIONS * len(kills)
    events = Counter(str(event) for (event,) in rows(database_url, "SELECT event FROM events"))
    once = ("opened", "assigned", "asked", "client_replied", "resolved", "client_confirmed", "post_mortem_asked")
    assert {event: events[event] for event in once} == dict.fromkeys(once, 1)
    assert [
        kind for (kind,) in rows(database_url, "SELECT kind FROM outbox WHERE audience = 'client' ORDER BY id")
    ] == [*("acknowledgement", "answer", "verification", "closure_thanks")]
