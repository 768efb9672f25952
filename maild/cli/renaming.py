"""`--rename category:Netzwerk=network`: labels of another system, told in this desk's words."""

import argparse
from collections.abc import Sequence
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
