"""Back up and restore: database and configuration into one file, and out of it again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from maild import __version__
from maild.errors import NotFound, Refused
from maild.history.archive import Unpacked, write_archive
from maild.settings.values import Settings
from maild.store.backing_up.copying import Copying
from maild.store.backing_up.restorations import add_restoration
from maild.store.engine import Connection
from maild.store.keys import make_missing_keys

DATABASE, CONFIG, SECRETS = "database", "config", "secrets"


def back_up(
    settings: Settings, copying: Copying, path: Path, *, secrets: Sequence[Path], now: datetime
) -> dict[str, object]:
    """Write the backup; the database is of the moment at which copying began. Answers the manifest.

    `secrets`: the folders whose secrets/ goes along, with the keys that sign; none, and no secret does.
    """
    if not path.absolute().parent.is_dir():
        raise NotFound(f"There is no folder {path.absolute().parent}; no backup was made.")
    try:
        temporary = TemporaryDirectory(prefix=".maild-backup-", dir=path.absolute().parent)
    except OSError as error:
        raise Refused(f"The backup {path} cannot be written: {error.strerror}.") from error
    with temporary as name:
        copied = copying.copy_out(Path(name), with_secrets=bool(secrets))
        members = {f"{DATABASE}/{file.name}": file for file in copied}
        members |= {f"{CONFIG}/{name}": file for name, file in configuration_of(settings.folder)}
        members |= {f"{CONFIG}/{name}": file for start in secrets for name, file in secrets_of(start)}
        facts = {
            "maild": __version__,
            "made_at": now.isoformat(),
            "desk": settings.desk.address,
            "kind": copying.kind,
            "with_secrets": bool(secrets),
        }
        return write_archive(path, members, facts)


def configuration_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files of the configuration; no secret is in any of them."""
    wanted = ("*.toml", "categories/*.toml", "templates/**/*")
    for file in sorted(file for pattern in wanted for file in folder.glob(pattern) if file.is_file()):
        yield file.relative_to(folder).as_posix(), file


def secrets_of(start: Path) -> Iterator[tuple[str, Path]]:
    """Files with passwords and tokens, as far as they lie in secrets/ below this folder."""
    folder = start / SECRETS
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file():
            yield file.relative_to(start).as_posix(), file


def lay_down_configuration(unpacked: Unpacked, folder: Path, start: Path) -> tuple[str, ...]:
    """Write the configuration of the backup where none is, and secrets/ where relative paths `start`; what is there stays."""
    source = unpacked.folder / CONFIG
    if (folder / "maild.toml").exists():
        return ()
    written = []
    (start / SECRETS).mkdir(parents=True, exist_ok=True, mode=0o700)  # for those that are to be written down
    for file in sorted(source.rglob("*")):
        if file.is_file():
            name = file.relative_to(source)
            is_secret = name.parts[0] == SECRETS
            target = (start if is_secret else folder) / name
            if is_secret and target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if is_secret else 0o755)
            target.write_bytes(file.read_bytes())
            target.chmod(0o600)
            written.append(name.as_posix())
    return tuple(written)


def restore(unpacked: Unpacked, copying: Copying, *, by: str, now: datetime, replaces: bool) -> Path | None:
    """Put the database back, brought to this version and waiting; answers where the one that was there lies now."""
    if unpacked.manifest["kind"] != copying.kind:
        raise Refused(
            f"The backup is of {unpacked.manifest['kind']}, and [database] url names {copying.kind}; nothing was changed."
        )
    copying.refuse_work(replaces=replaces)
    made_at = datetime.fromisoformat(unpacked.manifest["made_at"])

    def wait_for_a_person(connection: Connection) -> None:
        make_missing_keys(connection, now=now)
        add_restoration(connection, backup_at=made_at, by=by, now=now)

    return copying.put_back(
        unpacked.folder / DATABASE,
        then=wait_for_a_person,
        aside=f"before-{now:%Y%m%dT%H%M%S%f}",
    )
