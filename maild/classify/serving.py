"""Which models answer: the shipped ones, the desk's own versions in their place, and thresholds that were raised."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from maild.classify.linear import LinearModel
from maild.classify.model_files import read_files
from maild.classify.models import Models, read_model
from maild.classify.points import Points
from maild.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A version of one question's model as files, for processes that read it for themselves."""

    question: str
    digest: str
    """It must still be this one when it is read."""

    file: Path
    """The content; its card stands beside it."""

    base: Path | None = None
    """Likewise, the model that it stands on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A label's threshold above the one on the model's card, since corrections broke the error budget."""

    digest: str
    """Of the model."""

    label: str
    least: float
    """As in `LinearModel.thresholds`."""


def read_chosen(chosen: Chosen, *, error_budget: float) -> tuple[LinearModel, frozenset[str]]:
    """Read a version, and which of its labels are technical.

    Raises Refused, with the reason, where it is not what was chosen, or cannot be read.
    """
    try:
        base = chosen.base and read_model(*read_files(chosen.base), error_budget=error_budget)
        content, card = read_files(chosen.file)
        model = read_model(content, card, error_budget=error_budget, base=base or None)
    except (OSError, ValueError) as error:
        raise Refused(f"its copy {chosen.file} cannot be read: {error}") from error
    check(model, question=chosen.question, digest=chosen.digest)
    return model, frozenset(card.get("technical_labels", ()))


def check(model: LinearModel, *, question: str, digest: str) -> None:
    """Raise Refused where a model is not the one that was asked for, or answers no question of this maild."""
    if model.digest != digest:
        raise Refused(f"it is damaged: its digest is {model.digest[:12]} and not {digest[:12]}")
    if model.question != question or question not in LEARNT:
        raise Refused(f"it answers {model.question!r}, and this maild asks a model {', '.join(sorted(LEARNT))}")


def put_in_place(models: Models, version: LinearModel, technical_labels: Collection[str] = ()) -> Models:
    """Let a version answer in place of the shipped model.

    `technical_labels`: labels of a category version that are technical, as its card names them.
    """
    if version.question in SCALES:
        on_table: dict[str, Any] = {version.question: replace(getattr(models, version.question), learnt=version)}
        return replace(models, **on_table)
    if version.question == REPLIES:
        return replace(models, intents=replace(models.intents, learnt=version))
    changed: dict[str, Any] = {version.question: version}
    if version.question == "category":
        changed["technical_categories"] = frozenset(models.technical_categories) | frozenset(technical_labels)
    return replace(models, **changed)


def raise_thresholds(models: Models, raised: Sequence[Raised]) -> Models:
    """Ask more of some labels; no threshold ever becomes lower than on its model's card."""
    changed: dict[str, Any] = {}
    for question, model in answering(models).items():
        least = {each.label: each.least for each in raised if each.digest == model.digest}
        if least:
            pairs = zip(model.labels, model.thresholds, strict=True)
            higher = tuple(max(threshold, least.get(label, 0.0)) for label, threshold in pairs)
            changed[question] = replace(model, thresholds=higher)
    return replace(models, **changed)


def answering(models: Models) -> Mapping[str, LinearModel]:
    """Question to the learnt model that answers it, and no person has to."""
    found = {question: getattr(models, question) for question in sorted(QUESTIONS | {TEAM})}
    return {question: model for question, model in found.items() if model is not None}


QUESTIONS = frozenset(field.name for field in fields(Models) if field.type in (LinearModel, "LinearModel"))
"""Questions that a learnt model answers in every desk."""

TEAM = "team"
"""The question that no shipped model answers: whose teams they are only the desk's own labels can say."""

SCALES = frozenset(field.name for field in fields(Models) if field.type in (Points, "Points"))
"""Questions that a table of points answers, alone or with what the desk's labels have learnt on top of it."""

REPLIES = "reply_intent"
"""The question that phrases answer, alone or with what the desk's labels have taught beside them."""

LEARNT = QUESTIONS | SCALES | {REPLIES, TEAM}
"""Questions of which a version may answer."""
