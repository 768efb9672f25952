"""`maild labels doubtful`: labels that are probably wrong, for a person to look at again."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from maild.cli.desk import open_desk
from maild.cli.options import add_json, positive
from maild.cli.output import console, print_json, printable

if TYPE_CHECKING:
    from maild.classify.training.desk.doubtful import Doubt
    from maild.settings.values import Settings

LINE = "list labels that are probably wrong, the clearest first"
MOST = 50
_BEGINNING = 70
"""Characters of a text that are shown."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which question, and how many."""
    parser.add_argument("question", nargs="*", metavar="QUESTION", help="technical, category or team; default: all")
    parser.add_argument("--most", type=positive, default=MOST, metavar="N", help=f"of each question (default: {MOST})")
    add_json(parser, is_action=True)


def doubtful(settings: "Settings", arguments: argparse.Namespace) -> int:
    """Ask models that had not seen a text what they would have said. 1 where no question has enough labels."""
    from maild.classify.serving import TEAM
    from maild.classify.training.desk.doubtful import find_doubtful
    from maild.classify.training.desk.history import prepare
    from maild.cli.standing import read_standing
    from maild.cli.training import QUESTIONS, read_history
    from maild.errors import ConfigurationError, Refused
    from maild.process.questions import questions_of

    known = (*QUESTIONS, TEAM)
    if unknown := sorted(set(arguments.question) - set(known)):
        raise ConfigurationError(f"{', '.join(unknown)}: doubtful labels are listed for {', '.join(known)}")
    allowed = questions_of(settings.categories, settings.priorities, settings.team)
    found: dict[str, list[Doubt]] = {}
    with open_desk(settings) as store:
        for question in arguments.question or known:
            try:
                history = prepare(read_history(settings, store, question), question, allowed=allowed[question])
                shipped = read_standing(store, question).shipped
                base = shipped.model if shipped else None
                found[question] = find_doubtful(history, base=base, allowed=allowed[question], tell=tell)[
                    : arguments.most
                ]
            except Refused as refused:
                tell(str(refused).partition(" No model was made")[0])
    rows = [a_row(question, doubt) for question, doubts in found.items() for doubt in doubts]
    if arguments.json:
        print_json(rows)
    elif found:
        show(rows)
    else:
        console().print("not looked: no question has labels enough for that")
    return 0 if found else 1


def tell(words: str) -> None:
    """Say how far it is, or why a question is passed over, where no program reads it."""
    sys.stderr.write(f"maild: {printable(words)}\n")


def a_row(question: str, doubt: "Doubt") -> dict[str, Any]:
    """One label to look at."""
    return {
        "question": question, "said": doubt.said, "likely": doubt.likely, "confidence": doubt.confidence,
        "ticket": doubt.example.ticket, "text": doubt.example.text[:400],
    }  # fmt: skip


def show(rows: list[dict[str, Any]]) -> None:
    """Print a table, and how to answer it."""
    from maild.cli.showing import a_table, cell

    out = console()
    if not rows:
        out.print("no label looks wrong")
        return
    table = a_table("question", "ticket", "said", "likely", "#confidence", "text")
    for row in rows:
        words = (row["question"], row["ticket"] or "imported", row["said"], row["likely"], f"{row['confidence']:.2f}")
        table.add_row(*(cell(word) for word in words), cell(row["text"][:_BEGINNING]))
    out.print(table)
    out.print("a label is right or wrong by your word alone: maild label TICKET QUESTION=LABEL")
