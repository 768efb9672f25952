"""The report: evaluations as one HTML file with pictures, which needs no network."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from pathlib import Path

from maild.classify.evaluation.evaluation import Evaluation
from maild.cli.evaluating.section import headline, section
from maild.errors import Refused

_LEGEND = (
    "In brackets stand 95 % intervals: drawn by whole threads and groups of near-duplicates, so that ten mails of one "
    "thread count once. Where there are fewer than 20 of those, no number is told."
)


def write_page(file: Path, evaluations: Sequence[Evaluation], *, told_by: str, at: datetime) -> None:
    """Write the report. Raises Refused where the file cannot be written."""
    try:
        file.write_text(page(evaluations, told_by=told_by, at=at), encoding="utf-8")
    except OSError as error:
        raise Refused(f"The report {file} cannot be written: {error.strerror or error}.") from error


def page(evaluations: Sequence[Evaluation], *, told_by: str, at: datetime) -> str:
    """Write the whole document; every word that does not come from here is escaped."""
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>How good the models are: {escape(told_by)}</title><style>{style}</style></head><body><main>",
            f"<h1>How good the models are</h1><p>By {escape(told_by)}, {at:%Y-%m-%d %H:%M}.</p>",
            f'<p class="faint">{_LEGEND}</p>',
            *_summary(evaluations),
            *(section(each) for each in evaluations),
            "</main></body></html>\n",
        )
    )


def _summary(evaluations: Sequence[Evaluation]) -> Iterable[str]:
    if not evaluations:
        yield '<p class="note">There are no labels to evaluate on.</p>'
        return
    rows = "".join(
        f'<tr><td><a href="#{escape(each.question)}">{_name(each)}</a></td><td class="words">{escape(headline(each))}</td></tr>'
        for each in evaluations
    )
    yield f"<table>{rows}</table>"


def _name(evaluation: Evaluation) -> str:
    return escape(evaluation.question.replace("_", " ").capitalize())
