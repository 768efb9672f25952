"""What the sentence encoder makes of a history's texts, each read when it is first asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from maild.classify.encoder.sentences import Encoder

Halves = npt.NDArray[np.float16]
"""As they are kept, so that a text of last night says what it would say if it were read again."""

MOST_ENCODED = 50_000
"""Texts up to which an encoder is tried: at ten to thirty milliseconds each that is up to a quarter of an hour of the first
night. More of them are read only where 4,000 say that it helps, and later nights read what is new (`encoder.keeping`)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Senses:
    """One row of numbers for each text."""

    encoder: Encoder
    texts: Sequence[str]
    _read: dict[int, Halves] = field(default_factory=dict)

    def of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Shape (rows, size of the encoder)."""
        for row in rows.tolist():
            if row not in self._read:
                self._read[row] = self.encoder.encode(self.texts[row]).astype(np.float16)
        return np.array([self._read[row] for row in rows.tolist()], dtype=np.float32).reshape(-1, self.encoder.size)


def senses_of(texts: Sequence[str], encoder: Encoder | None) -> Senses | None:
    """None where there is no encoder, or too much to read."""
    return None if encoder is None or len(texts) > MOST_ENCODED else Senses(encoder=encoder, texts=texts)
