"""What lies at a path: an mbox, a Maildir, a folder of .eml, one mail, or a table of tickets."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from maild.errors import Refused
from maild.history.folders import SOURCE_SUFFIXES, is_maildir, open_files, open_maildir
from maild.history.mbox import is_mbox, open_mbox
from maild.history.past_mail import Archive, Tell
from maild.history.rows import SUFFIXES

OpenTable = Callable[[Tell], Archive]


def open_archive(path: Path, open_table: OpenTable, *, latest: datetime, tell: Tell) -> Archive:
    """Find every mail at the path; `latest`: none was written after it. Raises Refused where there is none to be had."""
    try:
        archive = _open(path, open_table, latest, tell)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}. Nothing was imported.") from error
    if archive.count == 0:
        raise Refused(f"{path}: there is no mail in it ({archive.kind}). Nothing was imported.")
    return archive


def _open(path: Path, open_table: OpenTable, latest: datetime, tell: Tell) -> Archive:
    if path.is_dir():
        return (open_maildir if is_maildir(path) else open_files)(path, latest, tell)
    if path.exists() and not path.is_file():
        raise Refused(
            f"{path} is neither a file nor a folder, and an archive is read more than once. Nothing was imported."
        )
    if path.suffix.casefold() in SUFFIXES:
        return open_table(tell)
    if path.suffix.casefold() in SOURCE_SUFFIXES:
        return open_files(path, latest, tell)
    if is_mbox(path):
        return open_mbox(path, latest, tell)
    raise Refused(
        f"{path} is none of these: an mbox (begins with a From line), a Maildir, a folder of .eml, an .eml, or a table"
        f" of tickets ({', '.join(SUFFIXES)}), or the JSON of another system (--from). Nothing was imported."
    )
