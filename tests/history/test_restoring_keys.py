"""What of a backup is put back, and where: keys that nobody asked for, a newer maild's tables, a file that is damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from maild.errors import Deferred, Refused
from maild.history.archive import Unpacked
from maild.history.backing_up import restore
from maild.store.backing_up import sqlite
from maild.store.backing_up.copying import Copying
from maild.store.engine import Store
from maild.store.incoming.findings import find_tokens
from maild.store.keys import list_keys, rotate, signing_key
from tests.support.desk_folder import a_folder
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.making import NOON
from tests.support.rows import a_ticket, due


def another(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database of the same kind in which nothing is."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'another' / 'maild.db'}"
    server = request.getfixturevalue("postgresql_server")
    server.run("DROP DATABASE IF EXISTS another WITH (FORCE)")
    server.run("CREATE DATABASE another")
    return str(server.url("another"))


def on(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder over this database."""
    monkeypatch.setenv("MAILD_DATABASE__URL", url)
    return a_folder(tmp_path / "config")


def copied(url: str, folder: Path, *, with_secrets: bool) -> bytes:
    folder.mkdir()
    files = Copying(url=url, password=None).copy_out(folder, with_secrets=with_secrets)
    return b"\n".join(file.read_bytes() for file in files)


def test_keys_are_in_a_backup_only_when_asked_for_and_old_tokens_hold_without_them(
    store: Store, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store.transact(lambda c: signing_key(c, now=NOON))
    store.transact(lambda c: rotate(c, now=NOON))
    number = a_ticket(store)
    due(store, ticket_id=number, recipient="bea@client.example", token="babcdefghijkl2")
    with store.read() as connection:
        keys = [bytes(row[0]) for row in connection.execute(text("SELECT key FROM secrets"))]
    assert len(keys) == 2
    found = copied(database_url, tmp_path / "with", with_secrets=True)
    assert all(key in found or key.hex().encode() in found for key in keys)
    found = copied(database_url, tmp_path / "without", with_secrets=False)
    assert not [key for key in keys if key in found or key.hex().encode() in found]

    (tmp_path / "whole").mkdir()
    (tmp_path / "without").rename(tmp_path / "whole" / "database")
    url = another(database_url, tmp_path, request)
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    unpacked = Unpacked(folder=tmp_path / "whole", manifest={"kind": kind, "made_at": NOON.isoformat()})
    restore(unpacked, Copying(url=url, password=None), by="Ada", now=NOON, replaces=False)
    restored = Store(url)
    with restored.read() as connection:
        again = [bytes(row[0]) for row in connection.execute(text("SELECT key FROM secrets"))]
        assert [key.id for key in list_keys(connection)] == [0, 1]
        assert find_tokens(connection, ["babcdefghijkl2"])["babcdefghijkl2"].ticket == number
    assert len(set(again)) == 2, "fresh ones, and no two alike"
    assert set(again).isdisjoint({*keys, bytes(32)})
    restored.close()


def test_the_tables_of_a_newer_maild_are_refused_in_one_line(
    store: Store, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    a_ticket(store)
    copied(database_url, folder := tmp_path / "database", with_secrets=False)
    if database_url.startswith("sqlite"):
        with sqlite3.connect(folder / "maild.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
    else:
        (folder / "revision").write_text("9999")
    copying = Copying(url=another(database_url, tmp_path, request), password=None)
    with pytest.raises(Refused, match="newer maild"):
        copying.put_back(folder, then=lambda _: None, aside="before")


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    away = Copying(url="postgresql://maild@127.0.0.1:9/maild", password=None)
    with pytest.raises(Deferred, match="does not answer"):
        away.copy_out(tmp_path, with_secrets=False)


def test_a_backup_replaces_a_damaged_file_and_what_was_there_is_kept(
    sqlite_url: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = on(sqlite_url, tmp_path, monkeypatch)
    backup = tmp_path / "backup.tar.gz"
    maild(folder, "backup", str(backup))
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.write_bytes(b"no database any more " * 1_000)
    capsys.readouterr()
    restored = told(folder, capsys, "restore", str(backup), "--replace")
    aside = Path(restored["aside"])
    assert aside.read_bytes().startswith(b"no database any more")
    assert "restore --resume" in complaint(folder, capsys, "run", "--once")


def test_what_stands_in_the_log_of_a_database_is_moved_aside_with_it(sqlite_url: str, tmp_path: Path) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    (tmp_path / "copy").mkdir()
    Copying(url=sqlite_url, password=None).copy_out(tmp_path / "copy", with_secrets=True)
    with closing(sqlite3.connect(path)) as reader, closing(sqlite3.connect(path)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tickets").fetchone()
        writer.execute("CREATE TABLE kept (a)")
        writer.commit()
        moved = sqlite.put_back(path, tmp_path / "copy", aside="before")
    assert moved is not None
    with closing(sqlite3.connect(moved)) as aside:
        assert aside.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_restoration_names_each_secret_that_is_missing(
    sqlite_url: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = on(sqlite_url, tmp_path, monkeypatch)
    backup = tmp_path / "backup.tar.gz"
    maild(folder, "backup", str(backup))
    capsys.readouterr()
    missing = told(folder, capsys, "restore", str(backup), "--replace")["missing_secrets"]
    assert [line for line in missing if "mailbox-password" in line]
    (folder / "secrets").mkdir(exist_ok=True)
    (folder / "secrets" / "mailbox-password").write_text("x")
    missing = told(folder, capsys, "restore", str(backup), "--replace")["missing_secrets"]
    assert not [line for line in missing if "mailbox-password" in line]


def test_secrets_are_backed_up_from_where_the_daemon_reads_them_and_put_back_there(
    sqlite_url: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = on(sqlite_url, tmp_path, monkeypatch)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    (tmp_path / "state" / "secrets").mkdir(parents=True)
    (tmp_path / "state" / "secrets" / "mailbox-password").write_text("hunter2")
    capsys.readouterr()
    maild(folder, "backup", "--with-secrets", str(tmp_path / "all.tar.gz"))
    assert "with 1 files of secrets/ and the keys" in capsys.readouterr().out
    maild(folder, "backup", str(tmp_path / "open.tar.gz"))
    capsys.readouterr()
    for name, is_there in (("all", True), ("open", False)):
        monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / name / "state"))
        monkeypatch.setenv("MAILD_DATABASE__URL", f"sqlite:///{tmp_path / name / 'maild.db'}")
        missing = told(tmp_path / name / "config", capsys, "restore", str(tmp_path / f"{name}.tar.gz"))[
            "missing_secrets"
        ]
        assert (missing == []) is is_there
        secrets = tmp_path / name / "state" / "secrets"
        assert (secrets / "mailbox-password").exists() == is_there
        assert secrets.stat().st_mode & 0o777 == 0o700, "there to be written into, and closed to others"


def test_a_secret_of_an_absolute_path_is_named_where_it_was_laid_down(
    sqlite_url: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = on(sqlite_url, tmp_path, monkeypatch)
    password = folder / "secrets" / "mailbox-password"
    password.parent.mkdir(exist_ok=True)
    password.write_text("hunter2")
    configuration = (folder / "maild.toml").read_text()
    assert '# password_file = "secrets/mailbox-password"' in configuration
    (folder / "maild.toml").write_text(
        configuration.replace('# password_file = "secrets/mailbox-password"', f'password_file = "{password}"')
    )
    maild(folder, "backup", "--with-secrets", str(tmp_path / "all.tar.gz"))
    password.unlink()
    capsys.readouterr()
    maild(tmp_path / "anew", "restore", str(tmp_path / "all.tar.gz"), "--replace")
    said = capsys.readouterr().out
    laid_down = tmp_path / "anew" / "secrets" / "mailbox-password"
    assert f"names the file {password}, and the backup's lies in {laid_down}. Move it there, or write" in said
    assert 'write "secrets/mailbox-password" into the configuration' in said
    assert "write it down first" not in said


def test_a_secret_that_is_there_stays_where_the_configuration_is_laid_down(
    sqlite_url: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = on(sqlite_url, tmp_path, monkeypatch)
    (tmp_path / "state" / "secrets").mkdir(parents=True)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    password = tmp_path / "state" / "secrets" / "mailbox-password"
    password.write_text("old")
    maild(folder, "backup", "--with-secrets", str(tmp_path / "all.tar.gz"))
    password.write_text("new")
    capsys.readouterr()
    restored = told(tmp_path / "anew", capsys, "restore", str(tmp_path / "all.tar.gz"), "--replace")
    assert password.read_text() == "new"
    assert "maild.toml" in restored["config"]
    assert "secrets/mailbox-password" not in restored["config"]
