"""Names of another system on the command line: its columns, its header fields, its labels."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.process.questions import Questions


def add_rename(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--rename",
        metavar="QUESTION:OLD=NEW",
        action="append",
        default=[],
        help="read OLD as the label NEW; an empty NEW leaves such labels out (may be given again)",
    )


def read_renamed(written: Sequence[str], questions: "Questions") -> dict[tuple[str, str], str]:
    """Give (question, old label, case folded) to the desk's own. Raises ConfigurationError with every mistake."""
    from maild.process.questions import explain_label, read_label

    renamed: dict[tuple[str, str], str] = {}
    wrong: list[str] = []
    for each in written:
        question, colon, rest = each.partition(":")
        old, equals, new = rest.rpartition("=")
        new = new.strip()
        if not (colon and equals and old.strip()):
            wrong.append(f"--rename {each!r}: write QUESTION:OLD=NEW, as in category:Netzwerk=network")
        elif question not in questions or (new and read_label(questions, question, new) is None):
            wrong.append(f"--rename {each!r}: {explain_label(questions, question, new)}")
        else:
            renamed[question, old.strip().casefold()] = new
    if wrong:
        raise ConfigurationError(*wrong)
    return renamed


def pairs(option: str, written: Sequence[str]) -> dict[str, str]:
    """Read NAME=VALUE, names in lower case. Raises ConfigurationError."""
    read = [each.partition("=") for each in written]
    wrong = [each for each, (name, _, value) in zip(written, read, strict=True) if not (name.strip() and value.strip())]
    if wrong:
        raise ConfigurationError(*(f"{option} {each!r}: write NAME=VALUE" for each in wrong))
    return {name.strip().casefold(): value.strip() for name, _, value in read}


def check_names(columns: Mapping[str, str], headers: Mapping[str, str], questions: "Questions") -> None:
    """Raises ConfigurationError for a column or a question that maild does not know."""
    from maild.history.past_table import ALSO_CALLED

    known = (*ALSO_CALLED, *questions)
    wrong = [f"--column {name}: allowed are {', '.join(known)}" for name in columns if name not in known]
    wrong += [
        f"--label-header {field}={question}: allowed questions are {', '.join(questions)}"
        for field, question in headers.items()
        if question not in questions
    ]
    if wrong:
        raise ConfigurationError(*wrong)
