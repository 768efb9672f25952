"""`maild models`: the versions of the models, which one answers; promote, shadow, roll back."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import print_json
from maild.errors import ConfigurationError, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maild.settings.values import Settings
    from maild.store.engine import Connection, Store
    from maild.store.view.models import Shipped


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the form of the answer."""
    add_json(parser)
    parser.add_argument(
        "--drift", action="store_true", help="show, week by week, whether the mail has changed since they learnt"
    )
    parser.add_argument("--by", metavar="NAME", help="who does it (default: the user of this machine)")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    promote = actions.add_parser("promote", help="put a version into service", description=_PROMOTE)
    promote.add_argument("name", metavar="NAME", help=_NAME)
    promote.add_argument(
        "--anyway", metavar="WHY", help="even if it does not match the one in service; the reason is kept"
    )
    shadow = actions.add_parser("shadow", help="let a version answer alongside, without effect", description=_SHADOW)
    shadow.add_argument("name", metavar="NAME", help=_NAME)
    shadow.add_argument("--end", action="store_true", help="stop letting it answer")
    rollback = actions.add_parser("rollback", help="go back to the version before", description=_ROLLBACK)
    rollback.add_argument("question", metavar="QUESTION", nargs="?", help="default: that of the last promotion")
    rollback.add_argument("--shipped", action="store_true", help="back to the model that came with maild")
    lower = actions.add_parser("lower", help="undo a raised threshold", description=_LOWER)
    lower.add_argument("name", metavar="NAME", help=_NAME)
    lower.add_argument("label", metavar="LABEL")
    for action in (promote, shadow, rollback, lower):
        action.add_argument("--by", metavar="NAME", default=argparse.SUPPRESS, help="who does it")


_NAME = "as `maild models` shows it, or the beginning of its digest"
_PROMOTE = "Running daemons pick it up within seconds. It must match what is in service on the same held-out texts."
_SHADOW = "It answers every mail too, which costs as much again; its answers are kept but never decide."
_ROLLBACK = "Running daemons pick it up within seconds."
_LOWER = "The threshold of the model's card applies again, and the audit starts over."


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked, or list everything."""
    from maild.cli.shipped_models import read_shipped, read_tables

    settings = open_settings(arguments)
    shipped = read_shipped()
    with open_desk(settings) as store:
        if arguments.action:
            done = store.transact(lambda connection: act(connection, arguments, shipped), serial=True)
            sys.stdout.write(f"{done}\n")
            return 0
        if arguments.drift:
            return show_drift(settings, store, as_json=arguments.json)
        from maild.store.view.models import list_model_lines

        with store.read() as connection:
            lines = list_model_lines(connection, {**shipped, **read_tables()})
    from maild.cli.model_table import document, show

    if arguments.json:
        print_json([document(line) for line in lines])
    else:
        show(lines, settings.desk, settings.classify.error_budget)
    return 0


def show_drift(settings: "Settings", store: "Store", *, as_json: bool) -> int:
    """Measure stored mails against what the models in service learnt from, and say what has moved."""
    from maild.cli.drift import documents, measure_all, show

    drifts = measure_all(settings, store, now=datetime.now(UTC))
    if as_json:
        print_json(documents(drifts))
    else:
        show(drifts)
    return 0


def act(connection: "Connection", arguments: argparse.Namespace, shipped: "Mapping[str, Shipped]") -> str:
    """Do it in this transaction, and say what was done. Raises NotFound, Refused, ConfigurationError."""
    from maild.cli.label import user_name
    from maild.store.models import promoting
    from maild.store.models.versions import find_version

    actor, now = arguments.by or user_name(), datetime.now(UTC)
    if arguments.action == "rollback":
        return roll_back(connection, arguments, actor, now)
    if arguments.action == "promote" and arguments.name.endswith("-0"):
        arguments.question, arguments.shipped = arguments.name.removesuffix("-0"), True
        return roll_back(connection, arguments, actor, now)
    if arguments.action == "lower":
        return lower(connection, arguments, shipped, actor, now)
    version = find_version(connection, arguments.name)
    if arguments.action == "promote":
        digests = {question: each.digest for question, each in shipped.items()}
        promoting.promote(connection, version, shipped=digests, actor=actor, now=now, anyway=arguments.anyway)
        return f"{version.name} is in service; running daemons pick it up within seconds"
    if arguments.end:
        promoting.unshadow(connection, version, actor=actor, now=now)
        return f"{version.name} answers no longer"
    promoting.shadow(connection, version, actor=actor, now=now)
    return f"{version.name} answers in the shadow; maild models shows how it compares"


def roll_back(connection: "Connection", arguments: argparse.Namespace, actor: str, now: datetime) -> str:
    """Go back, by default to before the last promotion. Raises Refused where there is nothing to go back from."""
    from maild.cli.training import ALL
    from maild.store.models import promoting

    question = arguments.question or promoting.last_promoted(connection)
    if question and question not in ALL:
        raise ConfigurationError(f"no model answers {question}: it is one of {', '.join(ALL)}")
    if question is None:
        raise Refused("Every question is answered by the model that came with maild. Nothing was changed.")
    before = promoting.roll_back(connection, question, actor=actor, now=now, to_shipped=arguments.shipped)
    ships = promoting.STANDS_IN.get(question, f"{question}-0, which came with maild,")
    name = before.name if before else ships
    return f"{name} is in service again; running daemons pick it up within seconds"


def lower(
    connection: "Connection", arguments: argparse.Namespace, shipped: "Mapping[str, Shipped]", actor: str, now: datetime
) -> str:
    """Take a raise back. Raises ConfigurationError where there is none."""
    from maild.store.models.thresholds import list_raised, lower_threshold
    from maild.store.models.versions import find_version

    of_shipped = {f"{question}-0": each.digest for question, each in shipped.items()}
    digest = of_shipped.get(arguments.name) or find_version(connection, arguments.name).digest
    held = [each for each in list_raised(connection) if (each.digest, each.label) == (digest, arguments.label)]
    if not held:
        raise ConfigurationError(f"{arguments.name} has no raised threshold for the label {arguments.label!r}")
    lower_threshold(connection, held[-1], actor=actor, now=now)
    return f"{arguments.label}: the threshold on the card of {arguments.name} counts again"
