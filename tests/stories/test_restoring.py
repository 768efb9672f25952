"""A desk is backed up, works on, is destroyed and restored: nothing is lost, and nobody gets anything twice, nor does Linear."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.cli.resuming import find_differences
from maild.errors import Refused
from maild.settings.reading import read_settings
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.linear import KEY, LinearServer
from tests.servers.linear_world import World
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.support.desk_told import Captured, complaint, told
from tests.support.intakes import look

CYD, DAN, EVE = "cyd@second.example", "dan@third.example", "eve@fourth.example"
ADDRESS = "support@acme.example"
NOW = datetime.now(UTC).replace(microsecond=0)
STOPPED = NOW - timedelta(minutes=30)


@pytest.fixture
def desk(
    tmp_path: Path, own_dovecot: Dovecot, empty_url: str, linear: LinearServer
) -> Iterator[tuple[RunningDesk, SmtpServer]]:
    with (
        SmtpServer() as server,
        RunningDesk(
            tmp_path,
            address=ADDRESS,
            dovecot=own_dovecot,
            smtp_port=server.port,
            database_url=empty_url,
            mailbox=f'\n[linear]\nteam = "ENG"\nurl = "{linear.url}"\ntickets = "all"\n',
        ) as running,
    ):
        keep_secrets(running)
        yield running, server


def keep_secrets(desk: RunningDesk) -> None:
    """They are in no backup."""
    (desk.folder / "secrets").mkdir(exist_ok=True)
    (desk.folder / "secrets" / "mailbox-password").write_text(desk.dovecot.password)
    (desk.folder / "secrets" / "linear-key").write_text(KEY)


def arrive(desk: RunningDesk, letter: bytes, *, hours: float) -> None:
    """It came so many hours ago."""
    desk.dovecot.deliver(ADDRESS, letter, at=NOW - timedelta(hours=hours))


def destroy(desk: RunningDesk, url: str, request: pytest.FixtureRequest) -> None:
    """The machine is gone: database, configuration and all."""
    desk.rest()
    shutil.rmtree(desk.folder)
    if url.startswith("sqlite"):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob("maild.db*"):
            path.unlink()
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        server.run("DROP DATABASE empty WITH (FORCE)")
        server.run("CREATE DATABASE empty")


def work(desk: RunningDesk, server: SmtpServer, backup: Path, capsys: Captured) -> None:
    """Bea is acknowledged; Cyd's acknowledgement is due when the backup is made; then Bea is answered, and Dan writes."""
    arrive(desk, a_letter(From=f"Bea Kunde <{CLIENT}>"), hours=3)
    desk.take_turn()
    server.stop()
    arrive(desk, a_letter(From=f"Cyd <{CYD}>", Subject="VPN error 809 again"), hours=2)
    with pytest.raises(Refused, match="stays due"):
        desk.take_turn()
    manifest = told(desk.folder, capsys, "backup", str(backup))
    assert manifest["with_secrets"] is False
    assert not any("config/secrets" in name for name in manifest["files"])
    desk.rest()
    server.start()
    desk.take_turn()
    (assignment,) = [mail for mail in sent_to(server, LEAD) if "[T-1]" in str(mail["Subject"])]
    arrive(desk, an_answer(assignment, From=f"Lea <{LEAD}>", body="Please restart the router.\n"), hours=1)
    arrive(
        desk,
        a_letter(From=f"Dan <{DAN}>", Subject="Screen stays black", body="The screen of my laptop stays black.\n"),
        hours=1,
    )
    desk.take_turn()


def killed_while_it_brings_back(desk: RunningDesk, url: str) -> None:
    """Mail has been stored again, and the resumption ends before it lets the desk go on."""
    store = Store(url)
    found = find_differences(read_settings(desk.folder, {}), store, {}, brings_back=True)
    assert sum(gap.moved for gap in found.gaps) == 2
    store.close()


def received(server: SmtpServer) -> Counter[str]:
    return Counter(recipient for mail in server.accepted for recipient in mail.recipients)


def test_nothing_is_lost_and_nothing_is_sent_twice(
    desk: tuple[RunningDesk, SmtpServer],
    empty_url: str,
    tmp_path: Path,
    capsys: Captured,
    request: pytest.FixtureRequest,
) -> None:
    running, server = desk
    linear: LinearServer = request.getfixturevalue("linear")
    backup = tmp_path / "backup.tar.gz"
    work(running, server, backup, capsys)
    before = received(server)
    assert (before[CLIENT], before[CYD], before[DAN]) == (2, 1, 1)
    (answered,) = [mail for mail in sent_to(server, CLIENT) if "router" in mail.as_string()]

    destroy(running, empty_url, request)
    arrive(
        running,
        a_letter(From=f"Eve <{EVE}>", Subject="Password expired", body="My password has expired, please reset it.\n"),
        hours=0.1,
    )
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    assert "no whole backup" in complaint(running.folder, capsys, "restore", str(damaged))
    restored = told(running.folder, capsys, "restore", str(backup))
    assert "maild.toml" in restored["config"]
    named = {line.rpartition("/")[2] for line in restored["missing_secrets"]}
    assert named == {"mailbox-password", "linear-key"}, "nobody listens for webhooks, so their secret is not missed"
    keep_secrets(running)
    with pytest.raises(Refused, match="restore --resume"):
        running.take_turn()
    assert received(server) == before

    differs = told(running.folder, capsys, "restore", "--resume")
    assert (differs["resumed"], differs["due_in_backup"] > 0) == (False, True)
    assert differs["mailboxes"][0]["moved"] == 2, "Lea's and Dan's; Cyd's is in the backup"
    with pytest.raises(Refused, match="restore --resume"):
        running.take_turn()
    killed_while_it_brings_back(running, empty_url)
    told(running.folder, capsys, "restore", "--resume", "--yes", "--stopped-at", STOPPED.isoformat())
    running.take_turn()
    running.take_turn()

    after = received(server)
    assert {who: after[who] for who in (CLIENT, CYD, DAN)} == {CLIENT: 2, CYD: 1, DAN: 1}
    assert after[EVE] == 1, "who wrote while it was down is acknowledged"
    since = sent_to(server, LEAD)[before[LEAD] :]
    assert not [mail["Subject"] for mail in since if "[T-1]" in mail["Subject"] or "[T-2]" in mail["Subject"]]

    arrive(running, an_answer(answered, From=f"Bea Kunde <{CLIENT}>", body="That has helped, thank you.\n"), hours=0)
    running.take_turn()
    store = Store(empty_url)
    tickets = {str(client): number for number, client in look(store, "SELECT id, client FROM tickets")}
    assert set(tickets) == {CLIENT, CYD, DAN, EVE}
    assert min(int(str(tickets[DAN])), int(str(tickets[EVE]))) > 1_000
    there_once(linear.world, [int(str(number)) for number in tickets.values()])
    told_of_bea = [str(row[0]) for row in look(store, "SELECT event FROM events WHERE ticket_id = 1 ORDER BY id")]
    assert "tsm_answered" in told_of_bea
    assert told_of_bea[-1] != "stranger_linked"
    uncertain = look(store, "SELECT recipient FROM outbox WHERE state = 'uncertain'")
    assert {CLIENT, CYD, DAN} <= {str(recipient) for (recipient,) in uncertain}
    assert look(store, "SELECT count(*) FROM mails WHERE outcome IS NULL") == [(0,)]
    store.close()


def there_once(world: World, tickets: list[int]) -> None:
    """Each ticket has one issue, also the one whose number is another now; and what was answered stands there once."""
    assert sorted(issue["title"].split()[0] for issue in world.issues.values()) == sorted(f"T-{n}" for n in tickets)
    assert sum("restart the router" in words for words in world.said()) == 1
    assert set(Counter(world.made).values()) == {1}
