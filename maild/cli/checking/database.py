"""Check of the database: is it there, and are its tables of this version."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.cli.opening import open_store
from maild.errors import Refused

CURE = (
    "[database] url and its password in maild.toml; after an update of several machines: stop maild on all of them, "
    "then maild db upgrade"
)

LEAST_ROOM_MB = 200


def check_database(trial: Trial) -> Iterator[Finding]:
    """Reach it, compare its tables with the migrations, and write what stands there already."""
    yield attempt("database", lambda: look(trial), cure=CURE)


def look(trial: Trial) -> str:
    """Raises Refused where it is behind and will not be brought forward by the next start, or cannot be written."""
    from maild.store.incoming.mailboxes import try_writing

    with open_store(trial.settings, trial.environ) as store:
        if not store.needs_upgrade():
            store.transact(try_writing)
            return f"{store.name} is there and can be written, its tables are of this version"
        if store.is_postgresql and store.is_older():
            raise Refused(f"{store.name} has the tables of an older maild, and `maild run` leaves them to you")
        if not store.is_postgresql:
            refuse_closed_folder(Path(trial.settings.database_url.removeprefix("sqlite:///")))
        return f"{store.name} gets its tables of this version at the next start (or now: maild db upgrade)"


def refuse_closed_folder(path: Path) -> None:
    """Raise Refused where a file could not be made, because of the folder in which it or its folders are to be."""
    folder = next(parent for parent in path.parents if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(f"{path} cannot be made: {folder} may not be written by this user")


def check_disk(trial: Trial) -> Iterator[Finding]:
    """Say how much room the database file has; PostgreSQL's disk is elsewhere."""
    url = trial.settings.database_url
    if not url.startswith("sqlite:///"):
        return
    folder = next(parent for parent in Path(url.removeprefix("sqlite:///")).parents if parent.exists())
    free = shutil.disk_usage(folder).free // 1_000_000
    cure = f"make room: below {LEAST_ROOM_MB} MB the desk may soon be unable to store mail; it then stays on the server"
    is_enough = free >= LEAST_ROOM_MB
    yield Finding(part="disk", ok=is_enough, message=f"{free} MB are free in {folder}", cure="" if is_enough else cure)


def check_restored(trial: Trial) -> Iterator[Finding]:
    """Say that a restored backup waits: all else may be well, and still nothing is taken in."""
    from maild.daemon.waiting import CURE as GO_ON
    from maild.daemon.waiting import look as find

    try:
        with open_store(trial.settings, trial.environ) as store:
            waiting = find(store)
    except Exception:
        return  # the database has its own finding
    if waiting:
        message = (
            f"the backup of {waiting.backup_at:%Y-%m-%d %H:%M} UTC waits for you: nothing is taken in or submitted"
        )
        yield Finding(part="restored", ok=False, message=message, cure=GO_ON)


def check_troubles(trial: Trial) -> Iterator[Finding]:
    """Say what the daemon wrote down when it could not take in mail the last time."""
    from maild.store.incoming.mailboxes import list_mailboxes

    try:
        with open_store(trial.settings, trial.environ) as store, store.read() as connection:
            known = list_mailboxes(connection)
    except Exception:
        return  # the database has its own finding
    wanted = {(mailbox.account, mailbox.name) for mailbox in trial.settings.mailboxes}
    for mailbox in known:
        if mailbox.trouble and (mailbox.account, mailbox.name) in wanted:
            message = f"the daemon could not take in mail from {mailbox.account} {mailbox.name}: {mailbox.trouble}"
            cure = "it tries again by itself; if the log-in above works, this line disappears with its next try"
            yield Finding(part="intake", ok=False, message=message, cure=cure)
