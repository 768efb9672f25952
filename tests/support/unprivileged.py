"""Without root's rights for a moment: a suite that root runs may read and write everything otherwise."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """Work as a user who owns nothing, where root runs the suite; else as whoever does."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@contextmanager
def a_public_folder() -> Iterator[Path]:
    """Make a folder that everybody may enter; those of pytest are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="maild-public-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in folder.rglob("*"):
            path.chmod(0o700)
        shutil.rmtree(folder)
