"""Check of the database: is it there, and are its tables of this version."""

import os
from collections.abc import Iterator
from pathlib import Path

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.cli.opening import open_store
from maild.errors import Refused

CURE = "[database] url and its password in maild.toml; a new database, or one of an older maild: maild db upgrade"


def check_database(trial: Trial) -> Iterator[Finding]:
    """Reach it, and compare its tables with the migrations; changes nothing."""
    yield attempt("database", lambda: look(trial), cure=CURE)


def look(trial: Trial) -> str:
    """Raises Refused where it is behind, and will not be brought forward by the next start."""
    with open_store(trial.settings, trial.environ) as store:
        if not store.needs_upgrade():
            return f"{store.name} is there, its tables are of this version"
        if store.is_postgresql:
            raise Refused(f"{store.name} has no tables yet, or those of an older version")
        refuse_closed_folder(Path(trial.settings.database_url.removeprefix("sqlite:///")))
        return f"{store.name} gets its tables of this version at the next start (or now: maild db upgrade)"


def refuse_closed_folder(path: Path) -> None:
    """Raise Refused where a file could not be made, because of the folder in which it or its folders are to be."""
    folder = next(parent for parent in path.parents if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(f"{path} cannot be made: {folder} may not be written by this user")


def check_troubles(trial: Trial) -> Iterator[Finding]:
    """Say what the daemon wrote down when it could not take in mail the last time."""
    from maild.store.mailboxes import list_mailboxes

    try:
        with open_store(trial.settings, trial.environ) as store, store.read() as connection:
            known = list_mailboxes(connection)
    except Exception:
        return  # the database has its own finding
    wanted = {(mailbox.account, mailbox.name) for mailbox in trial.settings.mailboxes}
    for mailbox in known:
        if mailbox.trouble and (mailbox.account, mailbox.name) in wanted:
            message = f"the daemon could not take in mail from {mailbox.account} {mailbox.name}: {mailbox.trouble}"
            cure = "it tries again by itself; if the log-in above works, this line goes with its next try"
            yield Finding(part="intake", ok=False, message=message, cure=cure)
