"""The models that an evaluation judges: in service, in the shadow, the newest candidate, and what ships."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.broken import reading_shipped
from maild.classify.content import read_arrays
from maild.classify.linear import LinearModel
from maild.classify.model_files import read_files
from maild.classify.models import read_model
from maild.classify.serving import check
from maild.errors import NotFound, Refused
from maild.store.engine import Connection
from maild.store.models.thresholds import list_raised
from maild.store.models.versions import Version, list_versions, read_stored

STANDINGS: Mapping[str, str] = {"in_service": "in service", "shadow": "shadow", "candidate": "candidate"}
"""What the store calls a version to what a report calls it, in the order of the report."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """A learnt model that is to be judged."""

    name: str
    """As in Standing."""

    what: str
    model: LinearModel
    trained_on: npt.NDArray[np.uint32]
    """Marks of the texts that it, or what it stands on, has learnt from."""

    promise: str
    held_out: str = ""
    """What its card says about it beside the one before, on held-out texts."""


def read_shipped(folder: Path, question: str, *, error_budget: float) -> Judged:
    """Give the model that came with maild. Raises Refused where it is missing or broken."""
    file = folder / f"{question}.npz"
    with reading_shipped(file):
        content, card = read_files(file)
        model = read_model(content, card, error_budget=error_budget)
    what, promise = f"{question}-0, which came with maild", promise_of(card, model, error_budget)
    return Judged(name="shipped", what=what, model=model, trained_on=_marks(content), promise=promise)


def read_versions(connection: Connection, question: str, *, error_budget: float) -> Sequence[Judged]:
    """Give the desk's own version in service, the one in the shadow and the newest candidate, where there are.

    A version that cannot be read is left out; `maild check` and `maild models` say why.
    """
    least = {(raised.digest, raised.label): raised.least for raised in list_raised(connection)}
    found: dict[str, Judged] = {}
    for version in list_versions(connection, question):  # newest first
        name = STANDINGS.get(version.standing)
        if name is not None and name not in found and (judged := _of_version(connection, version, name, error_budget)):
            found[name] = replace(judged, model=_raise(judged.model, least))
    return [found[name] for name in STANDINGS.values() if name in found]


def raise_shipped(connection: Connection, shipped: Judged) -> Judged:
    """Ask as much of each label of the shipped model as running daemons do."""
    least = {(raised.digest, raised.label): raised.least for raised in list_raised(connection)}
    return replace(shipped, model=_raise(shipped.model, least))


def _raise(model: LinearModel, least: Mapping[tuple[str, str], float]) -> LinearModel:
    pairs = zip(model.labels, model.thresholds, strict=True)
    return replace(model, thresholds=tuple(max(own, least.get((model.digest, label), 0.0)) for label, own in pairs))


def _of_version(connection: Connection, version: Version, name: str, error_budget: float) -> Judged | None:
    try:
        stored = read_stored(connection, version.digest)
        below = read_stored(connection, version.base) if version.base else None
        base = read_model(below.content, below.card, error_budget=error_budget) if below else None
        model = read_model(stored.content, stored.card, error_budget=error_budget, base=base)
        check(model, question=version.question, digest=version.digest)
    except (Refused, NotFound):
        return None
    promise = promise_of(stored.card, model, error_budget)
    marks = np.union1d(_marks(stored.content), _marks(below.content)) if below else _marks(stored.content)
    compared = (stored.card.get("compared") or {}).get("because", "")
    return Judged(name=name, what=version.name, model=model, trained_on=marks, promise=promise, held_out=str(compared))


def promise_of(card: Mapping[str, Any], model: LinearModel, error_budget: float) -> str:
    """Say whether the card promises the error budget for this desk's mail, or is a cautious default.

    Nothing of a scale: it always answers, whatever the budget.
    """
    if model.cues is not None:
        return ""
    guarantee = card.get("guarantee") or {}
    budget = f"at most {100 * error_budget:g} % wrong"
    if min(model.thresholds) > 1:
        return f"{budget}: no confidence is enough for that, so every text is left to a person until more labels or a wider budget allow it"
    if guarantee.get("holds") != "desk history" or not _is_proven(card, error_budget):
        return f"{budget}: a cautious default and no promise; its thresholds were not proven on this desk's own mail"
    sure = f"proven on {guarantee['n']:,} held-out texts with a confidence of {100 * (1 - guarantee['delta']):g} %"
    return f"{budget}: {sure}. {guarantee.get('because', '')}".rstrip(" .")


def _is_proven(card: Mapping[str, Any], error_budget: float) -> bool:
    """Whether the budget that the thresholds are read by is one of those that were proven; all are where the card names none."""
    narrower = [budget for budget in card["thresholds"] if float(budget) <= error_budget]
    return max(narrower, key=float) in card["guarantee"].get("budgets", narrower)


def _marks(content: bytes) -> npt.NDArray[np.uint32]:
    """Marks of the texts that a model has learnt from; none where it does not say."""
    return np.asarray(read_arrays(content).get("trained_on", np.zeros(0)), dtype=np.uint32)
