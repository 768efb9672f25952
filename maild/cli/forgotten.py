"""What `maild forget` tells: what went, the proof, and what remains and where."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maild.cli.output import console

if TYPE_CHECKING:
    from maild.history.forgetting import Forgotten, Holding
    from maild.settings.values import Settings
    from maild.store.erasing.erasures import Erasure

MARK_SHOWN = 16


def document(
    forgotten: "Forgotten", settings: "Settings", troubles: Sequence[str], *, is_postgresql: bool
) -> dict[str, object]:
    """The proof as JSON; it names nobody."""
    desk, erasure = settings.desk, forgotten.erasure
    return {
        "dry_run": False,
        "mark": erasure.mark,
        "at": erasure.at,
        "said_by": erasure.said_by,
        "erased": dict(erasure.counts),
        "digest_before": erasure.before,
        "digest_after": erasure.after,
        "closed": [desk.show(number) for number in forgotten.closed],
        "under_way": forgotten.under_way,
        "troubles": list(troubles),
        "still_named": [
            {"where": each.where, "rows": each.rows, "tickets": [desk.show(number) for number in each.tickets]}
            for each in forgotten.remains
        ],
        "remains": list(elsewhere(settings, forgotten, is_postgresql=is_postgresql)),
    }


def list_document(erasures: "Sequence[Erasure]") -> list[dict[str, object]]:
    """The audit as JSON."""
    return [
        {
            "mark": each.mark,
            "at": each.at,
            "said_by": each.said_by,
            "because": each.because,
            "erased": dict(each.counts),
            "digest_before": each.before,
            "digest_after": each.after,
            "left": sorted(each.left),
            "done_at": each.done_at,
        }
        for each in erasures
    ]


def elsewhere(settings: "Settings", forgotten: "Forgotten", *, is_postgresql: bool) -> Iterator[str]:
    """What maild cannot erase, and who can."""
    for box in settings.mailboxes:
        where = f"{box.processed} of {box.account}" if box.after == "move" else f"{box.name} of {box.account}"
        what = "copies of what was sent to them" if box.is_sent else "the mails themselves"
        yield f"on the mail server, {where}: {what}; delete them there, maild does not take them in again"
    yield "mailboxes of your people and of other teams: the mails that maild wrote to them about those tickets"
    yield "backups that were made before now: delete them, or forget again whenever one of them is restored"
    yield "logs from before now: a line for each mail names its recipient; they end as your system keeps them"
    yield "files that somebody made: label exports, reports, exported articles"
    if is_postgresql:
        yield (
            "other machines of this database: what the sentence encoder has read there (var/senses/) is never used again; it "
            "goes with the next maild train on that machine, or delete it there"
        )
        yield "PostgreSQL: freed rows until VACUUM FULL has written the tables anew, write-ahead logs, replicas until they follow"
    if forgotten.issues:
        yield f"the issues of their tickets in the tracker: delete them there: {', '.join(forgotten.issues)}"
    if forgotten.articles:
        yield f"{forgotten.articles} versions of articles stand on their tickets: read what is left of them (maild articles)"
    yield "numbers without a person: tickets by category, times and priorities, counts of mail, the marks of this erasure"
    yield "what the law makes you keep (invoices, say) is not in maild alone: ask who keeps the books"


def show_holding(holding: "Holding", settings: "Settings") -> None:
    """Print the dry run."""
    from maild.cli.showing import a_table, cell

    out = console()
    table = a_table("would be erased", "#rows")
    for what, count in holding.counts.items():
        table.add_row(cell(what), cell(f"{count:,}"))
    out.print(table)
    if holding.open_tickets:
        numbers = ", ".join(settings.desk.show(number) for number in holding.open_tickets)
        out.print(f"still open, and would be closed without a word to anybody: {numbers}", style="yellow")
    if holding.under_way:
        out.print(
            f"{holding.under_way} mails are being submitted at this moment: run it again after that", style="yellow"
        )
    out.print("Nothing was changed. To do it: the same command with --yes")


def show(forgotten: "Forgotten", settings: "Settings", troubles: Sequence[str], *, is_postgresql: bool) -> None:
    """Print the proof."""
    from maild.cli.showing import a_table, cell

    out, erasure = console(), forgotten.erasure
    table = a_table("erased", "#rows")
    for what, count in sorted(erasure.counts.items()):
        table.add_row(cell(what), cell(f"{count:,}"))
    out.print(table if erasure.counts else "nothing was kept of this address (any more)")
    out.print(f"mark {erasure.mark[:MARK_SHOWN]}, by {erasure.said_by}; digest of the rows before {erasure.before}")
    out.print(f"and after {erasure.after}", soft_wrap=True)
    for each in forgotten.remains:
        numbers = ", ".join(settings.desk.show(number) for number in each.tickets)
        out.print(
            cell(f"still named in {each.rows} rows of {each.where} {f'({numbers})' if numbers else ''}", "yellow")
        )
    out.print("What remains elsewhere:")
    for line in elsewhere(settings, forgotten, is_postgresql=is_postgresql):
        out.print(cell(f"- {line}"), soft_wrap=True)
    if forgotten.under_way:
        out.print(cell(f"{forgotten.under_way} mails are being submitted: run the same command again", "bold red"))
    for trouble in troubles:
        out.print(cell(trouble, "bold red"), soft_wrap=True)


def show_list(erasures: "Sequence[Erasure]", settings: "Settings") -> None:
    """Print the audit."""
    from maild.cli.showing import a_table, cell, moment, one_line

    out = console()
    if not erasures:
        out.print("nobody was forgotten yet")
        return
    table = a_table("mark", f"!at ({settings.desk.time_zone})", "by", "because", "#rows", "left to do")
    for each in erasures:
        table.add_row(
            cell(each.mark[:MARK_SHOWN]),
            moment(each.at, settings.desk.time_zone),
            one_line(each.said_by),
            one_line(each.because or ""),
            cell(f"{sum(each.counts.values()):,}"),
            cell(", ".join(sorted(each.left)) or "nothing"),
        )
    out.print(table)
