"""Paths as the configuration writes them: relative ones start in one place."""

import os
from collections.abc import Mapping
from pathlib import Path


def starting_place(folder: Path, environ: Mapping[str, str]) -> Path:
    """Where relative paths start: `$STATE_DIRECTORY` where systemd sets it (the first, of several), else the folder."""
    state = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(os.path.abspath(state or folder))  # noqa: PTH100  # resolve() would follow an admin's symbolic links


def senses_folder(folder: Path, environ: Mapping[str, str]) -> Path:
    """Where it is kept what the sentence encoder made of labelled texts; to delete it costs nothing but time."""
    return from_place(starting_place(folder, environ), "var/senses")


def from_place(start: Path, path: str) -> Path:
    """Make a path absolute."""
    return Path(os.path.abspath(start / Path(path).expanduser()))  # noqa: PTH100  # likewise
