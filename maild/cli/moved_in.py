"""What an import tells: how much came in, as what, and what was left out and why."""

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from maild.cli.output import console

if TYPE_CHECKING:
    from maild.history.line import Account
    from maild.history.past_mail import Archive


def document(account: "Account", archive: "Archive", *, is_whole: bool, is_trial: bool) -> dict[str, object]:
    """Give the JSON of what came."""
    return {
        "archive": archive.kind,
        "mails": archive.count,
        "dry_run": is_trial,
        "complete": is_whole,
        "outcomes": dict(sorted(account.outcomes.items())),
        "already_there": account.there,
        "left_out": account.left_out,
        "reasons": account.reasons,
        "no_labels": dict(account.unknown.most_common(20)),
    }


def show(account: "Account", archive: "Archive", *, is_whole: bool, is_trial: bool) -> None:
    """Print what came, and what was left out and why."""
    from maild.cli.showing import a_table, cell

    table = a_table("what they were", "#mails")
    for outcome, number in sorted(account.outcomes.items()):
        table.add_row(cell(WORDS.get(outcome, outcome), "bold"), cell(f"{number:,}"))
    table.add_row(cell("already there"), cell(f"{account.there:,}"))
    table.add_row(cell("left out", "bold red" if account.left_out else ""), cell(f"{account.left_out:,}"))
    out = console()
    out.print(table)
    for words, number in account.unknown.most_common(5):
        out.print(
            cell(f"note: {words} is no label, {number:,} times; --rename reads it as one", "yellow"), soft_wrap=True
        )
    for reason in account.reasons:
        out.print(cell(f"left out: {reason}", "red"), soft_wrap=True)
    if not is_whole:
        out.print("stopped; run it again, and it goes on where it was")
    done = "would come in" if is_trial else "are in"
    count = account.outcomes.total() + (0 if is_trial else account.there)
    sys.stdout.write(f"{count:,} of {archive.count:,} mails {done}; nobody was mailed\n")


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ticket": "first mails: a ticket each, closed",
        "follow_up": "later mails of clients",
        "relay": "answers of the desk",
        "command": "notes of the house, which no client saw",
        "automatic": "automatic mail",
        "bulk": "bulk mail, no ticket",
        "forgotten": "of somebody who was forgotten, not kept",
        "spam": "spam, no ticket",
        "bounce": "bounces, no ticket",
        "duplicate": "the same mail again",
        "unrelated": "no client in it",
    }
)
