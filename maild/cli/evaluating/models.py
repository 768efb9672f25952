"""The models that an evaluation judges: in service, in the shadow, the newest candidate, and what ships."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.content import read_arrays
from maild.classify.evaluation.question import Learner
from maild.classify.linear import LinearModel
from maild.classify.models import read_files, read_model
from maild.errors import Refused
from maild.store.engine import Connection
from maild.store.models import Stored, Version, list_versions, read_stored
from maild.store.thresholds import list_raised

STANDINGS: Mapping[str, str] = {"in_service": "in service", "shadow": "shadow", "candidate": "candidate"}
"""What the store calls a version to what a report calls it, in the order of the report."""


def read_shipped(folder: Path, question: str, *, error_budget: float) -> Learner | None:
    """Give the model that came with maild; None for a question that none answers. Raises Refused where it is broken."""
    file = folder / f"{question}.npz"
    if not file.exists():
        return None
    try:
        content, card = read_files(file)
        model = read_model(content, card, error_budget=error_budget)
    except (OSError, ValueError, Refused) as error:
        raise Refused(f"The shipped model {file} cannot be read: {error}. Install maild again.") from error
    promise = promise_of(card, error_budget)
    what = f"{question}-0, which came with maild"
    return Learner(name="shipped", what=what, model=model, trained_on=_marks(content), promise=promise)


def read_learners(connection: Connection, shipped: Learner, *, error_budget: float) -> tuple[Learner, ...]:
    """Give the model in service first, then the others that are worth a look, the shipped one last.

    A version that cannot be read is left out; `maild check` and `maild models` say why.
    """
    found: dict[str, Learner] = {}
    for version in list_versions(connection, shipped.model.question):  # newest first
        name = STANDINGS.get(version.standing)
        if name is None or name in found:
            continue
        learner = _of_version(connection, version, name, error_budget)
        if learner is not None:
            found[name] = learner
    named = [found[name] for name in STANDINGS.values() if name in found]
    if "in service" in found:
        return (*named, shipped)
    return (replace(shipped, name="in service"), *named)


def with_raised(connection: Connection, learners: tuple[Learner, ...]) -> tuple[Learner, ...]:
    """Ask as much of each label as running daemons do."""
    least = {(raised.digest, raised.label): raised.least for raised in list_raised(connection)}

    def higher(model: LinearModel) -> LinearModel:
        pairs = zip(model.labels, model.thresholds, strict=True)
        return replace(model, thresholds=tuple(max(own, least.get((model.digest, label), 0.0)) for label, own in pairs))

    return tuple(replace(learner, model=higher(learner.model)) for learner in learners)


def _of_version(connection: Connection, version: Version, name: str, error_budget: float) -> Learner | None:
    try:
        stored = read_stored(connection, version.digest)
        below: Stored | None = read_stored(connection, version.base) if version.base else None
        base = read_model(below.content, below.card, error_budget=error_budget) if below else None
        model = read_model(stored.content, stored.card, error_budget=error_budget, base=base)
    except Refused:
        return None
    promise = promise_of(stored.card, error_budget)
    marks = np.union1d(_marks(stored.content), _marks(below.content)) if below else _marks(stored.content)
    return Learner(name=name, what=version.name, model=model, trained_on=marks, promise=promise)


def promise_of(card: Mapping[str, Any], error_budget: float) -> str:
    """Say whether the card promises the error budget for this desk's mail, or is a cautious default."""
    guarantee = card.get("guarantee") or {}
    if guarantee.get("holds") == "desk history":
        return (
            f"at most {error_budget:.0%} wrong: proven on {guarantee['n']:,} held-out texts of this desk, with a "
            f"confidence of {1 - guarantee['delta']:.0%}; it holds for mail like them"
        )
    return (
        f"at most {error_budget:.0%} wrong: a cautious default and no promise; the thresholds were not proven on this "
        "desk's own mail"
    )


def _marks(content: bytes) -> npt.NDArray[np.uint32]:
    """Marks of the texts that a model has learnt from; none where it does not say."""
    return np.asarray(read_arrays(content).get("trained_on", np.zeros(0)), dtype=np.uint32)
