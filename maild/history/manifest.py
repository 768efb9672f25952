"""What the manifest of a backup says, checked key by key before anything of the backup is believed."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

FORMAT = 1
WORDS = ("kind", "desk", "made_at")


def read_manifest(source: bytes) -> Mapping[str, Any]:
    """Read it. Raises ValueError, which names the key, where a key is missing or holds what none can.

    Of another `format` it is given as it is: only that version knows its keys.
    """
    try:
        manifest = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"manifest.json: it is no JSON: {error}") from error
    if not isinstance(manifest, dict) or type(manifest.get("format")) is not int:
        raise ValueError("manifest.json: format is no whole number")
    if manifest["format"] == FORMAT and (wrong := next(_wrong(manifest), None)):
        raise ValueError(f"manifest.json: {wrong}")
    return manifest


def _wrong(manifest: Mapping[str, Any]) -> Iterator[str]:
    for key in WORDS:
        if not isinstance(manifest.get(key), str):
            yield f"{key} is no text"
    if not _is_moment(manifest["made_at"]):
        yield "made_at is no time with a zone"
    files = manifest.get("files")
    if not isinstance(files, dict):
        yield "files is no table"
        return
    for name, facts in files.items():
        if not isinstance(facts, dict) or not isinstance(facts.get("sha256"), str):
            yield f"files.{name}.sha256 is no text"
        elif type(facts.get("bytes")) is not int or facts["bytes"] < 0:
            yield f"files.{name}.bytes is no number of octets"


def _is_moment(written: str) -> bool:
    try:
        return datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        return False
