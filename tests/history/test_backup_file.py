"""The file of a backup, made by somebody else: nothing but what its manifest lists is unpacked, and what is wrong is named."""

import gzip
import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from maild.errors import Refused
from maild.history.archive import digest_of, read_archive

NOTE = b"# nobody\n"
MANIFEST: Mapping[str, object] = {
    "format": 1,
    "kind": "sqlite",
    "desk": "support@acme.example",
    "made_at": "2026-11-23T12:00:00+00:00",
}


def listed(tmp_path: Path, **facts: object) -> dict[str, object]:
    (tmp_path / "note").write_bytes(NOTE)
    return {"config/team.toml": {"sha256": digest_of(tmp_path / "note"), "bytes": len(NOTE), **facts}}


def a_backup(tmp_path: Path, manifest: object, content: bytes = NOTE, kind: bytes = tarfile.REGTYPE) -> Path:
    path = tmp_path / "backup.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, octets, of_kind in (
            ("manifest.json", json.dumps(manifest).encode(), tarfile.REGTYPE),
            ("config/team.toml", content, kind),
        ):
            member = tarfile.TarInfo(name)
            member.size, member.type, member.linkname = len(octets), of_kind, "/etc/passwd"
            tar.addfile(member, io.BytesIO(octets))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused, read_archive(path):
        pass
    assert not list(path.parent.glob(".maild-restore-*"))
    return str(refused.value)


def test_what_is_as_its_manifest_says_is_laid_down(tmp_path: Path) -> None:
    with read_archive(a_backup(tmp_path, {**MANIFEST, "files": listed(tmp_path)})) as unpacked:
        assert (unpacked.folder / "config/team.toml").read_bytes() == NOTE


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"files": None}, "files is no table"),
        ({"files": {"config/team.toml": 3}}, "files.config/team.toml.sha256"),
        ({"files": {"config/team.toml": {"sha256": "x", "bytes": -1}}}, "files.config/team.toml.bytes"),
        ({"kind": None}, "kind is no text"),
        ({"made_at": "yesterday"}, "made_at"),
        ({"made_at": "2026-11-23"}, "made_at"),
        ({"format": "1"}, "format is no whole number"),
    ],
)
def test_a_key_of_the_manifest_that_is_wrong_is_named(
    tmp_path: Path, changed: Mapping[str, object], words: str
) -> None:
    path = a_backup(tmp_path, {**MANIFEST, "files": listed(tmp_path), **changed})
    assert f"manifest.json: {words}" in refusal(path)


def test_a_manifest_that_is_no_table_is_refused(tmp_path: Path) -> None:
    assert "manifest.json: format" in refusal(a_backup(tmp_path, ["files"]))


def test_a_member_longer_than_listed_is_not_unpacked(tmp_path: Path) -> None:
    path = a_backup(tmp_path, {**MANIFEST, "files": listed(tmp_path)}, content=bytes(1 << 20))
    assert "config/team.toml is not what its manifest says" in refusal(path)


def test_more_than_there_is_room_for_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = a_backup(tmp_path, {**MANIFEST, "files": listed(tmp_path, bytes=1 << 60)})
    assert "it holds 1,152,921,504,606,846,976 octets" in refusal(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    path = a_backup(tmp_path, {**MANIFEST, "files": listed(tmp_path)}, content=b"", kind=kind)
    assert "which no backup of maild does" in refusal(path)


def test_octets_that_cannot_be_unpacked_are_no_traceback(tmp_path: Path) -> None:
    path = a_backup(tmp_path, {**MANIFEST, "files": listed(tmp_path)}, content=bytes(range(256)) * 4_000)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 :] = b"\xff" * (len(whole) - len(whole) // 2)
    path.write_bytes(whole)
    assert "no whole backup" in refusal(path)


def test_a_pipe_is_refused_before_anybody_waits_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "backup.tar.gz")
    assert "is no file" in refusal(path)


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    return member.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    ("added", "words"),
    [
        (header("x", 1 << 80, tarfile.XHDTYPE), "a part of 1208925819614629174706176 octets"),
        (header("x", 1 << 30, tarfile.GNUTYPE_LONGNAME), "a part of 1073741824 octets"),
        ((header("x", 512, tarfile.GNUTYPE_LONGNAME) + bytes(512)) * 1_200, "recursion"),
        (header("manifest.json", 0), "manifest.json is not what its manifest says"),
    ],
)
def test_a_header_that_would_fill_the_memory_or_go_in_circles_is_refused(
    tmp_path: Path, added: bytes, words: str
) -> None:
    manifest = json.dumps({**MANIFEST, "files": {}}).encode()
    path = tmp_path / "backup.tar.gz"
    whole = header("manifest.json", len(manifest)) + manifest + bytes(-len(manifest) % tarfile.BLOCKSIZE) + added
    path.write_bytes(gzip.compress(whole + bytes(2 * tarfile.BLOCKSIZE)))
    assert words in refusal(path)
