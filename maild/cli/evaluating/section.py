"""One question of the report: what matters in a sentence, then numbers, pictures, and tables for those who check."""

from collections.abc import Iterable, Sequence
from html import escape

from maild.classify.evaluation.evaluation import Evaluation, Standing
from maild.classify.evaluation.interval import LEAST, Measured
from maild.cli.evaluating.curves import coverage_picture, learning_picture, reliability_picture
from maild.cli.evaluating.rows import confusion_picture, interval_picture
from maild.cli.evaluating.table import percent, sentences

_MOST_LABELS = 25
"""More make a picture that nobody reads; the table has them all."""


def headline(evaluation: Evaluation) -> str:
    """Say the most important thing about a question."""
    if not evaluation.standings:
        return next(
            (note for note in evaluation.notes if "too few" in note), "no model was judged here; the notes say why"
        )
    scores = evaluation.standings[0].scores
    said = f"{percent(scores.accuracy)} right on {scores.n:,} texts"
    given, wrong = scores.coverage.given, scores.coverage.wrong
    if not wrong.n:
        return f"{said}; nothing is decided without a person"
    told = f"{100 * wrong.value:.1f} %" if wrong.is_firm else f"{round(wrong.value * wrong.n)} of {wrong.n}"
    return f"{said}; {100 * given.value:.0f} % are decided without a person, {told} of these wrongly"


def section(evaluation: Evaluation) -> str:
    """Write one question."""
    name = escape(evaluation.question)
    counted = ", ".join(f"{escape(label)} {number:,}" for label, number in evaluation.labels.items())
    parts = [
        f'<section id="{name}"><h2>{name.replace("_", " ").capitalize()}</h2>',
        f'<p class="lead">{escape(headline(evaluation))}.</p>',
        *(f'<p class="note">{escape(note)}</p>' for note in (*evaluation.notes, *_left_out(evaluation))),
        f'<p class="faint">{evaluation.texts:,} labelled texts: {counted}.</p>',
    ]
    said = [f"<p>{escape(line[:1].upper() + line[1:])}.</p>" for line, style in sentences(evaluation) if not style]
    if not evaluation.standings:
        parts += said
    else:
        parts += [
            f'<p class="faint">Asked about {evaluation.standings[0].scores.n:,} of them, {escape(evaluation.how)}.</p>',
            f'<div class="tiles">{"".join(_tiles(evaluation.standings[0]))}</div>',
            *said,
            f'<div class="pictures">{"".join(_pictures(evaluation))}</div>',
            _details(evaluation),
        ]
    return "\n".join((*parts, "</section>"))


def _left_out(evaluation: Evaluation) -> Iterable[str]:
    return (f"Left out: {number:,} texts, {why}" for why, number in evaluation.left_out.items())


def _tiles(standing: Standing) -> Iterable[str]:
    scores = standing.scores
    if scores.kappa:
        yield _tile("weighted kappa", scores.kappa, "100 is perfect, 0 is chance", unit="")
    yield _tile("right", scores.accuracy)
    yield _tile("macro-F1", scores.macro_f1, "every label counts the same")
    if scores.auc:
        yield _tile("AUC", scores.auc, "how well it ranks")
    if scores.surest:
        yield _tile("right on the surest 80 %", scores.surest)
    if scores.reliability:
        chance = f"by chance alone {100 * scores.reliability.by_chance:.1f} %"
        yield _tile("calibration error", scores.reliability.error, chance)
    yield _tile("decided", scores.coverage.given)
    yield _tile("wrong of these", scores.coverage.wrong)


def _tile(name: str, value: Measured, remark: str = "", unit: str = " %") -> str:
    if not value.is_firm:
        return f'<div class="tile"><span>{name}</span><b class="few">{value}</b></div>'
    interval = f"{100 * value.low:.1f} to {100 * value.high:.1f}{unit}"
    small = f"<span>{interval}</span>" + (f"<span>{remark}</span>" if remark else "")
    return f'<div class="tile"><span>{name}</span><b>{100 * value.value:.1f}{unit}</b>{small}</div>'


def _pictures(evaluation: Evaluation) -> Iterable[str]:
    standings, best = evaluation.standings, evaluation.standings[0].scores
    is_scale = best.kappa is not None
    beside = [
        (each.name, (each.scores.kappa if is_scale else each.scores.macro_f1) or each.scores.macro_f1)
        for each in standings
    ]
    score = "Weighted kappa, %" if is_scale else "Macro-F1, %"
    yield _figure(
        f"{score}, beside others", interval_picture(beside, f"{score} of each contestant"), "The same texts for all."
    )
    by_label = [(each.label, each.f1) for each in best.labels][:_MOST_LABELS]
    yield _figure(
        "F1 of each label",
        interval_picture(by_label, "F1 of each label"),
        "Precision and recall in one number, without abstaining.",
    )
    if any(standing.scores.coverage.curve for standing in standings):
        yield _figure("What abstaining buys", coverage_picture(standings, evaluation.budget), _legend(standings))
    if best.reliability and best.n >= LEAST:
        yield _figure(
            "Can its confidence be believed?",
            reliability_picture(best.reliability),
            "On the dashed line it is right as often as it says; below it, it boasts.",
        )
    if len(best.names) <= _MOST_LABELS:
        yield _figure(
            "What is taken for what",
            confusion_picture(best.names, best.confusion),
            "The diagonal is right. Shade: share of the row.",
        )
    firm = [point for point in evaluation.curve if point.macro_f1.is_firm]
    if len(firm) > 1:
        yield _figure("What more labels bring", learning_picture(firm), "The desk's own training on ever more of its texts.")  # fmt: skip


def _figure(title: str, drawn: str, caption: str) -> str:
    return f"<figure><h3>{title}</h3>{drawn}<figcaption>{caption}</figcaption></figure>"


def _legend(standings: Sequence[Standing]) -> str:
    told = [escape(standing.name) for standing in standings if standing.scores.coverage.curve][:3]
    keys = "".join(
        f'<span class="key {kind}"></span>{name}' for kind, name in zip(("one", "two", "three"), told, strict=False)
    )
    return f"The surest texts first. The ring: thresholds in force.{keys}"


def _details(evaluation: Evaluation) -> str:
    heads = ("who", "what it is", "n", "right", "macro-F1", "decided", "wrong of them", "beside the one in service")
    rows = [
        (
            f"<td>{escape(each.name)}</td><td class='words'>{escape(each.what)}</td><td>{each.scores.n:,}</td>"
            f"{_cells(each.scores.accuracy, each.scores.macro_f1, each.scores.coverage.given, each.scores.coverage.wrong)}"
            f"<td class='words'>{_beside(each)}</td>"
        )
        for each in evaluation.standings
    ]
    labels = [
        f"<td>{escape(each.label)}</td><td>{each.n:,}</td>{_cells(each.precision, each.recall, each.f1)}"
        for each in evaluation.standings[0].scores.labels
    ]
    return (
        "<details><summary>All numbers</summary>"
        f"{_table(heads, rows)}{_table(('label', 'n', 'precision', 'recall', 'F1'), labels)}</details>"
    )


def _beside(standing: Standing) -> str:
    if standing.versus is None:
        return "-"
    return f'<span class="{standing.versus.judgement}">{standing.versus.judgement}</span>: {escape(standing.versus.because)}'


def _cells(*values: Measured) -> str:
    return "".join(f"<td>{_cell(value)}</td>" for value in values)


def _cell(value: Measured) -> str:
    if not value.is_firm:
        return f"<small>n = {value.independent}: too few</small>"
    return f"{100 * value.value:.1f} % <small>[{100 * value.low:.1f}, {100 * value.high:.1f}]</small>"


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(
        f'<th class="words">{name}</th>' if name.startswith(("what", "beside")) else f"<th>{name}</th>"
        for name in heads
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(f"<tr>{row}</tr>" for row in rows)}</table></div>'
