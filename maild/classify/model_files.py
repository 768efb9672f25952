"""A model on disk: its content, and its card beside it; measured before it is read."""

import json
import os
import stat
from pathlib import Path
from typing import Any

from maild.classify.content import LARGEST_CARD, LARGEST_FILE
from maild.errors import Refused


def read_files(file: Path) -> tuple[bytes, dict[str, Any]]:
    """Content and card of a model on disk (`file` and the same stem with .json). Raises OSError, ValueError or Refused."""
    try:
        card = json.loads(_read_file(file.with_suffix(".json"), LARGEST_CARD).decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"{file.stem}.json is no JSON: {error}") from error
    if not isinstance(card, dict):
        raise ValueError(f"{file.stem}.json is not a card")  # noqa: TRY004 - a broken file, not a wrong call
    return _read_file(file, LARGEST_FILE), card


def _read_file(file: Path, most: int) -> bytes:
    """Raise Refused, before it is read, where it is larger than maild writes any, or no file: nothing else says its size."""
    waiting_for_nobody = os.O_RDONLY | os.O_NONBLOCK  # who would write into a pipe
    with os.fdopen(os.open(file, waiting_for_nobody), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{file.name} is no file")
        if found.st_size > most:
            raise Refused(f"{file.name} has {found.st_size:,} octets, and maild writes none with more than {most:,}")
        return stream.read(found.st_size)
