"""The report: an analysis as one HTML file with pictures, which needs no network."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from maild.cli.reporting.drawing import draw
from maild.cli.reporting.numbers import NOTHING, interval, said
from maild.errors import Refused
from maild.knowledge.analysis.figure import MOST_LISTED, Cell, Chart, Figure, Grid, Row, Section, Unit
from maild.knowledge.analysis.history import Period
from maild.knowledge.analysis.line import Analysis
from maild.knowledge.analysis.proposals import Proposal
from maild.process.desk import Desk

LONG = 60
"""Characters from which words in a table get more room."""


def write_page(file: Path, told: Analysis, period: Period, desk: Desk) -> None:
    """Write the report. Raises Refused where the file cannot be written."""
    try:
        file.write_text(page(told, period, desk), encoding="utf-8")
    except OSError as error:
        raise Refused(f"The report {file} cannot be written: {error.strerror or error}.") from error


def page(told: Analysis, period: Period, desk: Desk) -> str:
    """Write the whole document; every word that does not come from here is escaped."""
    style = "".join(
        files(f"maild.cli.{package}").joinpath(name).read_text("utf-8")
        for package, name in (("evaluating", "page.css"), ("reporting", "report.css"))
    )
    name = escape(desk.name)
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Report: {name}</title><style>{style}</style></head><body><main>",
            f"<header><h1>{name}</h1><p>{_between(period)}</p>{_contents(told)}</header>",
            *(_section(section, desk) for section in told.sections),
            _proposals(told.proposals, desk),
            _foot(),
            "</main></body></html>\n",
        )
    )


def _between(period: Period) -> str:
    start, end = period.since.astimezone(period.zone), period.until.astimezone(period.zone)
    return f"{start:%d %B %Y} to {end:%d %B %Y, %H:%M} ({escape(str(period.zone))})"


def _contents(told: Analysis) -> str:
    links = [f'<a href="#{section.name}">{escape(section.title)}</a>' for section in told.sections]
    return f'<nav>{"".join(links)}<a href="#proposals">What to do</a></nav>'


def _foot() -> str:
    return (
        '<footer class="faint"><p>n is what a number was counted on. In grey stand 95 % intervals: the smaller n, the wider. '
        "The tickets behind a number are the newest hundred; <code>maild report --json</code> has the same for programs.</p></footer>"
    )


def _section(section: Section, desk: Desk) -> str:
    tiles = "".join(_tile(figure, desk) for figure in section.figures)
    pictures = "".join(_figure(chart) for chart in section.charts)
    return "".join(
        (
            f'<section id="{section.name}"><h2>{escape(section.title)}</h2>',
            f'<div class="tiles">{tiles}</div>' if tiles else "",
            f'<div class="pictures">{pictures}</div>' if pictures else "",
            *(_table(grid, desk) for grid in section.grids if grid.rows),
            *(f'<p class="faint">{escape(note)}</p>' for note in section.notes),
            "</section>",
        )
    )


def _tile(figure: Figure, desk: Desk) -> str:
    value = said(figure.value, figure.unit)
    kind = ' class="none"' if value == NOTHING else ""
    wide = interval(figure)
    counted = f"n = {figure.n:,}{'; ' + wide if wide else ''}"
    return (
        f'<div class="tile" id="{figure.name}"><strong>{escape(figure.title)}</strong><b{kind}>{escape(value)}</b>'
        f'<span class="count">{escape(counted)}</span><span>{escape(figure.means)}</span>{_tickets(figure.tickets, desk)}</div>'
    )


def _tickets(numbers: Sequence[int], desk: Desk) -> str:
    """The way to the tickets; a full list holds the newest only."""
    if not numbers:
        return ""
    shown = ", ".join(f"<span>{escape(desk.show(number))}</span>" for number in numbers)
    word = "ticket" if len(numbers) == 1 else "tickets"
    newest = "newest " if len(numbers) == MOST_LISTED else ""
    return f'<details class="tickets"><summary>{newest}{len(numbers)} {word}</summary><p>{shown}</p></details>'


def _figure(chart: Chart) -> str:
    return f"<figure><h3>{escape(chart.title)}</h3>{draw(chart)}<figcaption>{escape(chart.means)}</figcaption></figure>"


def _table(grid: Grid, desk: Desk) -> str:
    heads = "".join(f"<th{_words(unit)}>{escape(name)}</th>" for name, unit in grid.columns)
    rows = "".join(_row(grid, row, desk) for row in grid.rows)
    return (
        f'<h3>{escape(grid.title)}</h3><p class="faint">{escape(grid.means)}</p><div class="scroll"><table class="stacks">'
        f'<thead><tr>{heads}<th class="words which">which</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(grid: Grid, row: Row, desk: Desk) -> str:
    cells = "".join(_cell(value, name, unit) for value, (name, unit) in zip(row.cells, grid.columns, strict=True))
    which = (
        f'<td class="words which" data-name="which">{_tickets(row.tickets, desk)}</td>'
        if row.tickets
        else '<td class="which"></td>'
    )
    return f"<tr>{cells}{which}</tr>"


def _cell(value: Cell, name: str, unit: Unit) -> str:
    kinds = ["words"] if unit is Unit.WORDS else []
    kinds += ["long"] if isinstance(value, str) and len(value) > LONG else []
    kinds += [value] if value in {"growing", "shrinking"} else []
    classes = f' class="{" ".join(map(str, kinds))}"' if kinds else ""
    return f'<td{classes} data-name="{escape(name)}">{escape(said(value, unit))}</td>'


def _words(unit: Unit) -> str:
    return ' class="words"' if unit is Unit.WORDS else ""


def _proposals(proposals: Iterable[Proposal], desk: Desk) -> str:
    items = "".join(
        f"<li><strong>{escape(each.title)}</strong>{escape(each.because)} <span class='faint'>n = {each.n}</span><br>"
        f"<code>{escape(desk.with_numbers(each.how))}</code>{_tickets(each.tickets, desk)}</li>"
        for each in proposals
    )
    inside = f'<ol class="proposals">{items}</ol>' if items else "<p>There is not enough evidence for any proposal.</p>"
    return f'<section id="proposals"><h2>What to do</h2>{inside}</section>'
