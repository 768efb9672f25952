"""The account that the demo gives in the terminal: what arrived, what was decided and why, what was sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from maild.replies.plain import one_line, some_lines
from maild.store.view.ticket import WholeTicket
from maild.store.view.trace import Story

LONGEST = 200
"""Characters of one reason; `maild trace` shows all."""

INDENT, NAMES = 5, 13
"""Columns before the names, and of the names."""

FACTS = ("status", "category", "urgency", "impact", "priority", "client", "assignee")
STYLES = {"ticket": "bold green", "follow_up": "bold green", "hand_off": "bold cyan", "held": "bold red"}
OUTCOMES = {
    "ticket": "a new ticket",
    "follow_up": "joins its ticket",
    "hand_off": "not technical, handed off to another team",
    "automatic": "written by a machine: kept, never answered",
    "bounce": "a delivery report: kept, never answered",
    "bulk": "mass mail: kept, never answered",
    "spam": "spam: kept, never answered",
    "duplicate": "delivered twice: one mail, one ticket",
    "held": "held: waits for a person",
    "unrelated": "none of our business: kept",
}


def show_heading(console: Console, text: str) -> None:
    """Print a title, underlined."""
    console.print()
    console.print(Text(text, style="bold"))
    console.print(Text("=" * min(len(text), console.width), style="dim"))


def show_mail(console: Console, number: int, story: Story) -> None:
    """Tell one mail: who wrote, what was decided, why, what was sent because of it."""
    unread = "(held before it was read)" if story.outcome == "held" else "(no subject)"
    console.print()
    console.print(Text.assemble((f"{number:3}  ", "dim"), (clean(story.subject or unread), "bold")))
    show_rows(console, rows_of(story))


def show_rows(console: Console, rows: Iterable[tuple[str, Text]]) -> None:
    """Print names and texts in two columns; no line is filled up, so that the account can be copied."""
    for name, text in rows:
        label = name
        for line in text.wrap(console, max(20, console.width - INDENT - NAMES)) or [Text()]:
            line.rstrip()
            console.print(Text.assemble(" " * INDENT, (label.ljust(NAMES), "dim"), line))
            label = ""


def rows_of(story: Story) -> Iterator[tuple[str, Text]]:
    """The lines below a mail's subject: name and text."""
    author = clean(story.author or "nobody who could be answered")
    yield "from", Text(f"{author} ({story.trust or 'not read'})")
    yield "decided", decision_of(story)
    yield from reasons_of(story)
    yield from sent_of(story)


def decision_of(story: Story) -> Text:
    """What became of the mail."""
    outcome = story.outcome or "waits"
    ticket = f"{story.ticket}: " if story.ticket else ""
    return Text(ticket + OUTCOMES.get(outcome, outcome), style=STYLES.get(outcome, "bold"))


def reasons_of(story: Story) -> Iterator[tuple[str, Text]]:
    """Why: the decision's own reason where no verdict tells it, and the verdicts."""
    verdicts = [verdict for verdict in story.verdicts if verdict["label"] != "person"]
    if not verdicts or story.outcome not in {"ticket", "hand_off"}:
        yield "because", Text(clean(story.because or ""))
        return
    for verdict in verdicts:
        yield verdict["question"], verdict_of(verdict)


def verdict_of(verdict: Mapping[str, Any]) -> Text:
    """A verdict with its confidence, and the words that made it."""
    label = verdict["label"] or "unsure, a person decides"
    sure = f" ({verdict['confidence']:.0%})" if verdict["confidence"] is not None else ""
    return Text.assemble(
        (f"{label}{sure}", "yellow" if verdict["label"] is None else ""), f": {clean(verdict['because'])}"
    )


def sent_of(story: Story) -> Iterator[tuple[str, Text]]:
    """The replies that the mail caused."""
    name = "sent"
    for reply in story.replies:
        fate = "" if reply.state == "sent" else f" ({reply.state})"
        yield name, Text(f"{reply.kind.replace('_', ' ')} to {clean(reply.to)}{fate}")
        name = ""
    if name:
        yield name, Text("nothing", style="dim")


def show_ticket(console: Console, ticket: WholeTicket) -> None:
    """Show one ticket as `maild show` knows it: its state and its history."""
    line = ticket.line
    show_rows(console, ((name, Text(clean(str(getattr(line, name) or "-")))) for name in FACTS))
    if line.next_update_due_at:
        show_rows(console, [("next update", Text(line.next_update_due_at.strftime("by %Y-%m-%d %H:%M UTC")))])
    console.print()
    for event in ticket.events:
        what = Text.assemble(
            (event.event.replace("_", " "), "bold"), f" by {clean(event.actor)}: {clean(event.because)}"
        )
        show_rows(console, [(event.at.strftime("%H:%M:%S"), what)])


def show_as_client(console: Console, title: str, mail: EmailMessage) -> None:
    """Show a mail as its recipient sees it."""
    part = mail.get_body(("plain",))
    lines, _ = some_lines(str(part.get_content()) if part else "", characters=10_000, lines=80)
    shown = [f"{name + ':':9} {clean(str(mail[name]))}" for name in ("From", "To", "Subject", "Reply-To") if mail[name]]
    console.print()
    console.print(Panel(Text("\n".join([*shown, "", *lines])), title=title, title_align="left"))


def clean(text: str) -> str:
    """One line that cannot hurt a terminal, of bearable length."""
    return one_line(text, LONGEST)


def counted(stories: Sequence[Story]) -> str:
    """How many mails had which outcome."""
    outcomes = [str(story.outcome) for story in stories]
    return ", ".join(f"{outcomes.count(outcome)} {outcome.replace('_', ' ')}" for outcome in sorted(set(outcomes)))
