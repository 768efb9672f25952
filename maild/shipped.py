"""Where the shipped models and the shipped configuration lie: in a checkout, or inside the installed wheel."""

from pathlib import Path
from typing import Literal

from maild.errors import NotFound

PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["models", "config", "docs/process"]) -> Path:
    """Find a shipped folder.

    The wheel carries it as `maild/_shipped/<name>` (pyproject.toml, force-include); in a checkout it stands beside
    the package. Raises NotFound where neither is there.
    """
    for place in (PACKAGE / "_shipped" / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise NotFound(
        f"the shipped folder {name!r} is missing beside {PACKAGE}: the installation is damaged, install maild again"
    )
