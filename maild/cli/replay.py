"""`maild replay`: past mail against another model, other rules or another configuration: what would differ."""

import argparse
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import console, print_json, printable
from maild.cli.progress import progress
from maild.errors import ConfigurationError, MaildError

if TYPE_CHECKING:
    from maild.intake.classifying import Classifying
    from maild.mail.pool import ParsingPool
    from maild.replay.comparing import Comparison
    from maild.replay.line import Entrant, Replay
    from maild.replay.past import Past
    from maild.settings.values import Settings
    from maild.store.engine import Store

IGNORED = (
    "outcome, ticket, acknowledgement, told, route, category, urgency, impact, priority, assignee, escalations, status,"
    " clock or words"
)

EPILOG = (
    "Nothing is sent, and nothing is written to your desk: both sides replay the past on desks of their own, which are thrown"
    " away afterwards. Exit status, for automatic checks of a configuration: 0 nothing differs (or no more than --tolerance), 1"
    " something does, 2 it could not be determined."
)
SAME, DIFFERS = 0, 1
USUAL, SHIPPED = "30d", "shipped"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is played, against what, and what is told."""
    parser.epilog = EPILOG
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help="an mbox, Maildir or folder of .eml, not the desk's own mail"
    )
    parser.add_argument("--since", metavar="LONG", help=f"how far back the desk's own mail is played (default {USUAL})")
    parser.add_argument("--model", metavar="NAME", help="a version of `maild models`, or `shipped` for all of ours")
    parser.add_argument(
        "--config", "--against", dest="against", metavar="DIR", type=Path, help="the other configuration"
    )
    parser.add_argument(
        "--ignore",
        metavar="ASPECT",
        action="append",
        default=[],
        help=f"leave this out of the comparison (may be given again): {IGNORED}",
    )
    parser.add_argument(
        "--tolerance", metavar="SHARE", default="0", help="share of mails that may differ, such as 2%% or 0.02"
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the table and pictures to one HTML file")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Play it; whatever stands in the way is wrong use, so that 1 means one thing alone."""
    from maild.daemon.signals import stopping

    tolerance = read_tolerance(arguments.tolerance)
    stop = threading.Event()
    try:
        settings = open_settings(arguments)
        with stopping(stop), progress() as advance, open_replay(settings, arguments, stop) as (replayed, past):
            comparison = replayed.play(past, advance, stop.is_set)
    except ConfigurationError:
        raise
    except (MaildError, OSError) as error:
        raise ConfigurationError(str(error)) from error
    if stop.is_set():
        raise ConfigurationError("stopped before the end: nothing can be told")
    if not comparison.mails:
        raise ConfigurationError(
            f"{past.words}: none of its {past.count:,} mails can be played, so nothing can be told; name a longer time, or an archive"
        )
    tell(comparison, past, arguments, tolerance)
    return DIFFERS if comparison.share > tolerance else SAME


def tell(comparison: "Comparison", past: "Past", arguments: argparse.Namespace, tolerance: float) -> None:
    """Print and write what would differ."""
    if arguments.out:
        from maild.cli.replaying.page import write_page

        write_page(arguments.out, comparison, past.words)
    if arguments.json:
        from maild.cli.replaying.document import document

        print_json(document(comparison, past.words, tolerance))
        return
    from maild.cli.replaying.summary import show

    show(comparison, past.words, tolerance)
    if arguments.out:
        console().print(f"\nwritten: {printable(str(arguments.out))}", soft_wrap=True)


def read_tolerance(written: str) -> float:
    """Read `2%` or `0.02`. Raises ConfigurationError."""
    try:
        share = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ConfigurationError(f"--tolerance {written}: a share of the mails was expected, such as 2% or 0.02")
    return share


@contextmanager
def open_replay(
    settings: "Settings", arguments: argparse.Namespace, stop: threading.Event
) -> "Iterator[tuple[Replay, Past]]":
    """Open the past, and both sides. Raises ConfigurationError, Refused, NotFound."""
    from maild.daemon.running import system_clock
    from maild.replay.decided import ASPECTS
    from maild.replay.line import Replay

    unknown = [aspect for aspect in arguments.ignore if aspect not in ASPECTS]
    if unknown:
        raise ConfigurationError(*(f"--ignore {each}: allowed are {', '.join(ASPECTS)}" for each in unknown))
    if arguments.against is None and arguments.model is None:
        raise ConfigurationError("name what it is compared with: --model NAME, --config DIR behind replay, or both")
    if arguments.file is not None and arguments.since is not None:
        raise ConfigurationError("--since is for the desk's own mail; of an archive all is played")
    other = read_other(settings, arguments.against)
    with ExitStack() as stack:
        store = stack.enter_context(open_desk(settings))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="maild-replay-")))
        now = system_clock()
        past = find_past(store, arguments, now)
        mine = classifying_now(store, settings, folder)
        theirs = with_model(store, classifying_now(store, other, folder), arguments.model, folder)
        entrant = an_entrant(settings, mine, folder / "now.db", stack)
        reads_alike = (settings.limits, settings.desk.languages, mine) == (other.limits, other.desk.languages, theirs)
        then = an_entrant(other, theirs, folder / "then.db", stack, pool=entrant.pool if reads_alike else None)
        entrant.side.is_stopped = then.side.is_stopped = stop.is_set
        yield (
            Replay(
                desk=settings.desk,
                known=None if arguments.file else store,
                now=entrant,
                then=then,
                until=now if arguments.file is None else datetime.min.replace(tzinfo=now.tzinfo),
                ignored=arguments.ignore,
            ),
            past,
        )


def read_other(settings: "Settings", folder: Path | None) -> "Settings":
    """The other configuration; only its rules, words and models count, not its servers."""
    import os

    from maild.settings.reading import read_settings

    return settings if folder is None else read_settings(folder, os.environ)


def find_past(store: "Store", arguments: argparse.Namespace, now: datetime) -> "Past":
    """The mails that are played. Raises ConfigurationError, Refused where there are none."""
    from maild.history.opening import open_archive
    from maild.history.past_mail import Archive, Tell
    from maild.replay.past import of_an_archive, of_the_desk
    from maild.settings.durations import parse_span

    if arguments.file is not None:

        def no_table(_: Tell) -> Archive:
            raise ConfigurationError(
                f"{arguments.file}: tables hold tickets and no mails; an mbox, Maildir or .eml is needed"
            )

        latest = now + timedelta(days=1)
        archive = open_archive(arguments.file, no_table, latest=latest, tell=lambda *_: None)
        return of_an_archive(archive, arguments.file.name, undated_at=now)
    try:
        span = parse_span(arguments.since or USUAL)
    except ValueError as error:
        raise ConfigurationError(f"--since {arguments.since}: {error}") from error
    past = of_the_desk(store, since=now - (span.clock or timedelta(days=span.days or span.business_days)), until=now)
    if past.count == 0:
        raise ConfigurationError(f"{past.words}: there is none. Name a longer time, or an archive.")
    return past


def classifying_now(store: "Store", settings: "Settings", folder: Path) -> "Classifying":
    """The models in service, as this configuration asks them; shadows decide nothing."""
    from maild.daemon.choosing import choose
    from maild.daemon.opening import classifying_of

    with store.read() as connection:
        return replace(choose(connection, classifying_of(settings), folder).classifying, shadows=())


def with_model(store: "Store", classifying: "Classifying", name: str | None, folder: Path) -> "Classifying":
    """The same with another version of one model. Raises NotFound, Refused."""
    from maild.daemon.choosing import lay_down
    from maild.store.models.versions import find_version

    if name is None:
        return classifying
    if name == SHIPPED:
        return replace(classifying, versions=())
    with store.read() as connection:
        version = find_version(connection, name)
        chosen = lay_down(connection, version.question, version.digest, classifying.error_budget, folder)
    others = (each for each in classifying.versions if each.question != version.question)
    return replace(classifying, versions=(*others, chosen))


def an_entrant(
    settings: "Settings", classifying: "Classifying", path: Path, stack: ExitStack, pool: "ParsingPool | None" = None
) -> "Entrant":
    """One side on an empty desk of its own. Raises ConfigurationError for a broken template."""
    from maild.daemon.opening import rules_of, voice_of
    from maild.history.dates import EARLIEST
    from maild.intake.reading import Reading
    from maild.mail.pool import ParsingPool
    from maild.replay.line import Entrant
    from maild.replay.side import Side
    from maild.store.engine import Store

    store = Store(f"sqlite:///{path}")
    stack.callback(store.close)
    store.upgrade()
    if pool is None:
        then = Reading(classifying=classifying, relay_bytes=settings.limits.relay_bytes)
        pool = stack.enter_context(ParsingPool(settings.limits, settings.desk.languages, workers=1, then=then))
    # The audit sample is drawn by chance, with a key that each desk has for itself.
    rules = replace(rules_of(settings), audit=0.0)
    return Entrant(side=Side(store=store, rules=rules, voice=voice_of(settings), now=EARLIEST), pool=pool)
