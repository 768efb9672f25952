"""Models: how much they decide, how often people corrected them, and whether that changes. Pure."""

from collections.abc import Mapping, Sequence

from maild.knowledge.analysis.figure import Chart, Figure, Section, Shape, Unit, a_share
from maild.knowledge.analysis.history import History, Said

AUDIT = "audit"


def tell_models(history: History) -> Section:
    """Coverage and quality by question."""
    figures: list[Figure] = []
    for question, weeks in sorted(history.verdicts.items()):
        judged, decided = (sum(week[place] for week in weeks.values()) for place in (0, 1))
        figures.append(
            a_share(
                f"decided_{question}",
                f"{question.capitalize()} decided",
                "Mails of people for which the model was sure enough to say it; a person said the rest.",
                hits=decided,
                n=judged,
            )
        )
        figures.extend(_quality(question, history.labels))
    return Section(
        name="models",
        title="Models",
        figures=tuple(figures),
        charts=(_coverage(history),) if history.verdicts else (),
        notes=(
            (
                "Audits are drawn by chance among the sure verdicts and are the fair sample; corrections come where somebody saw "
                "a mistake, so their rate is too high. `maild evaluate` tells the quality on held-out labels, `maild models --drift` "
                "whether mails have changed."
            ),
        ),
    )


def _quality(question: str, labels: Sequence[Said]) -> list[Figure]:
    made = []
    about = [label for label in labels if label.question == question and label.verdict is not None]
    for is_audit, name, means in (
        (True, "right in the audit", "Sure verdicts drawn by chance that a person confirmed."),
        (
            False,
            "right where somebody spoke",
            "Sure verdicts that people confirmed, among those about which they said anything.",
        ),
    ):
        these = [label for label in about if (label.source == AUDIT) is is_audit]
        wrong = [label.ticket for label in these if label.value != label.verdict and label.ticket]
        made.append(
            a_share(
                f"{'audited' if is_audit else 'labelled'}_{question}",
                f"{question.capitalize()} {name}",
                f"{means} The tickets are those where the model was wrong.",
                hits=sum(label.value == label.verdict for label in these),
                n=len(these),
                tickets=wrong,
            )
        )
    return [figure for figure in made if figure.n]


def _coverage(history: History) -> Chart:
    series = {question: _by_week(history, weeks) for question, weeks in sorted(history.verdicts.items())}
    return Chart(
        name="coverage",
        title="Decided by the model, by week",
        means="A falling line is drift: mails come that the model does not know.",
        shape=Shape.LINES,
        across=history.period.weeks,
        series=series,
        unit=Unit.SHARE,
        axis="week from",
    )


def _by_week(history: History, weeks: Mapping[str, tuple[int, int]]) -> tuple[float, ...]:
    counted = [weeks.get(week, (0, 0)) for week in history.period.weeks]
    return tuple(decided / judged if judged else float("nan") for judged, decided in counted)
