"""`maild forget ADDRESS`: erase a person, prove it, and say what remains."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.forgotten import document, list_document, show, show_holding, show_list
from maild.cli.label import user_name
from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import print_json
from maild.errors import ConfigurationError, Refused

if TYPE_CHECKING:
    from maild.history.forgetting import Forgotten, Wish
    from maild.settings.values import Settings
    from maild.store.engine import Store

EPILOG = (
    "Without --yes nothing is changed: it says what would be erased. Their tickets are closed and emptied; their mails, texts and"
    " labels are erased; models that learnt from them are trained again without them; a keyed mark keeps old copies from coming back."
    " You can kill it at any time and run it again. Exit status 1: something remains to be done, and the output says what."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare who, by whom, and the form of the answer."""
    parser.epilog = EPILOG
    parser.add_argument("address", metavar="ADDRESS", nargs="?", help="whom to forget")
    parser.add_argument("--yes", action="store_true", help="do it; without this it is a dry run")
    parser.add_argument("--even-team", action="store_true", help="also allow somebody of team.toml")
    parser.add_argument("--by", metavar="NAME", help="who says so (default: the user of this machine)")
    parser.add_argument("--because", metavar="WORDS", help="why, for the audit: the number of a request, never a name")
    parser.add_argument(
        "--list", action="store_true", help="who was forgotten, when and by whom; shows marks only, no names"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List erasures, say what would be erased, or erase."""
    from maild.daemon.opening import rules_of
    from maild.history.forgetting import Wish, check_wish

    settings = open_settings(arguments)
    if arguments.list:
        return list_erased(settings, is_json=arguments.json)
    if not arguments.address:
        raise ConfigurationError("ADDRESS is missing: whom to forget, or --list")
    rules = rules_of(settings)
    wish = Wish(
        address=check_wish(arguments.address, rules, even_team=arguments.even_team, because=arguments.because),
        said_by=(arguments.by or user_name())[:200],
        because=arguments.because,
        ours=rules.desk.keys,
    )
    with open_store(settings) as store:
        if not arguments.yes:
            return tell_what_would_go(store, settings, wish, is_json=arguments.json)
        forgotten, troubles = erase(store, settings, wish)
    if arguments.json:
        print_json(document(forgotten, settings, troubles, is_postgresql=store.is_postgresql))
    else:
        show(forgotten, settings, troubles, is_postgresql=store.is_postgresql)
    return 1 if troubles or forgotten.under_way else 0


def list_erased(settings: "Settings", *, is_json: bool) -> int:
    """The audit of erasures."""
    from maild.store.erasing.erasures import list_erasures

    with open_store(settings) as store, store.read() as connection:
        found = list_erasures(connection)
    if is_json:
        print_json(list_document(found))
    else:
        show_list(found, settings)
    return 0


def tell_what_would_go(store: "Store", settings: "Settings", wish: "Wish", *, is_json: bool) -> int:
    """The dry run."""
    from maild.history.forgetting import look_at

    holding = look_at(store, wish)
    if is_json:
        tickets = [settings.desk.show(number) for number in holding.open_tickets]
        print_json(
            {
                "dry_run": True,
                "would_erase": dict(holding.counts),
                "would_close": tickets,
                "under_way": holding.under_way,
            }
        )
    else:
        show_holding(holding, settings)
    return 0


def erase(store: "Store", settings: "Settings", wish: "Wish") -> "tuple[Forgotten, list[str]]":
    """Erase, then the steps that follow; what one of them could not do is said, and done by the next run."""
    from maild.classify.encoder.keeping import forget_all
    from maild.history.forgetting import FILES, MODELS, forget
    from maild.settings.paths import senses_folder

    forgotten = forget(store, wish, now=datetime.now(UTC))
    number, left = forgotten.erasure.id, forgotten.erasure.left
    troubles = []
    try:
        forget_all(senses_folder(settings.folder, os.environ))
    except Refused as refused:
        troubles.append(str(refused))
    if FILES in left:
        troubles += take_step(store, number, FILES, store.write_anew)
    if MODELS in left:
        troubles += take_step(store, number, MODELS, lambda: train_anew(store, settings, left[MODELS]))
    return forgotten, troubles


def take_step(store: "Store", number: int, step: str, work: Callable[[], object]) -> list[str]:
    """Do it and write down that it is done; or why it is not."""
    from maild.store.erasing.erasures import finish_step

    try:
        work()
    except Refused as refused:
        return [str(refused)]
    now = datetime.now(UTC)
    store.transact(lambda connection: finish_step(connection, number, step, now=now))
    return []


def train_anew(store: "Store", settings: "Settings", questions: Sequence[str]) -> None:
    """Train without them, and put into service what beats or matches the shipped model, which answers meanwhile.

    Raises Refused where somebody else was forgotten meanwhile, so that some of it was in vain.
    """
    from maild.cli.training import train_questions

    def tell(step: str) -> None:
        sys.stderr.write(f"maild forget: {step}\n")
        sys.stderr.flush()

    before = _newest_forgetting(store)
    outcomes = train_questions(settings, store, questions, again=False, promotes=True, tell=tell)
    for outcome in outcomes:
        tell(f"{outcome.question}: {outcome.because}")
    if not all(outcome.is_done for outcome in outcomes) and _newest_forgetting(store) != before:
        raise Refused(
            "somebody else was forgotten meanwhile, and not all models are trained: run the same command again"
        )


def _newest_forgetting(store: "Store") -> int:
    from maild.store.erasing.erasures import newest_forgetting

    with store.read() as connection:
        return newest_forgetting(connection)
