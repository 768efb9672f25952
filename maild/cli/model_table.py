"""How versions of models look: a table a question, and one JSON object a version."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from maild.cli.output import console, printable
from maild.cli.showing import a_table, cell, moment, one_line
from maild.process.desk import Desk
from maild.store.view.models import ModelLine

SHORT = 12
"""Letters of a digest that are shown."""

STYLES = {"in_service": "bold green", "shadow": "cyan", "retired": "dim"}


def document(line: ModelLine) -> dict[str, object]:
    """Give the JSON of one version."""
    card = line.card
    return {
        "question": line.question,
        "name": line.name,
        "digest": line.digest,
        "standing": line.standing,
        "since": line.since,
        "by": line.by,
        "because": line.because,
        "refused": line.refused,
        "data_digest": card.get("data_digest"),
        "base": card.get("base"),
        "n": texts(card),
        "labels": card.get("labels"),
        "languages": card.get("languages"),
        "scores": scores(card),
        "compared": card.get("compared"),
        "guarantee": card.get("guarantee"),
        "shadow": shadow(line),
        "audit": line.audit,
        "raised": [
            {"label": each.label, "least": each.least, "at": each.at, "because": each.because} for each in line.raised
        ],
    }


def texts(card: Mapping[str, Any]) -> int:
    """How many texts it was trained on."""
    rows = card.get("rows") or {}
    return sum(sum(each.values()) if isinstance(each, Mapping) else each for each in rows.values())


def scores(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """Held-out scores of the card; macro-F1 over the labels that have texts, where it names no other."""
    named = dict(card.get("scores") or {})
    per_label = card.get("scores_per_label") or {}
    if "macro_f1" not in named and per_label:
        each = [_f1(label["precision"], label["recall"]) for label in per_label.values() if label["n"]]
        named["macro_f1"] = round(sum(each) / len(each), 4) if each else None
        named["n"] = sum(label["n"] for label in per_label.values())
    return named


def shadow(line: ModelLine) -> dict[str, object] | None:
    """How it agreed with the one in service: as often as both said the same, or both were not sure."""
    if not line.said:
        return None
    n, agreed = _agreement(line)
    differences = [
        {"label": said.label, "served": said.served, "n": said.n} for said in line.said if said.label != said.served
    ]
    return {"n": n, "agreed": agreed, "differences": differences}


def show(lines: Sequence[ModelLine], desk: Desk, error_budget: float) -> None:
    """Print what answers each question, and what else there is."""
    out = console()
    for question, of_question in groupby(lines, key=lambda line: line.question):
        table = a_table("!name", "!standing", "!digest", "!data", "#texts", "#macro-F1", "!since", "by", "because")
        table.title, table.title_justify, table.title_style = question, "left", "bold"
        found = list(of_question)
        for line in found:
            table.add_row(*_row(line, desk))
        out.print(table)
        for remark in (remark for line in found for remark in _remarks(line)):
            out.print(Text(f"  {printable(remark)}"), soft_wrap=True)
    out.print(f"error budget {error_budget:.0%}; maild models promote NAME, shadow NAME, rollback", style="dim")


def _row(line: ModelLine, desk: Desk) -> tuple[Text, ...]:
    score = scores(line.card).get("macro_f1")
    value = score.get("value") if isinstance(score, Mapping) else score
    return (
        cell(line.name, "bold"),
        cell(line.standing.replace("_", " "), STYLES.get(line.standing, "")),
        cell(line.digest[:SHORT]),
        cell((line.card.get("data_digest") or "")[:SHORT]),
        cell(f"{texts(line.card):,}"),
        cell(None if value is None else f"{value:.3f}"),
        moment(line.since, desk.time_zone),
        one_line(line.by, most=30),
        one_line(line.because, most=100),
    )


def _remarks(line: ModelLine) -> list[str]:
    """What must not be overlooked, a sentence each."""
    remarks = []
    if line.refused:
        remarks.append(f"{line.name} is REFUSED: {line.refused}")
    if line.said:
        n, agreed = _agreement(line)
        pairs = [f"{s.label or 'unsure'} for {s.served or 'unsure'} {s.n}x" for s in line.said if s.label != s.served]
        told = f"; where they differ: {', '.join(pairs[:5])}" if pairs else ""
        remarks.append(f"{line.name} agreed with what was in service on {agreed} of {n} mails{told}")
    for audit in line.audit:
        asked = f"{audit.label}: {audit.drawn} asked, {audit.answered} answered, {audit.wrong} wrong"
        remarks.append(f"{line.name} audit, {asked}")
    remarks += [
        f"{line.name} gives {each.label} from {each.least:.3f} on only: {each.because}"
        if each.least <= 1
        else f"{line.name} never gives {each.label}: {each.because}"
        for each in line.raised
    ]
    return remarks


def _agreement(line: ModelLine) -> tuple[int, int]:
    return sum(said.n for said in line.said), sum(said.n for said in line.said if said.label == said.served)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
