"""The file of a backup: a tar with a manifest, written whole or not at all, and checked before anything of it is used."""

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from maild.errors import Refused
from maild.history.manifest import FORMAT, read_manifest

MANIFEST = "manifest.json"
BLOCK = 1 << 20
LARGEST_MANIFEST = 1 << 24
"""Octets: some 100,000 files."""


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
    if path.exists() and not path.is_file():
        raise Refused(f"{path} is no file. Nothing was changed.")
    try:
        temporary = TemporaryDirectory(prefix=".maild-restore-", dir=path.absolute().parent)
    except OSError as error:
        raise Refused(f"There is no room to unpack {path} beside it: {error.strerror}. Nothing was changed.") from error
    with temporary as name:
        folder = Path(name)
        try:
            with _Octets(path) as octets, tarfile.open(fileobj=octets, mode="r:") as tar:
                manifest = _find_manifest(path, tar)
                _refuse_without_room(path, manifest)
                while member := tar.next():
                    _unpack(tar, member, folder, manifest["files"])
        except FileNotFoundError as error:
            raise Refused(f"There is no file {path}. Nothing was changed.") from error
        except (OSError, tarfile.TarError, zlib.error, EOFError, ValueError, RecursionError) as error:
            raise Refused(
                f"{path} is no whole backup of maild ({error}). Nothing was changed; take another one."
            ) from error
        _check(path, folder, manifest)
        yield Unpacked(folder=folder, manifest=manifest)


def digest_of(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class _Octets(gzip.GzipFile):
    """Gives no part longer than a manifest: tarfile would read a header as long as that says it is."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= LARGEST_MANIFEST + tarfile.BLOCKSIZE:
            raise ValueError(f"it has a part of {size} octets, which no backup of maild does")
        return super().read(size)


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


def _find_manifest(path: Path, tar: tarfile.TarFile) -> Mapping[str, Any]:
    """The first member: what follows is unpacked only as far as it is listed there."""
    first = tar.next()
    content = tar.extractfile(first) if first and first.name == MANIFEST and first.isfile() else None
    if first is None or content is None:
        raise ValueError(f"it does not begin with {MANIFEST}")
    if first.size > LARGEST_MANIFEST:
        raise ValueError(f"{MANIFEST} has {first.size:,} octets; at most {LARGEST_MANIFEST:,} are read")
    with content:
        manifest = read_manifest(content.read())
    if manifest["format"] != FORMAT:
        raise Refused(f"{path} was made by a newer maild. Install that version again; nothing was changed.")
    return manifest


def _refuse_without_room(path: Path, manifest: Mapping[str, Any]) -> None:
    needed = sum(facts["bytes"] for facts in manifest["files"].values())
    free = shutil.disk_usage(path.absolute().parent).free
    if needed > free:
        raise Refused(
            f"There is no room to unpack {path} beside it: it holds {needed:,} octets, and {free:,} are free. Nothing was changed."
        )


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, listed: Mapping[str, Any]) -> None:
    """Plain files alone, listed and as long as listed, and never outside of the folder."""
    name = PurePosixPath(member.name)
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts:
        raise ValueError(f"it holds {member.name!r}, which no backup of maild does")
    if member.name not in listed or member.size != listed[member.name]["bytes"]:
        raise ValueError(f"it is damaged: {member.name} is not what its manifest says")
    target = folder.joinpath(*name.parts)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with content, os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            file.write(block)


def _check(path: Path, folder: Path, manifest: Mapping[str, Any]) -> None:
    listed = manifest["files"]
    there = {str(file.relative_to(folder).as_posix()) for file in folder.rglob("*") if file.is_file()}
    wrong = sorted(there.symmetric_difference(listed))
    wrong += sorted(name for name in there & set(listed) if digest_of(folder / name) != listed[name]["sha256"])
    if wrong:
        raise Refused(
            f"{path} is damaged: {', '.join(wrong[:5])} is not what its manifest says. Nothing was changed; take another one."
        )
