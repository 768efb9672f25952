"""`maild models --drift`: whether the mail has changed, week by week, since the model learnt."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.text import Text

from maild.cli.output import console, printable

if TYPE_CHECKING:
    from maild.classify.drift_weeks import Drift
    from maild.settings.values import Settings
    from maild.store.engine import Store


def measure_all(settings: "Settings", store: "Store", *, now: datetime, most: int | None = None) -> "list[Drift]":
    """Look at stored mails as each model in service reads them, `most` of them for each; the newest."""
    from maild.classify.serving import QUESTIONS
    from maild.cli.shipped_models import read_shipped
    from maild.daemon.choosing import choose
    from maild.daemon.opening import classifying_of
    from maild.desk.learning.drifting import MOST_MAILS, measure
    from maild.store.view.models import list_model_lines

    with TemporaryDirectory(prefix="maild-models-") as folder, store.read() as connection:
        models = choose(connection, classifying_of(settings), Path(folder)).classifying.models()
        references = {line.digest: line.card.get("reference") for line in list_model_lines(connection, read_shipped())}
        asked = [getattr(models, question) for question in sorted(QUESTIONS)]
        return [
            measure(connection, model, references.get(model.digest), now=now, most=most or MOST_MAILS)
            for model in asked
        ]


def show(drifts: "Sequence[Drift]") -> None:
    """Print a line a week, and below it what has moved."""
    out = console()
    for drift in drifts:
        head = f"{drift.question}, compared with {drift.reference} (n = {drift.reference_n})"
        out.print(Text(head, style="bold"), soft_wrap=True)
        if not drift.weeks:
            out.print("  no further mails: nothing to compare yet")
        for week in drift.weeks:
            style = {"different": "bold red", "somewhat different": "yellow"}.get(week.judgement, "")
            line = f"  week of {week.week}: {week.n} mails, {week.decided:.0%} decided; {week.judgement}"
            out.print(Text(line, style=style), soft_wrap=True)
            for shift in week.shifts:
                if shift.because:
                    told = (
                        f"    {shift.what}: {shift.because} (index {shift.psi:.2f}, by chance up to {shift.chance:.2f})"
                    )
                    out.print(Text(printable(told)), soft_wrap=True)


def documents(drifts: "Sequence[Drift]") -> list[Mapping[str, object]]:
    """Give the JSON of all questions."""
    return [
        {
            "question": drift.question,
            "model": drift.model,
            "reference": drift.reference,
            "reference_n": drift.reference_n,
            "weeks": [
                {
                    "week": week.week.isoformat(),
                    "n": week.n,
                    "decided": week.decided,
                    "judgement": week.judgement,
                    "shifts": week.shifts,
                }
                for week in drift.weeks
            ],
        }
        for drift in drifts
    ]
