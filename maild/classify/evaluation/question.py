"""What is asked, and who answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from maild.classify.evaluation.answers import Contestant
from maild.classify.linear import LinearModel

_NOTHING: npt.NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learner:
    """A learnt model that is judged."""

    name: str
    """As in Standing."""

    what: str
    model: LinearModel
    trained_on: npt.NDArray[np.uint32] = field(default_factory=lambda: _NOTHING)
    """Marks of the texts that it has learnt from."""

    promise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """One question and its contestants."""

    name: str
    allowed: tuple[str, ...]
    """The desk's labels, a scale in its order."""

    is_scale: bool = False
    learners: tuple[Learner, ...] = ()
    """The one in service first."""

    base: LinearModel | None = None
    """What the desk's own training stands on."""

    rules: tuple[tuple[str, str, Contestant], ...] = ()
    """Name, words and rule, for questions that no learnt model answers: the one in service first."""

    keywords: Mapping[str, Collection[str]] = field(default_factory=dict)
    budget: float = 0.05
