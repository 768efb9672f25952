"""Server against store, and the command that compares them."""

import json
from pathlib import Path

import pytest

from maild.cli.frame import main
from maild.doors.credential import Password
from maild.errors import NotFound
from maild.intake.reconcile import Reconciliation, reconcile
from maild.mail.message import Limits
from maild.store.engine import Store
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.support.desk_folder import a_folder
from tests.support.watched import LAST_YEAR, Watched, now


@pytest.fixture
def watched(dovecot: Dovecot, store: Store, imap_user: str) -> Watched:
    return Watched(dovecot, store, imap_user)


def compare(watched: Watched) -> Reconciliation:
    return reconcile(watched.settings, watched.store, Password(PASSWORD))


def test_a_mailbox_that_was_stored_and_marked_is_equal(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2)
    watched.watch().take_over_once()
    watched.take_in()
    watched.watch().take_over_once()
    assert compare(watched).is_equal


def test_mail_that_waits_in_the_store_is_no_difference(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2)
    watched.watch().take_over_once()
    compared = compare(watched)
    assert (compared.is_equal, compared.stored, compared.waiting) == (True, 2, 2)


def test_mail_that_is_not_stored_is_named(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.watch().take_over_once()
    watched.deliver(2)
    compared = compare(watched)
    assert (compared.is_equal, compared.unstored) == (False, (2,))


def test_old_mail_is_counted_and_no_difference(watched: Watched) -> None:
    watched.deliver(1, 2, at=LAST_YEAR)
    watched.watch().take_over_once()
    compared = compare(watched)
    assert (compared.is_equal, compared.on_server, compared.ignored) == (True, 2, 2)


def test_mail_that_somebody_took_away_is_named(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.watch().take_over_once()
    with watched.server.log_in(watched.user) as client:
        client.select()
        client.store("1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    compared = compare(watched)
    assert (compared.is_equal, compared.vanished) == (False, (1,))


def test_mail_that_is_taken_in_and_not_marked_is_named(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.watch().take_over_once()
    watched.take_in()
    compared = compare(watched)
    assert (compared.is_equal, compared.unmarked) == (False, (1,))


def test_a_mail_too_large_to_be_fetched_is_stored_all_the_same(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, size=5000)
    watched.watch(limits=Limits(source_bytes=1000)).take_over_once()
    compared = compare(watched)
    assert (compared.is_equal, compared.stored) == (True, 1)


def test_a_renumbered_mailbox_is_a_difference(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.watch().take_over_once()
    watched.server.forget_uids(watched.user)
    compared = compare(watched)
    assert (compared.is_equal, compared.renumbered, compared.unstored) == (False, True, (1,))


def test_an_empty_mailbox_is_equal(watched: Watched) -> None:
    watched.watch().take_over_once()
    assert compare(watched).is_equal


def test_comparing_does_not_mark_anything_seen(watched: Watched) -> None:
    watched.begin(now())
    watched.deliver(1)
    compare(watched)
    with watched.server.log_in(watched.user) as client:
        client.select()
        assert client.search(None, "UNSEEN")[1] == [b"1"]


def test_a_mailbox_that_was_never_watched_is_said_so(watched: Watched) -> None:
    with pytest.raises(NotFound, match="maild run"):
        compare(watched)


@pytest.fixture
def folder(watched: Watched, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk over the watched mailbox, its database and its server."""
    made = a_folder(tmp_path / "config")
    (made / "secrets").mkdir()
    (made / "secrets" / "mailbox-password").write_text(PASSWORD)
    (made / "secrets" / "mailbox-password").chmod(0o600)
    overrides = {"HOST": "localhost", "PORT": watched.server.port, "SECURITY": "none", "USERNAME": watched.user}
    for name, value in overrides.items():
        monkeypatch.setenv(f"MAILD_MAILBOX__{name}", str(value))
    monkeypatch.setenv("MAILD_DATABASE__URL", database_url)
    return made


def test_the_command_is_content_when_both_agree(
    watched: Watched, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.watch().take_over_once()
    assert main(["--config", str(folder), "reconcile"]) == 0
    assert "server and store agree" in capsys.readouterr().out


def test_the_command_prints_one_document_and_fails_on_a_difference(
    watched: Watched, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.watch().take_over_once()
    watched.deliver(1)
    assert main(["--config", str(folder), "reconcile", "--json"]) == 1
    (compared,) = json.loads(capsys.readouterr().out)["mailboxes"]
    assert (compared["equal"], compared["unstored"], compared["mailbox"]) == (False, [1], "INBOX")


def test_the_command_says_which_server_it_could_not_ask(
    watched: Watched, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.watch().take_over_once()
    (folder / "secrets" / "mailbox-password").write_text("wrong")
    assert main(["--config", str(folder), "reconcile", "--json"]) == 1
    (trouble,) = json.loads(capsys.readouterr().out)["troubles"]
    assert "refused the log-in" in trouble


def test_a_password_that_is_missing_is_a_matter_of_the_configuration(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password = folder / "secrets" / "mailbox-password"
    password.unlink()
    assert main(["--config", str(folder), "reconcile", "--json"]) == 2
    (trouble,) = json.loads(capsys.readouterr().out)["troubles"]
    assert trouble.startswith("maild.toml: mailbox[0].password_file: ")
    assert f"{password} does not exist" in trouble
