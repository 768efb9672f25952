"""`maild backup FILE`: database and configuration, of one moment, while maild works."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import print_json

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.backing_up.copying import Copying

EPILOG = (
    "The file holds everything that maild knows (mails, tickets, outbox, models) and the configuration. Passwords, tokens of mail servers"
    " and the keys that sign reply addresses are in it only with --with-secrets. Protect it as you protect the database. A file that"
    " already has this name stays until the new one is complete."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, and what goes into it."""
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", type=Path, help="such as maild-2026-11-23.tar.gz")
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="also secrets/, with passwords and tokens of mail servers, and the keys that sign",
    )
    add_json(parser, prints="the manifest")


def run(arguments: argparse.Namespace) -> int:
    """Write it. Raises Refused where nothing could be written: an older backup of that name stays."""
    from maild.history.backing_up import back_up
    from maild.settings.paths import starting_place

    settings = open_settings(arguments)
    # where relative paths start is not the folder under systemd, and counts where both have a file of one name
    places = [settings.folder, starting_place(settings.folder, os.environ)] if arguments.with_secrets else []
    manifest = back_up(settings, copying_of(settings), arguments.file, secrets=places, now=datetime.now(UTC))
    if arguments.json:
        print_json(manifest)
    else:
        octets = arguments.file.stat().st_size
        count = sum(name.startswith("config/secrets/") for name in cast("dict[str, object]", manifest["files"]))
        secrets = f"with {count} files of secrets/ and the keys" if places else "without passwords and tokens"
        sys.stdout.write(f"{arguments.file}: {octets:,} octets, {secrets}\n")
    return 0


def copying_of(settings: "Settings") -> "Copying":
    """The desk's database, to be copied whole."""
    from maild.settings.secret import read_secret
    from maild.store.backing_up.copying import Copying

    secret = settings.database_secret
    return Copying(url=settings.database_url, password=read_secret(secret, os.environ) if secret else None)
