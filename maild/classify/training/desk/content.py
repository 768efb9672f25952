"""A desk's model as bytes: arrays that cannot run code; the same model gives the same bytes."""

import io
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from maild.classify.training.desk.ground import Ground
from maild.classify.training.desk.recipe import Learnt
from maild.classify.training.example import Example

Arrays = dict[str, npt.NDArray[np.generic]]


def arrays_of(ground: Ground, learnt: Learnt) -> Arrays:
    """Vocabulary, idf, weights, intercept, with a base the mixing of its scores, with an encoder its weights."""
    words = learnt.weighing.words
    arrays: Arrays = {
        "vocabulary": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "idf": learnt.weighing.idf,
        "weights": learnt.weights.terms[: len(words)].astype(np.float16),
        "intercept": learnt.weights.intercept.astype(np.float32),
    }
    if ground.base is not None and learnt.recipe.leans:
        size = ground.base.block.shape[1]
        of_block = ground.base.to_block @ learnt.weights.terms[len(words) : len(words) + size]
        arrays["mixing"] = (ground.base.to_offset + of_block).astype(np.float32)
    if learnt.sense_weights is not None:
        arrays["sense"] = learnt.sense_weights.weights.astype(np.float16)
        if learnt.sense_weights.hidden is not None and learnt.sense_weights.shift is not None:
            arrays |= {
                "hidden": learnt.sense_weights.hidden.astype(np.float16),
                "shift": learnt.sense_weights.shift.astype(np.float32),
            }
    return arrays


def pack(arrays: Mapping[str, npt.NDArray[np.generic]]) -> bytes:
    """Write the arrays into one archive."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def marks(examples: Sequence[Example]) -> npt.NDArray[np.uint32]:
    """A mark of 32 bits of each text, sorted: what a model has learnt from is never what it is judged by."""
    return np.unique(np.array([mark(example.text) for example in examples], dtype=np.uint32))


def mark(text: str) -> int:
    """The mark of one text, as `model_text` made it."""
    return zlib.crc32(text.encode())
