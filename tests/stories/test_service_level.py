"""Two clients write the same, and one of them was promised more: their ticket is the more urgent one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import a_letter
from tests.stories.running import RunningDesk
from tests.support.desk_folder import add

LEVEL = '\n[[service_level]]\ndomains = ["promised.example"]\nfirst_response = "1h"\nurgency_points = 4\n'


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    ) as made:
        yield made


def test_who_was_promised_more_is_helped_sooner(desk: RunningDesk, store: Store) -> None:
    add(desk.folder, "priorities.toml", LEVEL)
    clients = ("bea@promised.example", "max@ordinary.example")
    words = "Our VPN client cannot connect to the server, it shows error 809.\n"
    desk.take_turn(*(a_letter(From=client, Subject="VPN", body=words) for client in clients))
    with store.read() as connection:
        rows = connection.execute(text("SELECT client, urgency FROM tickets")).all()
    assert {row.client: row.urgency for row in rows} == dict(zip(clients, (1, 2), strict=True))
