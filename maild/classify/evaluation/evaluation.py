"""An evaluation: what is known about the answers to one question, and what is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maild.classify.evaluation.interval import Measured
from maild.classify.evaluation.measures import Scores
from maild.classify.evaluation.paired import Comparison
from maild.classify.evaluation.relearning import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One contestant's result."""

    name: str
    """Its part: in service, shipped, candidate, shadow, your labels, keywords, majority."""

    what: str
    """Which model or rule it is, in words."""

    scores: Scores
    versus: Comparison | None
    """This one beside the one in service, on the same texts; None for the one in service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was said in service at the time, beside what people said afterwards."""

    source: str
    """Who said it. Only the audit sample is drawn by chance; people correct what they notice."""

    wrong: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One question."""

    question: str
    texts: int
    """Different labelled texts."""

    labels: Mapping[str, int]
    """Label to its number of texts."""

    how: str
    """Which of the texts were asked about, and why no model had learnt from them."""

    standings: tuple[Standing, ...] = ()
    """The one in service first; empty where there are too few texts."""

    notes: tuple[str, ...] = ()
    """What a reader must know."""

    budget: float = 0.05
    """The share of wrong labels that the admin allows."""

    promise: str = ""
    """Whether the error budget is promised for this desk's mail, or a cautious default."""

    happened: tuple[Happened, ...] = ()
    curve: tuple[Point, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Why, in words, to the number of texts."""
