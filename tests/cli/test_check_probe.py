"""`maild check --send-probe`: a mail to ourselves shows whether sub-addresses arrive."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from maild.cli.checking import probe
from maild.cli.checking.finding import Finding, Trial
from maild.settings.values import Settings
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot, until
from tests.servers.script import ANYBODY, Step
from tests.servers.smtp import SmtpServer
from tests.stories.running import RunningDesk
from tests.support.desk_folder import a_folder, read
from tests.support.outboxes import states

DESK = "support@acme.example"


@pytest.fixture
def settings(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str) -> Settings:
    folder = a_folder(tmp_path / "config")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "mailbox-password").write_text(dovecot.password)
    return read(
        folder,
        MAILD_DESK__ADDRESS=DESK,
        MAILD_DESK__SUBADDRESS="+",
        MAILD_DATABASE__URL=database_url,
        MAILD_MAILBOX__HOST=dovecot.host,
        MAILD_MAILBOX__PORT=str(dovecot.port),
        MAILD_MAILBOX__SECURITY="none",
        MAILD_MAILBOX__USERNAME=imap_user,
        MAILD_SMTP__PORT=str(smtp_server.port),
        MAILD_SMTP__SECURITY="none",
        MAILD_SMTP__USERNAME="",
    )


@contextmanager
def delivering(server: SmtpServer, dovecot: Dovecot, user: str) -> Iterator[None]:
    """Deliver what the submission server takes, as a mail server does."""
    stop = threading.Event()

    def deliver() -> None:
        delivered = 0
        while not stop.wait(0.02):
            for mail in server.accepted[delivered:]:
                dovecot.deliver(user, mail.content)
                delivered += 1

    thread = threading.Thread(target=deliver)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def check(settings: Settings) -> Finding:
    (found,) = probe.check_probe(Trial(settings=settings, environ={}))
    return found


def test_a_probe_to_a_sub_address_comes_back(
    settings: Settings, store: Store, dovecot: Dovecot, smtp_server: SmtpServer, imap_user: str
) -> None:
    dovecot.deliver(imap_user, b"Subject: another\r\n\r\n")
    with delivering(smtp_server, dovecot, imap_user):
        found = check(settings)
    assert found.ok, found
    (mail,) = smtp_server.accepted
    assert mail.recipients[0].startswith("support+check.")
    assert b"Auto-Submitted: auto-generated" in mail.content
    assert states(store) == ["sent"]


def test_without_sub_addresses_it_goes_to_the_desk_itself(
    settings: Settings, dovecot: Dovecot, smtp_server: SmtpServer, imap_user: str
) -> None:
    plain = replace(settings, desk=replace(settings.desk, subaddress=""))
    with delivering(smtp_server, dovecot, imap_user):
        found, advice = probe.check_probe(Trial(settings=plain, environ={}))
    assert smtp_server.accepted[0].recipients == (DESK,)
    assert found.ok
    assert advice.ok
    assert 'subaddress = "+"' in advice.cure


def test_sub_addresses_that_do_not_arrive_stay_off(
    settings: Settings, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "PATIENCE_SECONDS", 0.1)
    smtp_server.script.add(ANYBODY, Step(at="rcpt", answer="550 5.1.1 no such user"))
    plain = replace(settings, desk=replace(settings.desk, subaddress=""))
    _, advice = probe.check_probe(Trial(settings=plain, environ={}))
    assert advice.ok
    assert "550 5.1.1 no such user" in advice.message
    assert "leave [desk] subaddress off" in advice.message


def test_a_probe_that_does_not_come_back_fails_with_its_cure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "PATIENCE_SECONDS", 0.1)
    found = check(settings)
    assert not found.ok
    assert "did not come back" in found.message
    assert 'subaddress = ""' in found.cure


def test_a_server_that_knows_no_sub_addresses_says_so(
    settings: Settings, store: Store, smtp_server: SmtpServer
) -> None:
    smtp_server.script.add(ANYBODY, Step(at="rcpt", answer="550 5.1.1 no such user"))
    found = check(settings)
    assert not found.ok
    assert "550 5.1.1 no such user" in found.message
    assert states(store) == ["bounced"]


def test_a_running_desk_takes_the_probe_for_its_own(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, sqlite_url: str, imap_user: str
) -> None:
    with (
        RunningDesk(
            tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=sqlite_url
        ) as desk,
        delivering(smtp_server, dovecot, imap_user),
    ):
        desk.start_ready()
        assert '"part": "probe",\n    "ok": true' in desk.run("check", "--send-probe", "--json").stdout
        until(lambda: dovecot.sources(imap_user, "Processed"), "the probe was not taken in")
    assert desk.run("tickets").stdout.strip() == "no tickets yet"
    assert len(smtp_server.accepted) == 1
