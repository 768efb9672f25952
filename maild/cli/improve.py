"""`maild improve`: do what the report proposes, in the files of the configuration: one command for each proposal."""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.opening import open_settings, open_store
from maild.errors import ConfigurationError, Refused

if TYPE_CHECKING:
    from maild.knowledge.analysis.history import Issue
    from maild.settings.improving import Texts
    from maild.settings.values import Settings

CLOCKS = ("next_update", "first_response", "resolution", "hand_off_receipt")
EXAMPLES, LONGEST = 5, 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be improved."""
    actions = parser.add_subparsers(dest="action", metavar="WHAT", required=True)
    skill = _action(actions, "skill", "record that a person can handle a category: team.toml")
    skill.add_argument("category", metavar="CATEGORY")
    skill.add_argument("person", metavar="PERSON", help="their name, as in team.toml")
    deadline = _action(
        actions, "deadline", "allow more time for a promise: priorities.toml, or process.toml for hand-offs"
    )
    deadline.add_argument("clock", metavar="CLOCK", choices=CLOCKS, help=", ".join(CLOCKS))
    deadline.add_argument("priority", metavar="PRIORITY", type=int, help="its number; 0 for hand-offs")
    deadline.add_argument("time", metavar="TIME", help="such as 4h, or '2 business days'")
    guide = _action(actions, "guide", "give a category a guide: categories/CATEGORY.toml")
    guide.add_argument("category", metavar="CATEGORY")
    guide.add_argument("file", metavar="FILE", help="Markdown; - reads standard input")
    split = _action(actions, "split", "split a new category off: a file of its own, skills, and labels to learn from")
    split.add_argument("category", metavar="CATEGORY")
    split.add_argument("name", metavar="NAME", help="of the new category")
    split.add_argument(
        "--like", metavar="TICKET", required=True, help="one of its recurring tickets, as the report names it"
    )
    split.add_argument("--title", metavar="WORDS", help="what people see (default: the name)")


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, line: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=line, description=line)
    parser.add_argument("--dry-run", action="store_true", help="show what would change; change nothing")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Show what changes, and change it; a configuration that would be wrong is refused whole."""
    from maild.settings import improving

    settings = open_settings(arguments)
    alike = _alike(settings, arguments) if arguments.action == "split" else []
    texts = _texts(settings, arguments, alike)
    wanted = improving.refuse_wrong(settings, texts, os.environ)
    sys.stdout.writelines(_differences(texts))
    if arguments.dry_run:
        sys.stdout.write("\nnothing was changed: --dry-run\n")
        return 0
    if alike:
        _label(wanted, [issue.number for issue in alike], arguments.name)
    improving.write(texts)
    sys.stdout.write(f"\n{_next(arguments, len(alike))}\n")
    return 0


def _texts(settings: "Settings", arguments: argparse.Namespace, alike: "list[Issue]") -> "Texts":
    from maild.settings import improving

    match arguments.action:
        case "skill":
            return improving.teach(settings, arguments.category, arguments.person)
        case "deadline":
            return improving.prolong(settings, arguments.clock, arguments.priority, arguments.time)
        case "guide":
            return improving.guide(settings, arguments.category, _read(arguments.file))
        case _:
            title = arguments.title or arguments.name.replace("-", " ").replace("_", " ").capitalize()
            subjects = dict.fromkeys(issue.subject.strip()[:LONGEST] for issue in alike)
            examples = [subject for subject in subjects if subject][:EXAMPLES]
            return improving.split(settings, arguments.category, arguments.name, title=title, examples=examples)


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file}: not UTF-8; save the file in that encoding") from None
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror or error}") from None


def _alike(settings: "Settings", arguments: argparse.Namespace) -> "list[Issue]":
    """Give the first mails of the recurring issue that the ticket belongs to, as the report finds it."""
    from maild.cli.report import USUAL_DAYS
    from maild.cli.show import number_of
    from maild.daemon.opening import rules_of
    from maild.desk.learning.analysing import read_past
    from maild.knowledge.analysis.history import Period
    from maild.knowledge.analysis.recurring import find_recurring, issues_of

    number, now = number_of(arguments.like, settings.desk), datetime.now(UTC)
    period = Period(since=now - timedelta(days=USUAL_DAYS), until=now, zone=ZoneInfo(settings.desk.time_zone))
    with open_store(settings) as store:
        issues, courses = issues_of(read_past(store, rules_of(settings), period))
    group = next((each for each in find_recurring(issues, courses) if number in each.numbers), None)
    if group is None:
        weeks = USUAL_DAYS // 7
        raise Refused(
            f"{settings.desk.show(number)} says nothing that other tickets of the last {weeks} weeks say, too; name one"
            " that the report lists under recurring issues"
        )
    return [issue for issue in issues if issue.number in group.numbers]


def _label(settings: "Settings", numbers: list[int], category: str) -> None:
    """Keep for the next training what these tickets are, all of them or none."""
    from maild.cli.label import keep, user_name
    from maild.process.questions import questions_of
    from maild.store.engine import Connection

    questions = questions_of(settings.categories, settings.priorities, settings.team)

    def act(connection: Connection) -> int:
        for number in numbers:
            keep(connection, questions, {"ticket": number}, [("category", category)], user_name())
        return len(numbers)

    with open_store(settings) as store:
        store.transact(act)


def _differences(texts: "Texts") -> list[str]:
    told: list[str] = []
    for path, text in texts.items():
        old = path.read_text("utf-8-sig") if path.exists() else ""
        before, after = old.splitlines(keepends=True), text.splitlines(keepends=True)
        told += unified_diff(before, after, str(path) if old else "/dev/null", str(path), n=1)
    return told


def _next(arguments: argparse.Namespace, labelled: int) -> str:
    restart = "maild run reads it at its next start"
    if arguments.action != "split":
        return f"done; {restart}"
    return (
        f"done, and {labelled} tickets are labelled {arguments.name}; say in its description what belongs there, then maild "
        f"train teaches the models, and {restart}"
    )
