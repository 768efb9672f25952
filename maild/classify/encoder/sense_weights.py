"""What a model adds to the scores of its labels for the encoder's numbers: straight, or through one hidden layer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Singles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SenseWeights:
    """The weights of a text as a whole. Whatever they add stands under one name in the because, so it is exact either way."""

    weights: Singles
    """Shape (size of the encoder, labels); behind a hidden layer (its units, labels)."""

    hidden: Singles | None = None
    """Shape (size of the encoder, units)."""

    shift: Singles | None = None
    """Shape (units,): added to each unit, of which what is left below nothing is nothing."""

    def scores(self, senses: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of one text, shape (labels,), or of several, shape (texts, labels)."""
        if self.hidden is None or self.shift is None:
            straight: npt.NDArray[Any] = senses @ self.weights
            return straight
        through: npt.NDArray[Any] = np.maximum(senses @ self.hidden + self.shift, 0) @ self.weights
        return through

    def fits(self, size: int, labels: int) -> bool:
        """Whether the shapes go together, and with an encoder and a model of these sizes."""
        if self.hidden is None and self.shift is None:
            return self.weights.shape == (size, labels)
        if self.hidden is None or self.shift is None or self.weights.ndim != 2:  # noqa: PLR2004 - a table
            return False
        units = len(self.weights)
        return (
            units > 0
            and self.weights.shape[1] == labels
            and self.hidden.shape == (size, units)
            and self.shift.shape == (units,)
        )
