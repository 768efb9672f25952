"""What the sentence encoder makes of a history's texts, each read when it is first asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from maild.classify.arrays import Ints, Singles
from maild.classify.encoder.kept_file import Halves
from maild.classify.encoder.sentences import Encoder

SECONDS = 0.013
"""What a ticket takes to be read, on one processor, on average (benchmarks/models.md); a text of all pieces three times that."""

MOST_ENCODED = 50_000
"""Texts up to which an encoder is tried: some eleven minutes of the first night. More of them are read only where 4,000 say that it helps, and later nights read what is new (`encoder.keeping`)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Senses:
    """One row of numbers for each text, in halves as they are kept: what was read last night says what it would say today."""

    encoder: Encoder
    texts: Sequence[str]
    _read: dict[int, Halves] = field(default_factory=dict)

    def of(self, rows: Ints) -> Singles:
        """Shape (rows, size of the encoder)."""
        for row in rows.tolist():
            if row not in self._read:
                self._read[row] = self.encoder.encode(self.texts[row]).astype(np.float16)
        return np.array([self._read[row] for row in rows.tolist()], dtype=np.float32).reshape(-1, self.encoder.size)


def senses_of(texts: Sequence[str], encoder: Encoder | None) -> Senses | None:
    """None where there is no encoder, or too much to read."""
    return None if encoder is None or len(texts) > MOST_ENCODED else Senses(encoder=encoder, texts=texts)
