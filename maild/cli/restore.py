"""`maild restore FILE`: put a backup back; `maild restore --resume`: let the desk go on, and repeat nothing."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from maild.cli.backup import copying_of
from maild.cli.label import user_name
from maild.cli.opening import open_settings, open_store
from maild.cli.options import FIRST_DAY, LAST_DAY, add_json
from maild.cli.output import print_json
from maild.cli.resuming import document, find_differences, let_go_on, show
from maild.errors import ConfigurationError, Refused, Unreadable
from maild.settings.secret import find_laid_down, find_missing, place

if TYPE_CHECKING:
    from maild.settings.values import Secret, Settings
    from maild.store.engine import Store

EPILOG = (
    "If the configuration folder has no maild.toml, the backup's is put there first. With --replace the existing database is moved"
    " aside, never deleted; on PostgreSQL name an empty one. Afterwards nothing is taken in and nothing submitted until --resume. It"
    " shows where mail server and backup differ, and with --yes lets the desk go on. What may have been sent since the backup is"
    " `uncertain`: a person decides about it, and it is never sent by itself."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, or that the desk goes on."""
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="as `maild backup` wrote it")
    parser.add_argument("--replace", action="store_true", help="move the existing SQLite database aside")
    parser.add_argument("--resume", action="store_true", help="after a restore: show what differs")
    parser.add_argument("--yes", action="store_true", help="with --resume: go on")
    parser.add_argument(
        "--stopped-at",
        metavar="TIME",
        type=moment,
        help="with --resume: when the lost maild worked last, as 2026-11-23T12:00+01:00; mail from later is answered as usual"
        " (default: now, so that nothing on the server is answered by itself)",
    )
    add_json(parser)


def moment(written: str) -> datetime:
    """Read a point in time with its zone."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not FIRST_DAY <= at.date() <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"{written!r} is no time with a zone, such as 2026-11-23T12:00+01:00")
    return at.astimezone(UTC)


def run(arguments: argparse.Namespace) -> int:
    """Restore, or show what differs and go on."""
    if bool(arguments.file) == arguments.resume:
        raise ConfigurationError("either FILE, to put it back, or --resume, to go on after that")
    if arguments.resume:
        return resume(arguments)
    return put_back(arguments)


def put_back(arguments: argparse.Namespace) -> int:
    """Put the backup back; nothing is changed where it is damaged."""
    from maild.history.archive import read_archive
    from maild.history.backing_up import SECRETS, lay_down_configuration, restore
    from maild.settings.paths import starting_place

    now = datetime.now(UTC)
    with read_archive(arguments.file) as unpacked:
        start = starting_place(arguments.config, os.environ)
        written = lay_down_configuration(unpacked, arguments.config, start)
        settings = open_settings(arguments)
        with open_store(settings) as store:
            refuse_beside_work(settings, store)
        aside = restore(unpacked, copying_of(settings), by=user_name(), now=now, replaces=arguments.replace)
        manifest = unpacked.manifest
    missing = find_missing(settings, os.environ)
    if arguments.json:
        print_json(
            {
                "manifest": manifest,
                "config": written,
                "aside": aside,
                "missing_secrets": [f"{one.key}: {place(one)}" for one in missing],
            }
        )
        return 0
    told = [f"restored: the desk of {manifest['desk']} as it was at {manifest['made_at']}"]
    told += [f"configuration laid down in {arguments.config}: {len(written)} files"] if written else []
    told += [f"the database that was there lies in {aside}"] if aside else []
    told += [say_missing(one, start, find_laid_down(one, start / SECRETS)) for one in missing]
    told += [f"nothing is taken in or submitted until: maild --config {quote(str(arguments.config))} restore --resume"]
    sys.stdout.writelines(f"{line}\n" for line in told)
    return 0


def say_missing(secret: "Secret", start: Path, laid_down: Path | None) -> str:
    """What is to be done about a secret that is not where the configuration has it."""
    if laid_down is None:
        return f"not in the backup, write it down first: {secret.key}: {place(secret)}"
    return (
        f"not where the configuration has it: {secret.key} names {place(secret)}, and the backup's lies in {laid_down}."
        f' Move it there, or write "{laid_down.relative_to(start)}" into the configuration'
    )


def refuse_beside_work(settings: "Settings", store: "Store") -> None:
    """Raises Refused while a maild of this machine works on the database."""
    from maild.daemon.holder import is_dead
    from maild.store.leases import list_holders

    try:
        if not store.has_begun():
            return
        with store.read() as connection:
            working = [holder for holder in list_holders(connection) if not is_dead(holder)]
    except (Refused, Unreadable):
        return  # there is none, or it is of no use: all the more reason
    if working:
        raise Refused(f"maild works on {settings.database_url}; nothing was changed. Stop it first.")


def resume(arguments: argparse.Namespace) -> int:
    """Show what differs; with --yes bring back what is missing, and go on."""
    settings = open_settings(arguments)
    now = datetime.now(UTC)
    if arguments.stopped_at and arguments.stopped_at > now:
        raise ConfigurationError(f"--stopped-at {arguments.stopped_at:%Y-%m-%dT%H:%M}: this lies ahead")
    with open_store(settings) as store:
        found = find_differences(settings, store, os.environ, brings_back=arguments.yes)
        if arguments.yes:
            let_go_on(store, found, by=user_name(), quiet_until=arguments.stopped_at or now, now=now)
    if arguments.json:
        print_json(document(found, is_done=arguments.yes))
    else:
        show(found, is_done=arguments.yes, command=f"maild --config {quote(str(arguments.config))}")
    return 0
