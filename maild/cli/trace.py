"""`maild trace MESSAGE-ID or FILE`: the whole story of a mail."""

import argparse
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import console, print_json
from maild.errors import NotFound, Unreadable

if TYPE_CHECKING:
    from rich.table import Table

    from maild.process.desk import Desk
    from maild.store.view.trace import Story


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the mail and the form of the answer."""
    parser.add_argument("mail", metavar="MESSAGE-ID or FILE", help="a Message-ID, or a file that holds the mail")
    parser.add_argument(
        "--html",
        metavar="FILE",
        type=Path,
        help="also write what the mail looks like: one HTML file that runs no script and fetches nothing",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell the story. Raises NotFound."""
    from maild.cli.looking import source_of, tell_written, write_look
    from maild.store.view.trace import trace

    settings = open_settings(arguments)
    digests, message_id = identify(arguments.mail)
    with open_desk(settings) as store, store.read() as connection:
        story = trace(connection, settings.desk, message_id=message_id, digests=digests)
        source = source_of(connection, story) if arguments.html else None
    if source is not None:
        write_look(arguments.html, source, settings)
    if arguments.json:
        print_json(story.document())
        return 0
    show(story, settings.desk)
    if arguments.html:
        tell_written(arguments.html)
    return 0


def identify(mail: str) -> tuple[tuple[str, ...], str | None]:
    """Give the digests and the Message-ID by which the mail may be known."""
    if is_file(mail):
        source = Path(mail).read_bytes()
        # Mail programs save a mail with the line ends of their system.
        as_sent = re.sub(rb"\r?\n", b"\r\n", source)
        digests = dict.fromkeys(hashlib.sha256(form).hexdigest() for form in (source, as_sent))
        return tuple(digests), message_id_in(source)
    if "@" not in mail:
        raise NotFound(f"{mail!r} is neither a file nor a Message-ID, which looks like <name@example.org>.")
    readable = mail.encode(errors="replace").decode()
    return (), f"<{readable.strip().strip('<>')}>"


def is_file(mail: str) -> bool:
    """Whether there is such a file; a Message-ID may be longer than any file's name can be."""
    try:
        return Path(mail).is_file()
    except OSError:
        return False


def message_id_in(source: bytes) -> str | None:
    """Read the Message-ID of a mail; None: it has none, or cannot be read safely."""
    from maild.mail.guards import check
    from maild.mail.headers import read_headers
    from maild.mail.identifiers import message_id
    from maild.mail.message import Limits
    from maild.mail.tree import build_tree

    try:
        check(source, Limits())
        return message_id(read_headers(build_tree(source)))
    except (Unreadable, RecursionError):
        return None


def show(story: "Story", desk: "Desk") -> None:
    """Print what came, what was decided and why, and what was written."""
    from maild.cli.showing import one_line

    out = console()
    out.print()
    out.print(one_line(story.subject or "(no subject)", "bold"))
    out.print(facts(story, desk))
    if story.verdicts:
        out.print(verdicts(story))
    if story.gathered:
        out.print(gathered(story))
    if story.replies:
        out.print(replies(story))
    else:
        out.print("nothing was written because of it")


def facts(story: "Story", desk: "Desk") -> "Table":
    """Give what is known about it, in two columns."""
    from rich.table import Table

    from maild.cli.showing import cell, moment, one_line, state

    rows = {
        "outcome": state(story.outcome or "waits to be taken in"),
        "because": cell(story.because),
        "ticket": cell(story.ticket, "bold"),
        "author": one_line(story.author),
        "trust": cell(story.trust),
        "arrived": moment(story.arrived_at, desk.time_zone).append(f" ({desk.time_zone})", "dim"),
        "in": one_line(story.mailbox),
        "arrivals": cell(story.arrivals if story.arrivals > 1 else None),
        "Message-ID": one_line(story.message_id),
        "digest": cell(story.digest or "too large to be stored"),
    }
    table = Table.grid(padding=(0, 2))
    for name, value in rows.items():
        table.add_row(cell(name, "dim"), value)
    return table


def verdicts(story: "Story") -> "Table":
    """Give what each classifier said."""
    from maild.cli.showing import a_table, cell

    table = a_table("question", "verdict", "#sure", "because")
    for verdict in story.verdicts:
        label, sure = verdict.get("label"), verdict.get("confidence")
        said = cell(label) if label is not None else cell("not sure: a person decides", "yellow")
        certainty = cell(None if sure is None else f"{sure:.0%}")
        table.add_row(cell(verdict.get("question")), said, certainty, cell(verdict.get("because")))
    return table


def gathered(story: "Story") -> "Table":
    """Give what the mail told about the issue."""
    from maild.cli.showing import a_table, cell, one_line

    table = a_table("told", "", "in the words")
    for found in story.gathered:
        table.add_row(cell(found.kind), one_line(found.value, "bold"), one_line(found.words))
    return table


def replies(story: "Story") -> "Table":
    """Give what was written because of it."""
    from maild.cli.showing import a_table, cell, one_line, state

    table = a_table("written", "to", "subject", "state", "answer")
    for reply in story.replies:
        kind = cell(reply.kind.replace("_", " "))
        table.add_row(kind, one_line(reply.to), one_line(reply.subject), state(reply.state), one_line(reply.answer))
    return table
