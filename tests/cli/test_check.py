import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from maild.cli.checking.advice import propose_subaddress
from maild.cli.checking.desk import check_secrets
from maild.cli.checking.finding import Trial
from maild.cli.checking.templates import a_mail
from maild.cli.checking.trusting import propose_trust
from maild.cli.frame import main
from maild.mail.message import Mail
from maild.process.desk import Desk
from maild.process.trust import TrustMethod
from maild.settings.secret import find_missing
from maild.store.backing_up.restorations import add_restoration, resume
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.support.desk_folder import a_folder, read
from tests.support.making import NOON
from tests.support.older_tables import make_older
from tests.support.unprivileged import a_public_folder, unprivileged

Captured = pytest.CaptureFixture[str]
Check = Callable[[], tuple[int, dict[str, Any]]]
USER = "support@example.org"


@pytest.fixture
def folder(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch, imap_user: str
) -> Path:
    """A desk whose servers are real, and on this machine."""
    made = a_folder(tmp_path / "config")
    (made / "secrets").mkdir()
    (made / "secrets" / "mailbox-password").write_text(f"{dovecot.password}\n")
    (made / "secrets" / "mailbox-password").chmod(0o600)
    overrides = {
        "MAILBOX__HOST": dovecot.host, "MAILBOX__PORT": str(dovecot.port), "MAILBOX__SECURITY": "none",
        "MAILBOX__USERNAME": imap_user, "SMTP__HOST": smtp_server.host, "SMTP__PORT": str(smtp_server.port),
        "SMTP__SECURITY": "none", "SMTP__USERNAME": "",
    }  # fmt: skip
    for name, value in overrides.items():
        monkeypatch.setenv(f"MAILD_{name}", value)
    return made


@pytest.fixture
def check(folder: Path, capsys: Captured) -> Check:
    """Run the command; its exit status, and its findings by the first word of their part."""

    def run() -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = main(["--config", str(folder), "check", "--json"])
        findings = json.loads(capsys.readouterr().out)
        assert all(set(finding) == {"part", "ok", "message", "cure"} for finding in findings)
        assert all(finding["cure"] for finding in findings if not finding["ok"])
        return status, {finding["part"].split()[0]: finding for finding in findings}

    return run


def only_wrong(found: dict[str, Any], part: str) -> dict[str, Any]:
    """That part fails, and no other does."""
    assert [name for name, finding in found.items() if not finding["ok"]] == [part]
    wrong: dict[str, Any] = found[part]
    return wrong


def test_a_secret_that_this_user_may_not_look_at_does_not_end_the_check() -> None:
    with a_public_folder() as public:
        folder = a_folder(public / "config")
        (folder / "secrets").mkdir()
        (folder / "secrets" / "mailbox-password").write_text("secret")
        trial = Trial(settings=read(folder), environ={})
        (folder / "secrets").chmod(0)  # whoever runs the tests, and be it a plain user
        with unprivileged():
            assert list(check_secrets(trial)) == []
            assert find_missing(trial.settings, {}) == []
        (folder / "secrets").chmod(0o755)
        with unprivileged():
            (found,) = check_secrets(trial)
        assert "others on this machine may read" in found.message


def test_a_desk_whose_servers_are_there_passes(check: Check, smtp_server: SmtpServer, dovecot: Dovecot) -> None:
    status, found = check()
    assert [finding for finding in found.values() if not finding["ok"]] == []
    assert status == 0
    assert {
        "configuration",
        "database",
        "imap",
        "smtp",
        "oauth",
        "templates",
        "models",
        "trust",
        "sub-addressing",
    } <= set(found)
    assert str(dovecot.port) in found["imap"]["message"]
    assert smtp_server.accepted == []


def test_one_host_and_one_password_do_for_both_servers_over_tls(
    check: Check, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, imap_user: str
) -> None:
    certificate = dovecot.certificate
    with SmtpServer(certificate=certificate, security="tls", login=(imap_user, dovecot.password)) as server:
        for name in ("MAILBOX__SECURITY", "SMTP__SECURITY", "SMTP__USERNAME", "SMTP__HOST", "MAILBOX__HOST"):
            monkeypatch.delenv(f"MAILD_{name}")
        monkeypatch.setenv("MAILD_MAILBOX__HOST", "localhost")
        monkeypatch.setenv("MAILD_MAILBOX__PORT", str(dovecot.tls_port))
        monkeypatch.setenv("MAILD_SMTP__PORT", str(server.port))
        status, found = check()
        assert status == 1
        assert "ca_file" in found["imap"]["message"]
        assert not found["smtp"]["ok"]
        monkeypatch.setenv("MAILD_MAILBOX__CA_FILE", str(certificate.authority))
        status, found = check()
        assert status == 0, found
        assert f"logged in as {imap_user}" in found["smtp"]["message"]


def test_nothing_is_changed_by_looking(check: Check, folder: Path) -> None:
    check()
    assert not (folder / "var").exists()


def test_each_finding_is_a_line_for_people(folder: Path, capsys: Captured, check: Check) -> None:
    check()
    assert main(["--config", str(folder), "check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("ok    imap user") for line in lines)
    assert all(line.startswith(("ok    ", "note  ", "      -> ")) for line in lines)
    advised = [before for before, line in pairwise(lines) if line.startswith("      -> ")]
    assert advised
    assert all(line.startswith("note  ") for line in advised)


def test_a_folder_that_is_not_there_is_to_be_made(tmp_path: Path, capsys: Captured) -> None:
    assert main(["--config", str(tmp_path / "none"), "check", "--json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)
    assert found["cure"].startswith(f"maild init {tmp_path / 'none'}")


def test_a_wrong_configuration_ends_with_2(
    check: Check, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("MAILD_SMTP__PORT", "x")
    status, found = check()
    assert status == 2
    assert "smtp.port" in only_wrong(found, "configuration")["message"]
    assert main(["--config", str(folder), "check"]) == 2
    assert "smtp.port" in capsys.readouterr().err


def test_a_refused_log_in_names_the_cure_and_never_the_password(check: Check, folder: Path) -> None:
    (folder / "secrets" / "mailbox-password").write_text("hunter2\n")
    status, found = check()
    assert status == 1
    wrong = only_wrong(found, "imap")
    assert "password" in wrong["cure"]
    assert "hunter2" not in json.dumps(found)


def test_a_missing_password_says_where_it_belongs(check: Check, folder: Path) -> None:
    (folder / "secrets" / "mailbox-password").write_text("")
    status, found = check()
    assert status == 1
    assert str(folder / "secrets" / "mailbox-password") in only_wrong(found, "imap")["message"]


def test_a_mailbox_that_is_not_there_fails(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILD_MAILBOX__NAME", "Nowhere")
    status, found = check()
    assert status == 1
    wrong = only_wrong(found, "imap")
    assert "the log-in works" in wrong["message"]
    assert "Nowhere" in wrong["message"]
    assert "name in maild.toml: there are INBOX" in wrong["cure"]


def test_a_first_day_that_is_still_to_come_is_told(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILD_MAILBOX__SINCE", "2999-01-01")
    status, found = check()
    assert status == 0
    assert "nothing is taken in before 2999-01-01 00:00 UTC" in found["imap"]["message"]


def test_a_submission_server_that_is_gone_fails_alone(check: Check, smtp_server: SmtpServer) -> None:
    smtp_server.stop()
    status, found = check()
    assert status == 1
    assert str(smtp_server.port) in only_wrong(found, "smtp")["message"]


def test_a_database_that_is_gone_fails_alone(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILD_DATABASE__URL", "postgresql://nobody@127.0.0.1:9/maild")
    status, found = check()
    assert status == 1
    assert only_wrong(found, "database")["cure"]


def test_a_database_without_tables_is_well_because_the_first_start_makes_them(
    check: Check, monkeypatch: pytest.MonkeyPatch, empty_url: str
) -> None:
    monkeypatch.setenv("MAILD_DATABASE__URL", empty_url)
    status, found = check()
    assert status == 0
    assert "at the next start" in found["database"]["message"]


def test_a_restored_backup_that_waits_is_told_until_somebody_lets_it_go_on(
    check: Check, monkeypatch: pytest.MonkeyPatch, database_url: str, store: Store
) -> None:
    monkeypatch.setenv("MAILD_DATABASE__URL", database_url)
    store.transact(lambda c: add_restoration(c, backup_at=NOON, by="Ada", now=NOON))
    status, found = check()
    assert status == 1
    assert "restore --resume" in only_wrong(found, "restored")["cure"]
    store.transact(lambda c: resume(c, 1, by="Ada", quiet_until=NOON, now=NOON))
    status, found = check()
    assert (status, "restored" in found) == (0, False)


def test_older_tables_of_several_machines_are_told_to_be_upgraded(
    check: Check, monkeypatch: pytest.MonkeyPatch, postgresql_server: Any
) -> None:
    postgresql_server.run("CREATE DATABASE check_older")
    make_older(postgresql_server.url("check_older"))
    monkeypatch.setenv("MAILD_DATABASE__URL", postgresql_server.url("check_older"))
    status, found = check()
    postgresql_server.run("DROP DATABASE check_older WITH (FORCE)")
    assert status == 1
    assert "maild db upgrade" in only_wrong(found, "database")["cure"]


def test_a_template_that_does_not_render_is_named(check: Check, folder: Path) -> None:
    (folder / "templates" / "de").mkdir(parents=True)
    (folder / "templates" / "de" / "acknowledgement.txt").write_text("Subject: x\n\n{{ nubmer }}\n", "utf-8")
    status, found = check()
    assert status == 1
    wrong = only_wrong(found, "templates")
    assert "de/acknowledgement" in wrong["message"]
    assert "nubmer" in wrong["message"]


@pytest.mark.parametrize("said", ["", "It goes to {{ readers }}"])
def test_a_template_that_hides_who_gets_held_words_is_named(check: Check, folder: Path, said: str) -> None:
    (folder / "templates" / "de").mkdir(parents=True)
    (folder / "templates" / "de" / "leak.txt").write_text(f"Subject: x\n\nSchau noch einmal.\n{said}\n", "utf-8")
    status, found = check()
    assert (status, found["templates"]["ok"]) == (0, True)
    assert found["templates"]["message"].startswith("de/leak.txt of your own does not show who gets the words")
    assert "show `readers` (and `is_for_incident`)" in found["templates"]["cure"]


def test_a_language_without_templates_is_named(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILD_DESK__LANGUAGES", '["en", "it"]')
    _, found = check()
    assert found["templates"]["ok"]
    assert "English stands in where it has no template" in found["templates"]["message"]
    assert found["templates"]["cure"] == ""


def test_a_password_that_everybody_may_read_fails(check: Check, folder: Path) -> None:
    (folder / "secrets" / "mailbox-password").chmod(0o644)
    status, found = check()
    assert status == 1
    assert "chmod 600" in only_wrong(found, "secrets")["cure"]


def test_examples_that_were_never_edited_are_named(check: Check) -> None:
    _, found = check()
    assert found["addresses"]["ok"]
    assert "lead@example.org" in found["addresses"]["message"]


def test_the_mail_in_the_mailbox_proposes_a_method_that_is_never_turned_on(
    check: Check, dovecot: Dovecot, imap_user: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_DESK__SUBADDRESS", "+")
    before = (folder / "maild.toml").read_text("utf-8")
    for number in range(4):
        source = (
            f"Authentication-Results: mx.acme.example; dkim=pass header.d=client.example\r\n"
            f"To: support+t{number}@example.org\r\nFrom: a@client.example\r\nSubject: {number}\r\n\r\nText\r\n"
        )
        dovecot.deliver(imap_user, source.encode())
    status, found = check()
    assert status == 0
    assert found["trust"]["ok"]
    assert 'method = "authserv_id" and value = "mx.acme.example"' in found["trust"]["cure"]
    assert "arrives" in found["sub-addressing"]["message"]
    assert (folder / "maild.toml").read_text("utf-8") == before
    assert all(
        path.name.endswith(".test") or ":2," in path.name for path in dovecot.maildir(imap_user).glob("*/*.test*")
    )
    assert not any("S" in path.name.partition(":2,")[2] for path in dovecot.maildir(imap_user).glob("cur/*"))


def some_mails(*fields: str) -> list[Mail]:
    from dataclasses import replace

    return [replace(a_mail("en"), authentication=(field,) if field else ()) for field in fields]


def test_microsoft_365_names_no_server() -> None:
    field = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=client.example; dkim=pass header.d=client.example"
    assert 'method = "microsoft365"' in propose_trust(some_mails(field, field, field), TrustMethod()).cure


@pytest.mark.parametrize(
    "fields", [["a.example; dkim=pass"] * 2, ["a.example; x=y", "b.example; x=y", "c.example; x=y", ""], [""] * 9]
)
def test_nothing_is_proposed_without_enough_mail_that_agrees(fields: list[str]) -> None:
    assert "[trust]" not in propose_trust(some_mails(*fields), TrustMethod()).cure


def test_a_method_that_is_set_is_left_alone() -> None:
    assert propose_trust([], TrustMethod(method="authserv_id", value="x")).cure == ""


def test_sub_addressing_that_is_off_needs_no_cure() -> None:
    assert propose_subaddress([], Desk(name="S", address="s@a.example", subaddress="")).cure == ""
