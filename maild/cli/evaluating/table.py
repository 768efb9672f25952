"""An evaluation in a terminal: one table a question, and what a reader must know below it."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from maild.classify.evaluation.evaluation import Evaluation, Standing
from maild.classify.evaluation.interval import Measured
from maild.cli.showing import a_table, cell

JUDGEMENTS = {"better": "bold green", "match": "green", "unclear": "yellow", "worse": "red"}

SOURCES = {
    "audit": "drawn by chance for the audit",
    "tsm": "by a TSM's mail",
    "admin": "on the command line",
    "import": "in an imported file",
}


def show(evaluations: Iterable[Evaluation], out: Console) -> None:
    """Print every question that has labels."""
    for evaluation in evaluations:
        counted = ", ".join(f"{label} {number:,}" for label, number in evaluation.labels.items())
        out.print(
            Text.assemble((f"\n{evaluation.question}", "bold"), f"  {evaluation.texts:,} labelled texts: {counted}")
        )
        if evaluation.standings:
            out.print(Text(f"asked about {evaluation.standings[0].scores.n:,} of them, {evaluation.how}", style="dim"))
            out.print(standings_table(evaluation))
            out.print(labels_table(evaluation.standings[0]))
        for line, style in sentences(evaluation):
            out.print(Text(line, style=style), soft_wrap=True)


def standings_table(evaluation: Evaluation) -> Table:
    """Write the contestants, the one in service first; in brackets stand 95 % intervals."""
    has_kappa = any(standing.scores.kappa for standing in evaluation.standings)
    score = "kappa" if has_kappa else "macro-F1"
    table = a_table(
        "!who", f"#{score}", "#right", "#surest 80 %", "#calibration", "#decided", "#wrong of them", "beside"
    )
    for standing in evaluation.standings:
        scores = standing.scores
        main = scores.kappa if has_kappa else scores.macro_f1
        table.add_row(
            cell(standing.name, "bold"),
            kappa(main) if has_kappa else number(main),
            number(scores.accuracy),
            number(scores.surest),
            number(scores.reliability.error if scores.reliability else None),
            number(scores.coverage.given),
            number(scores.coverage.wrong),
            beside(standing),
        )
    return table


def labels_table(standing: Standing) -> Table:
    """Write precision, recall and F1 of each label, without abstaining."""
    table = a_table(f"{standing.name}, by label", "#n", "#precision", "#recall", "#F1")
    for each in standing.scores.labels:
        table.add_row(
            cell(each.label), cell(f"{each.n:,}"), number(each.precision), number(each.recall), number(each.f1)
        )
    return table


def sentences(evaluation: Evaluation) -> Iterable[tuple[str, str]]:
    """What stands below the tables, each with its style."""
    best = evaluation.standings[0].scores if evaluation.standings else None
    if best and best.belittled and best.belittled.n:
        missed = round(best.belittled.value * best.belittled.n)
        yield f"of the highest {evaluation.question}, {missed} of {best.belittled.n:,} were called low", ""
    for note in evaluation.notes:
        yield f"note: {note}", "yellow"
    for why, texts in evaluation.left_out.items():
        yield f"left out: {texts:,} texts, {why}", "yellow"
    if evaluation.promise:
        yield f"error budget: {evaluation.promise}", ""
    for happened in evaluation.happened:
        wrong = happened.wrong
        told = percent(wrong) if wrong.is_firm else str(wrong)
        where = SOURCES.get(happened.source, happened.source)
        yield f"in service at the time, judged {where}: wrong in {told} (n = {wrong.n:,})", ""
    firm = [point for point in evaluation.curve if point.macro_f1.is_firm]
    if firm:
        steps = ", ".join(f"{point.texts:,}: {point.macro_f1.value:.2f}" for point in firm)
        yield f"macro-F1 by texts learnt from: {steps}", ""


def number(value: Measured | None) -> Text:
    """Write a share in per cent with its interval; a dash where it does not apply."""
    if value is None:
        return cell(None)
    return Text(percent(value)) if value.is_firm else Text(f"n = {value.independent}: too few", style="dim")


def kappa(value: Measured | None) -> Text:
    """Write an agreement, which is no share."""
    is_told = value is not None and value.is_firm
    return Text(f"{value.value:.2f} [{value.low:.2f}, {value.high:.2f}]") if value and is_told else number(value)


def percent(value: Measured) -> str:
    """Write a share, its interval in brackets."""
    return f"{100 * value.value:.1f} % [{100 * value.low:.1f}, {100 * value.high:.1f}]"


def beside(standing: Standing) -> Text:
    """Say how it does beside the one in service."""
    if standing.versus is None:
        return cell(None)
    words = standing.versus.judgement
    return Text(words, style=JUDGEMENTS[words])
