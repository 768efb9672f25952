"""`maild evaluate`: how good the models are, on labelled texts that they have not learnt from."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json, positive
from maild.cli.output import console, print_json, printable
from maild.errors import ConfigurationError
from maild.settings.paths import senses_folder

if TYPE_CHECKING:
    from maild.classify.encoder.sentences import Encoder
    from maild.classify.evaluation.evaluation import Evaluation
    from maild.classify.evaluation.question import Question
    from maild.cli.evaluating.texts import Cases
    from maild.settings.values import Settings

MOST = 5_000
"""Texts of a question that are asked about: more take minutes and make intervals only a little narrower."""

QUESTIONS = ("technical", "category", "team", "urgency", "impact", "priority", "reply_intent", "kind")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is asked, on which texts, and the form of the answer."""
    parser.add_argument("questions", metavar="QUESTION", nargs="*", help=f"default: all ({', '.join(QUESTIONS)})")
    parser.add_argument(
        "--data",
        metavar="FILE|FOLDER",
        type=Path,
        help="a label file (see maild labels import) or the folder of the training collections; default: the desk's labels",
    )
    parser.add_argument(
        "--most", type=positive, default=MOST, help=f"use only the newest MOST texts of a question (default: {MOST})"
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write a report with pictures to one HTML file")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Evaluate every question that has labels."""
    _check(arguments)
    settings = open_settings(arguments)
    if arguments.data is not None and arguments.data.is_dir():
        from maild.cli.evaluating.collections import evaluate_collections

        evaluations = evaluate_collections(arguments.data, arguments.questions or QUESTIONS, tell=_tell)
        told_by = f"the collections in {arguments.data.name}"
    else:
        evaluations = _evaluate(*_read(settings, arguments), arguments)
        told_by = arguments.data.name if arguments.data else f"the labels of {settings.desk.name}"
    if arguments.out:
        from maild.cli.evaluating.page import write_page

        write_page(arguments.out, evaluations, told_by=told_by, at=datetime.now(ZoneInfo(settings.desk.time_zone)))
    _show(evaluations, arguments, told_by)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Raise ConfigurationError for a question that nobody asks."""
    unknown = [question for question in arguments.questions if question not in QUESTIONS]
    if unknown:
        raise ConfigurationError(*(f"{name!r} is no question; allowed are {', '.join(QUESTIONS)}" for name in unknown))


def _read(settings: "Settings", arguments: argparse.Namespace) -> "tuple[list[Question], Cases, Encoder | None]":
    """The questions with their contestants, the labelled texts, and what reads them. Raises Refused, ConfigurationError."""
    from maild import shipped
    from maild.classify.encoder.keeping import Shelf, recalling
    from maild.classify.encoder.sentences import find_encoder
    from maild.cli.evaluating.questions import build_questions
    from maild.cli.evaluating.texts import read_file, read_history, with_priority
    from maild.history.label_reading import LabelFile
    from maild.process.questions import QUESTIONS as LABELLED
    from maild.process.questions import questions_of
    from maild.store.erasing.erasures import newest_forgetting

    with open_desk(settings) as store, store.read() as connection:
        if arguments.data is None:
            labelled = read_history(connection, LABELLED)
        else:
            allowed = questions_of(settings.categories, settings.priorities, settings.team)
            zone = ZoneInfo(settings.desk.time_zone)
            labelled = read_file(LabelFile(path=arguments.data, questions=allowed, zone=zone, now=datetime.now(UTC)))
        cases = with_priority(labelled, settings.priorities.matrix)
        wanted = [name for name in arguments.questions or QUESTIONS if cases.get(name)]
        folder, forgotten = senses_folder(settings.folder, os.environ), newest_forgetting(connection)
        shelf = Shelf(folder=folder, forgotten=forgotten, newest=lambda: forgotten, tell=_tell)
        encoder = recalling(find_encoder(), shelf)
        return build_questions(wanted, connection, settings, shipped.folder("models"), encoder), cases, encoder


def _evaluate(
    questions: "list[Question]", cases: "Cases", encoder: "Encoder | None", arguments: argparse.Namespace
) -> "list[Evaluation]":
    from maild.classify.evaluation.cases import gather
    from maild.classify.evaluation.line import evaluate

    return [
        evaluate(
            question,
            gather(cases[question.name], most=arguments.most),
            encoder=encoder,
            tell=_teller(question.name),
        )
        for question in questions
    ]


def _teller(question: str) -> Callable[[str], None]:
    return lambda what: _tell(f"{question}: {what}")


def _tell(what: str) -> None:
    """Say on a terminal what takes time."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{printable(what)[:100]}")
        sys.stderr.flush()


def _show(evaluations: "list[Evaluation]", arguments: argparse.Namespace, told_by: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    if arguments.json:
        from maild.cli.evaluating.document import document

        print_json({"told_by": told_by, "questions": [document(evaluation) for evaluation in evaluations]})
        return
    out = console()
    if not evaluations:
        out.print(
            "no labels to evaluate on: maild label T-1 category=NAME, or maild labels import FILE", soft_wrap=True
        )
        return
    from maild.cli.evaluating.table import show

    show(evaluations, out)
    if arguments.out:
        out.print(f"\nwritten: {printable(str(arguments.out))}", soft_wrap=True)
