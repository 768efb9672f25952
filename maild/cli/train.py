"""`maild train`: the desk's labels in, candidates for its own models out; with --data, the shipped models."""

import argparse
import sys
from pathlib import Path

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import print_json

DESCRIPTION = (
    "Reads every label of the desk, learns on top of the models that came with maild, and keeps each model as a candidate:"
    " maild models shows it, maild models promote puts it into service. Nothing is trained where nothing has changed."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is trained, and from where."""
    parser.description = DESCRIPTION
    parser.add_argument("question", nargs="*", metavar="QUESTION", help="default: every question with labels")
    parser.add_argument("--again", action="store_true", help="train even where nothing has changed")
    parser.add_argument(
        "--promote", action="store_true", help="put a model into service if it beats or matches the one there"
    )
    add_json(parser)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="make the shipped models from collections of texts")
    parser.add_argument(
        "--out", type=Path, default=Path("models"), metavar="FOLDER", help="with --data; default: models/"
    )
    parser.add_argument("--seed", type=int, default=1, help="with --data; same seed and data, same model (default: 1)")


def run(arguments: argparse.Namespace) -> int:
    """Train from the desk's database, or the shipped models from a folder."""
    if arguments.data is not None:
        return make_shipped(arguments)
    from maild.cli.outcome import document, show
    from maild.cli.training import train_questions

    settings = open_settings(arguments)
    with open_desk(settings) as store:
        outcomes = train_questions(
            settings, store, arguments.question, again=arguments.again, promotes=arguments.promote, tell=tell
        )
    if arguments.json:
        print_json([document(outcome) for outcome in outcomes])
    else:
        show(outcomes)
    return 0 if any(outcome.is_done for outcome in outcomes) else 1


def tell(step: str) -> None:
    """Say on standard error what is being done, so that standard output stays for the answer."""
    sys.stderr.write(f"maild train: {step}\n")
    sys.stderr.flush()


def make_shipped(arguments: argparse.Namespace) -> int:
    """Train the shipped models, telling what is done while it is done."""
    from rich.console import Console

    from maild.classify.training.corpora import read_corpora
    from maild.classify.training.line import train
    from maild.classify.training.spam import train_spam
    from maild.errors import Refused

    console = Console(stderr=True)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        with console.status("reading the collections"):
            examples = read_corpora(arguments.data)
        for question in ("technical", "category"):
            train(examples, question, arguments.out, seed=arguments.seed, tell=console.log)
        train_spam(examples, arguments.data, arguments.out, seed=arguments.seed, tell=console.log)
    except (Refused, OSError) as error:
        console.print(f"maild train: {error}", style="red")
        return 1
    console.print(f"Written to {arguments.out}: technical, category and spam, each with its card.")
    return 0
