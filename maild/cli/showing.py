"""How the desk looks in a terminal: cells that are never markup, times in the desk's zone, states in colour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from rich import box
from rich.table import Table
from rich.text import Text

from maild.cli.output import printable

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "new": "bold yellow",
        "open": "bold",
        "escalated": "bold magenta",
        "closed": "dim",
        "held": "bold red",
        "bounced": "red",
        "uncertain": "bold yellow",
        "deferred": "yellow",
        "sent": "green",
        "dropped": "dim",
    }
)
"""Status of a ticket, outcome of a mail or state of the outbox; the words say the same without colour."""


def a_table(*columns: str) -> Table:
    """Begin a table without a frame. `#` before a name: numbers; `!`: a column that is never folded."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.startswith("#") else "left"
        is_fixed = column.startswith(("#", "!"))
        table.add_column(column.lstrip("#!"), overflow="fold", justify=justify, no_wrap=is_fixed)
    return table


def cell(value: object, style: str = "") -> Text:
    """Write a value as text that can do nothing to a terminal; unknown is a dash."""
    return Text("-", style="dim") if value is None or value == "" else Text(printable(str(value)), style=style)


def one_line(value: str | None, style: str = "", *, most: int = 1000) -> Text:
    """Write a text on one line, and no more of it than `most` characters: a subject may be as long as a book."""
    words = " ".join((value or "")[: 4 * most].split())
    is_cut = len(words) > most or len(value or "") > 4 * most
    return cell(f"{words[: most - 3]}..." if is_cut else words, style)


def state(word: str | None) -> Text:
    """Write a status, an outcome or a state."""
    return cell((word or "").replace("_", " "), STYLES.get(word or "", ""))


def moment(at: datetime | None, zone: str) -> Text:
    """Write a point in time to the minute, in the desk's zone."""
    return cell(None if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}")


def in_table(subject: str | None) -> Text:
    """Write a subject where others stand below it."""
    return one_line(subject, most=120)


def due(at: datetime | None, zone: str, now: datetime) -> Text:
    """Write a time by which something is owed, and how far away that is."""
    if at is None:
        return cell(None)
    return moment(at, zone).append(" ").append_text(distance(at, now))


def distance(at: datetime | None, now: datetime) -> Text:
    """Write how far away a time is by which something is owed."""
    if at is None:
        return cell(None)
    return cell(f"{roughly(now - at)} late", "bold red") if at < now else cell(f"in {roughly(at - now)}", "dim")


def roughly(span: timedelta) -> str:
    """Write a duration by its largest unit."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:  # noqa: PLR2004 - until two hours minutes say more
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 - likewise until two days
