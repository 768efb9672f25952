"""Write what a mail looks like into a file that a person can open."""

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.output import console, printable
from maild.errors import NotFound, Refused, Unreadable

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.engine import Connection
    from maild.store.view.trace import Story


def source_of(connection: "Connection", story: "Story") -> bytes:
    """The bytes of the mail. Raises NotFound where they are not kept."""
    from maild.store.replaying import read_sources

    source = read_sources(connection, [story.digest]).get(story.digest) if story.digest else None
    if source is None:
        raise NotFound(
            "The bytes of this mail are not kept here: it was too large, or [retention] let them go;"
            " the story without --html is there."
        )
    return source


def write_look(file: Path, source: bytes, settings: "Settings") -> None:
    """Parse the mail where it can be killed, and write its page. Raises Unreadable, or Refused where nothing can be written."""
    from maild.mail.looks import Looks
    from maild.mail.pool import ParsingPool

    looks = Looks(limits=settings.limits)
    with ParsingPool(settings.limits, settings.desk.languages, workers=1, then=looks) as pool:
        (parsed,) = pool.parse_further([source])
    if isinstance(parsed, Unreadable):
        raise parsed
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):  # for its owner alone, whoever could read an older page
            os.fchmod(descriptor, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as page:
            page.write(parsed[1])
    except OSError as error:
        raise Refused(f"The page {file} cannot be written: {error.strerror or error}.") from error


def tell_written(file: Path) -> None:
    """Say where it is."""
    console().print(f"\nwritten: {printable(str(file))}", soft_wrap=True)
