"""The world outside misbehaves: greylisting for an hour, a clock that jumps, a mail of 150 MB, a database that goes and comes back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.daemon.running import system_clock
from maild.errors import Refused
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.postgresql import PostgresqlServer
from tests.servers.script import Step
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, VAGUE, a_letter, sent_to
from tests.stories.running import RunningDesk
from tests.support.intakes import look

MINUTE = timedelta(minutes=1)
LARGE_OCTETS = 150_000_000


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    yield made
    made.stop()


def test_whatever_the_world_does_each_client_hears_once(
    desk: RunningDesk, smtp_server: SmtpServer, store: Store, postgresql_server: PostgresqlServer
) -> None:
    started = system_clock()
    now = [started]
    desk.clock = lambda: now[0]

    # Greylisted for an hour: others pass meanwhile, nobody is bounced, and in the end it arrives, once.
    smtp_server.script.add(CLIENT, Step(at="rcpt", answer="451 4.7.1 greylisted, come back in an hour"))
    desk.take_turn(a_letter(**VAGUE), a_letter(From="cem@other.example", Subject="Printer does not print"))
    assert len(sent_to(smtp_server, "cem@other.example")) == 1
    for minutes in (2, 10, 30, 59):
        now[0] = started + minutes * MINUTE
        desk.take_turn()
    assert sent_to(smtp_server, CLIENT) == []
    smtp_server.script.clear()
    now[0] = started + 150 * MINUTE
    desk.take_turn()
    assert len(sent_to(smtp_server, CLIENT)) == 1
    assert look(store, "SELECT count(*) FROM outbox WHERE state IN ('bounced', 'uncertain', 'held')") == [(0,)]

    # The clock jumps two days ahead, and three back: whoever writes is acknowledged, and nobody twice.
    jumps = (timedelta(days=2), timedelta(days=-3), timedelta())
    for number, jump in enumerate(jumps):
        now[0] = started + 150 * MINUTE + jump
        desk.take_turn(a_letter(From=f"jump{number}@c{number}.example", Subject=f"Mail {number} cannot be sent"))
        desk.take_turn()
    assert [len(sent_to(smtp_server, f"jump{number}@c{number}.example")) for number in range(len(jumps))] == [1, 1, 1]
    assert len(sent_to(smtp_server, CLIENT)) == 1
    overdue = look(store, "SELECT ticket_id, count(*) FROM events WHERE event = 'update_overdue' GROUP BY ticket_id")
    assert all(times == 1 for _, times in overdue), "one broken promise is one"

    # 150 MB: held by its size alone, left on the server, and nobody behind it waits.
    large = a_letter(From="big@client.example", Subject="Everything") + b"x" * 76 + b"\r\n"
    desk.take_turn(
        large + (b"y" * 76 + b"\r\n") * (LARGE_OCTETS // 78), a_letter(From="dee@d.example", Subject="No network")
    )
    assert len(sent_to(smtp_server, "dee@d.example")) == 1
    (held,) = json.loads(desk.run("held", "--json").stdout)
    assert held["because"].startswith("150000")
    assert "stays on the server" in held["because"]
    assert look(store, "SELECT digest FROM mails WHERE outcome = 'held'") == [(None,)]

    # The database goes while mail comes, and is there again.
    if not store.name.startswith("sqlite"):
        desk.dovecot.deliver(desk.address, a_letter(From="eve@e.example", Subject="Login fails"))
        postgresql_server.stop()
        try:
            with pytest.raises(Refused):
                desk.take_turn()
        finally:
            postgresql_server.start()
        desk.take_turn()
        assert len(sent_to(smtp_server, "eve@e.example")) == 1
