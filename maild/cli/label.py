"""`maild label T-17 category=network`: keep what a person says about a ticket, for the next training."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import print_json, printable
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.desk.learning.correcting import Correction
    from maild.process.desk import Desk
    from maild.process.questions import Questions
    from maild.store.engine import Connection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the ticket, what is said about it, and by whom."""
    parser.add_argument("ticket", metavar="TICKET", help="its number, such as T-17; mail:5 is row 5 of the mails")
    parser.add_argument(
        "labels",
        metavar="QUESTION=LABEL",
        nargs="+",
        help="technical=yes|no, category=NAME, team=NAME, urgency=1-3, impact=1-3, reply_intent=..., kind=person|spam|bulk",
    )
    parser.add_argument("--by", metavar="NAME", help="who says so (default: the user of this machine)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Keep all of the labels or, if one cannot be, none. The ticket itself stays as it is."""
    from maild.process.questions import questions_of

    settings = open_settings(arguments)
    said = read_said(arguments.labels)
    about = read_about(arguments.ticket, settings.desk)
    questions = questions_of(settings.categories, settings.priorities, settings.team)
    by = arguments.by or user_name()
    with open_store(settings) as store:
        kept = store.transact(lambda connection: keep(connection, questions, about, said, by))
    if arguments.json:
        print_json([document(each, settings.desk) for each in kept])
    else:
        sys.stdout.writelines(f"{printable(in_words(each, settings.desk))}\n" for each in kept)
    return 0


def read_said(written: Sequence[str]) -> list[tuple[str, str]]:
    """Read `question=label`. Raises ConfigurationError for anything else."""
    pairs = [(name.strip(), equals, value.strip()) for name, equals, value in (each.partition("=") for each in written)]
    wrong = [each for each, (name, _, value) in zip(written, pairs, strict=True) if not (name and value)]
    if wrong:
        raise ConfigurationError(
            *(f"{each!r}: a label is written QUESTION=LABEL, as in category=network" for each in wrong)
        )
    return [(name, value) for name, _, value in pairs]


def read_about(written: str, desk: "Desk") -> dict[str, int]:
    """Read the ticket or, with `mail:`, the mail. Raises ConfigurationError for what is neither."""
    from maild.cli.show import number_of

    kind, colon, row = written.partition(":")
    if colon and kind.casefold() == "mail" and row.isascii() and row.isdigit():
        return {"mail": min(int(row), sys.maxsize)}
    return {"ticket": number_of(written, desk)}


def keep(
    connection: "Connection", questions: "Questions", about: dict[str, int], said: Sequence[tuple[str, str]], by: str
) -> "list[Correction]":
    """Keep what was said, in one transaction."""
    from maild.desk.learning.correcting import correct

    now = datetime.now(UTC)
    return [
        correct(connection, questions, question=question, value=value, said_by=by, now=now, **about)
        for question, value in said
    ]


def user_name() -> str:
    """Name who sits at this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "admin"


def in_words(correction: "Correction", desk: "Desk") -> str:
    """Say what was kept, and whether the model had said the same."""
    label = correction.label
    what = desk.show(correction.ticket) if correction.ticket else f"mail {label.mail}"
    model = {
        None: "the model had said nothing",
        True: "as the model had said",
        False: f"the model had said {label.verdict}",
    }[correction.agrees]
    return f"{what}: {label.question} {label.value}, says {label.said_by} ({model}); kept for the next maild train"


def document(correction: "Correction", desk: "Desk") -> dict[str, object]:
    """Give the JSON of one label."""
    label = correction.label
    return {
        "ticket": desk.show(correction.ticket) if correction.ticket else None,
        "mail": label.mail,
        "question": label.question,
        "label": label.value,
        "said_by": label.said_by,
        "said_at": label.said_at,
        "source": label.source,
        "verdict": label.verdict,
        "agrees": correction.agrees,
    }
