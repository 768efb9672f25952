"""What is asked, and who answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from maild.classify.evaluation.answers import Answering
from maild.classify.linear import LinearModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contestant:
    """A model, a table or a rule that is judged."""

    name: str
    """As in Standing."""

    what: str
    answering: Answering
    trained_on: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    """Marks of the texts that it has learnt from."""

    is_desks: bool = False
    """Whether the desk's own training made it, so that this can be repeated in its place."""

    held_out: str = ""
    """What its card says about it on texts that were held out when it was made."""

    promise: str = ""
    """Whether the error budget is promised for this desk's mail."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """One question and its contestants."""

    name: str
    allowed: tuple[str, ...]
    """The desk's labels, a scale in its order."""

    is_scale: bool = False
    contestants: tuple[Contestant, ...] = ()
    """The one in service first."""

    is_learnt: bool = False
    """Whether the desk's own training can be repeated on parts of the texts."""

    base: LinearModel | None = None
    """What that training stands on."""

    base_trained_on: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    """Marks of the texts that the base has learnt from."""

    keywords: Mapping[str, Collection[str]] = field(default_factory=dict)
    budget: float = 0.05
