"""Backups: what is refused, what is in one, and a resumption that dies in the middle."""

import io
import json
import stat
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest

from maild.store.backing_up.restorations import add_restoration, find_waiting, resume
from maild.store.engine import Store
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.interrupting import interrupted
from tests.support.making import NOON
from tests.support.rows import a_ticket, due


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def write(path: Path, content: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, octets in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(octets)
            tar.addfile(member, io.BytesIO(octets))
    return path


@pytest.fixture
def backed_up(desk: Path, tmp_path: Path, capsys: Captured) -> tuple[Path, Path]:
    """A configuration folder, and a backup of its desk."""
    (desk / "secrets").mkdir()
    (desk / "secrets" / "mailbox-password").write_text("hunter2")
    path = tmp_path / "backup.tar.gz"
    maild(desk, "backup", str(path))
    capsys.readouterr()
    return desk, path


def test_a_backup_holds_the_desk_and_no_secret_and_only_its_owner_reads_it(
    backed_up: tuple[Path, Path], capsys: Captured
) -> None:
    folder, path = backed_up
    found = members(path)
    assert {"config/maild.toml", "config/categories/network.toml", "manifest.json"} <= set(found)
    assert b"hunter2" not in b"".join(found.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    manifest = told(folder, capsys, "backup", str(path), "--with-secrets")
    assert manifest["with_secrets"]
    assert b"hunter2" in members(path)["config/secrets/mailbox-password"]
    assert not list(path.parent.glob(".*"))


def test_what_is_not_what_its_manifest_says_is_refused_whole(
    backed_up: tuple[Path, Path], tmp_path: Path, capsys: Captured
) -> None:
    folder, path = backed_up
    whole = members(path)
    changed = write(tmp_path / "changed.tar.gz", {**whole, "config/team.toml": b"# nobody"})
    assert "config/team.toml" in complaint(folder, capsys, "restore", str(changed))
    missing = write(tmp_path / "missing.tar.gz", {k: v for k, v in whole.items() if k != "config/team.toml"})
    assert "damaged" in complaint(folder, capsys, "restore", str(missing))
    outside = write(tmp_path / "outside.tar.gz", {**whole, "../outside.txt": b"out"})
    assert "outside" in complaint(folder, capsys, "restore", str(outside))
    assert not (tmp_path.parent / "outside.txt").exists()
    newer = json.dumps({**json.loads(whole["manifest.json"]), "format": 99}).encode()
    assert "newer maild" in complaint(
        folder, capsys, "restore", str(write(tmp_path / "newer.tar.gz", {**whole, "manifest.json": newer}))
    )


def test_a_database_that_is_there_is_never_lost(
    backed_up: tuple[Path, Path], store: Store, capsys: Captured, database_url: str
) -> None:
    folder, path = backed_up
    store.close()
    refusal = complaint(folder, capsys, "restore", str(path))
    if not database_url.startswith("sqlite"):
        assert "not empty" in refusal
        return
    assert "--replace" in refusal
    aside = Path(told(folder, capsys, "restore", str(path), "--replace")["aside"])
    assert aside.stat().st_size > 10_000
    maild(folder, "restore", str(path), "--replace")
    assert f"until: maild --config {folder} restore --resume\n" in capsys.readouterr().out
    assert "restore --resume" in complaint(folder, capsys, "run", "--once")


@pytest.mark.parametrize("after", [1, 4, 6])
def test_a_resumption_that_dies_has_changed_nothing_and_done_again_it_is_done_once(store: Store, after: int) -> None:
    number = due(store, ticket_id=a_ticket(store), due_at=NOON)
    store.transact(lambda connection: add_restoration(connection, backup_at=NOON, by="Ada", now=NOON))
    later = NOON + timedelta(hours=1)

    def go_on(connection: object) -> None:
        resume(connection, 1, by="Ada", quiet_until=later, now=later)  # type: ignore[arg-type]

    assert interrupted(store, go_on, after)
    with store.read() as connection:
        assert find_waiting(connection) is not None
    store.transact(go_on)
    with store.read() as connection:
        assert find_waiting(connection) is None
        state = connection.exec_driver_sql(f"SELECT state FROM outbox WHERE id = {number}").scalar_one()  # noqa: S608
    assert state == "uncertain"
    assert a_ticket(store) > 1_000
