"""`maild try FILE...`: what would happen to a mail; changes nothing, and needs no server."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import print_json
from maild.errors import ConfigurationError, Refused

if TYPE_CHECKING:
    from maild.intake.classifying import Classifying
    from maild.intake.trial import Trial
    from maild.settings.values import Settings
    from maild.store.engine import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the files and the form of the answer."""
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="a file with the source of a mail; - reads standard input"
    )
    add_json(parser, prints="one JSON document (a list if there are several files)")


def run(arguments: argparse.Namespace) -> int:
    """Try each mail on the desk's own store, or on an empty one where that cannot be reached."""
    from maild.cli.trace import show
    from maild.daemon.running import system_clock

    settings = open_settings(arguments)
    sources = [(path, read_source(path)) for path in arguments.files]
    with open_trial(settings) as trial:
        stories = [(path, trial.try_mail(source, now=system_clock())) for path, source in sources]
    if arguments.json:
        documents = [story.document() for _, story in stories]
        print_json(documents[0] if len(documents) == 1 else documents)
        return 0
    for _, story in stories:
        show(story, settings.desk)
    return 0


def read_source(file: Path) -> bytes:
    """The octets of a file, or of standard input."""
    return sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()


@contextmanager
def open_trial(settings: "Settings") -> "Iterator[Trial]":
    """Open everything that a trial needs."""
    from maild.daemon.incidents import IncidentWatch
    from maild.daemon.opening import rules_of, voice_of
    from maild.daemon.running import system_clock
    from maild.intake.reading import Reading
    from maild.intake.trial import Trial
    from maild.mail.pool import ParsingPool

    with ExitStack() as stack:
        store, rules, voice = find_store(settings, stack), rules_of(settings), voice_of(settings)
        reading = Reading(
            classifying=find_classifying(settings, store, stack),
            relay_bytes=settings.limits.relay_bytes,
            lately=IncidentWatch(store=store, rules=rules, voice=voice, clock=system_clock).recall(),
        )
        pool = ParsingPool(settings.limits, settings.desk.languages, workers=1, then=reading)
        yield Trial(store=store, pool=stack.enter_context(pool), rules=rules, voice=voice)


def find_classifying(settings: "Settings", store: "Store", stack: ExitStack) -> "Classifying":
    """By which models it would be decided: the desk's own versions where there are any, and none without effect."""
    from maild.daemon.choosing import choose
    from maild.daemon.opening import classifying_of

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="maild-models-")))
    with store.read() as connection:
        choice = choose(connection, classifying_of(settings), folder)
    for refusal in choice.refusals:
        sys.stderr.write(f"maild: {refusal.because}\n")
    return replace(choice.classifying, shadows=())


def find_store(settings: "Settings", stack: ExitStack) -> "Store":
    """The desk's store, which knows its conversations; an empty one where that is not there."""
    from maild.store.engine import Store

    try:
        store = stack.enter_context(open_store(settings))
        if is_there(settings) and not store.needs_upgrade():
            return store
        because = "it does not exist yet, or is of another version"
    except (Refused, ConfigurationError) as error:
        because = str(error)
    sys.stderr.write(f"maild: tried on an empty desk, without your tickets: the database cannot be used ({because})\n")
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="maild-try-"))
    scratch = Store(f"sqlite:///{folder}/maild.db")
    stack.callback(scratch.close)
    scratch.upgrade()
    return scratch


def is_there(settings: "Settings") -> bool:
    """Whether looking would not create the database."""
    kind, _, path = settings.database_url.partition(":///")
    return not kind.startswith("sqlite") or os.path.exists(path)  # noqa: PTH110 - a path inside a URL
