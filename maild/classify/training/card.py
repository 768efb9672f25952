"""A model and its card on disk: arrays that cannot run code, and a page that says where they come from."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from maild.classify.training.desk.content import marks
from maild.classify.training.example import Example
from maild.classify.training.fitting import Fitted


def write_model(file: Path, fitted: Fitted, learnt_from: Sequence[Example] = ()) -> None:
    """Write `file` (.npz): words, idf, weights, intercept, marks of its texts. The same model gives the same bytes."""
    words = "\n".join(fitted.vectoriser.get_feature_names_out()).encode()
    np.savez_compressed(
        file,
        vocabulary=np.frombuffer(words, dtype=np.uint8),
        idf=fitted.vectoriser.idf_.astype(np.float32),
        weights=fitted.weights.astype(np.float16),
        intercept=fitted.intercept,
        trained_on=marks(learnt_from),  # so that it is never judged by what it has learnt from
    )


def write_card(file: Path, card: dict[str, Any]) -> None:
    """Write `file` (.json)."""
    file.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
