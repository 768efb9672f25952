"""The file of a backup: a tar with a manifest, written whole or not at all, and checked before anything of it is used."""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from maild.errors import Refused

MANIFEST = "manifest.json"
FORMAT = 1
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A backup that has been checked and laid down."""

    folder: Path
    manifest: Mapping[str, Any]


def write_archive(path: Path, members: Mapping[str, Path], facts: Mapping[str, object]) -> dict[str, object]:
    """Write the file; answers its manifest. It is readable for its owner alone, and appears when it is whole."""
    listed = {name: {"sha256": digest_of(file), "bytes": file.stat().st_size} for name, file in sorted(members.items())}
    manifest = {"format": FORMAT, **facts, "files": listed}
    half = path.with_name(f".{path.name}.half")
    try:
        with os.fdopen(os.open(half, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as tar:
                _add_manifest(tar, half.with_suffix(".manifest"), manifest)
                for name, file in sorted(members.items()):
                    tar.add(file, arcname=name, recursive=False, filter=_without_owner)
            raw.flush()
            os.fsync(raw.fileno())
        half.replace(path)
    except OSError as error:
        raise Refused(f"The backup {path} cannot be written: {error.strerror}. What was there before stays.") from error
    finally:
        half.unlink(missing_ok=True)
    return manifest


@contextmanager
def read_archive(path: Path) -> Iterator[Unpacked]:
    """Unpack beside the file, check every member, and clear up in the end. Raises Refused for what is not whole."""
    try:
        temporary = TemporaryDirectory(prefix=".maild-restore-", dir=path.absolute().parent)
    except OSError as error:
        raise Refused(f"There is no room to unpack {path} beside it: {error.strerror}. Nothing was changed.") from error
    with temporary as name:
        folder = Path(name)
        try:
            with tarfile.open(path, "r:gz") as tar:
                for member in tar:
                    _unpack(tar, member, folder)
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        except FileNotFoundError as error:
            raise Refused(f"There is no file {path}. Nothing was changed.") from error
        except (OSError, tarfile.TarError, EOFError, ValueError) as error:
            raise Refused(
                f"{path} is no whole backup of maild ({error}). Nothing was changed; take another one."
            ) from error
        _check(path, folder, manifest)
        yield Unpacked(folder=folder, manifest=manifest)


def digest_of(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _add_manifest(tar: tarfile.TarFile, file: Path, manifest: Mapping[str, object]) -> None:
    file.write_text(json.dumps(manifest, indent=1), "utf-8")
    try:
        tar.add(file, arcname=MANIFEST, filter=_without_owner)
    finally:
        file.unlink()


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Plain files alone, and never outside of the folder."""
    name = PurePosixPath(member.name)
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts:
        raise ValueError(f"it holds {member.name!r}, which no backup of maild does")
    target = folder.joinpath(*name.parts)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with content, os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            file.write(block)


def _check(path: Path, folder: Path, manifest: Mapping[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise Refused(f"{path} was made by a newer maild. Install that version again; nothing was changed.")
    there = {str(file.relative_to(folder).as_posix()) for file in folder.rglob("*") if file.is_file()} - {MANIFEST}
    listed = manifest["files"]
    wrong = sorted(there.symmetric_difference(listed))
    wrong += sorted(name for name in there & set(listed) if digest_of(folder / name) != listed[name]["sha256"])
    if wrong:
        raise Refused(
            f"{path} is damaged: {', '.join(wrong[:5])} is not what its manifest says. Nothing was changed; take another one."
        )
