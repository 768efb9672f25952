"""Secrets: whatever goes wrong, no password, no key and no token stands in a log line, a traceback or a document."""

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.cli.frame import main
from maild.daemon.log import EventFormatter
from maild.errors import Refused
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import ANYBODY, SmtpServer, Step
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.support.desk_told import Captured
from tests.support.intakes import look

PASSWORD = "Zr4-quite-secret-Wq9"
COMMANDS = ("check", "tickets", "held", "outbox", "incidents", "models", "keys", "reconcile", "articles", "labels")


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    logger = logging.getLogger("maild")
    before = logger.handlers[:], logger.propagate, logger.level
    yield made
    logger.handlers[:], logger.propagate = before[0], before[1]
    logger.setLevel(before[2])
    made.stop()


def spellings(secret: bytes) -> set[str]:
    """Every way in which a program may write it."""
    bare = base64.b32encode(secret).decode().rstrip("=")
    return {
        secret.hex(),
        repr(secret)[2:-1],
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        bare,
        bare.lower(),
    }


def test_no_secret_is_in_any_log_line_traceback_or_document(
    desk: RunningDesk, smtp_server: SmtpServer, store: Store, caplog: pytest.LogCaptureFixture, capsys: Captured
) -> None:
    caplog.set_level(logging.DEBUG, "maild")
    smtp_server.script.add(ANYBODY, Step(at="rcpt", answer="550 5.1.1 no such user", times=1))
    desk.take_turn(a_letter(), a_letter(From="cem@other.example"))
    desk.take_turn(an_answer(sent_to(smtp_server, LEAD)[0], From=f"Lead <{LEAD}>", body="/close\nSolved by itself.\n"))
    (desk.folder / "secrets" / "mailbox-password").write_text(PASSWORD)
    desk.rest()
    with pytest.raises(Refused) as caught:
        desk.take_turn()
    logging.getLogger("maild.test").error("refused", exc_info=caught.value)
    printed = [shown(desk, capsys, name, "--json") for name in COMMANDS]
    printed += [shown(desk, capsys, "show", "T-1"), shown(desk, capsys, "trace", "<nobody@nowhere.example>")]
    (desk.folder / "maild.toml").write_text(
        (desk.folder / "maild.toml").read_text() + f'\n[smtp2]\npassword = "{PASSWORD}"\n'
    )
    printed += [shown(desk, capsys, "check"), shown(desk, capsys, "run", "--once")]

    formatter = EventFormatter("%(levelname)s %(name)s: %(message)s")
    logged = [formatter.format(record) for record in caplog.records]
    assert any("Traceback" in line and "refused the log-in" in line for line in logged), "it was provoked"
    keys: list[bytes] = [bytes(row[0]) for row in rows(store, "SELECT key FROM secrets")]
    assert keys
    secrets = {PASSWORD, *(form for key in keys for form in spellings(key))}
    tokens = {str(row[0]) for row in look(store, "SELECT token FROM outbox UNION SELECT token FROM actions") if row[0]}
    tokens |= {token for row in look(store, "SELECT orders FROM offers") for token in json.loads(str(row[0]))}
    assert len(tokens) > 3
    for told in (*printed, *logged):
        assert not [secret for secret in secrets if secret in told], told
    for line in logged:
        assert not [token for token in tokens if token in line], line
    assert any(CLIENT in told for told in printed), "there was something to tell"


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def shown(desk: RunningDesk, capsys: Captured, *arguments: str) -> str:
    """All that a command prints, whatever its exit status."""
    main(["--config", str(desk.folder), *arguments])
    captured = capsys.readouterr()
    if "--json" in arguments and captured.out:
        json.loads(captured.out)
    return captured.out + captured.err
