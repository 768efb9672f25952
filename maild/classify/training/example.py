"""An example: one labelled text of one collection."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text as a model reads it, with what is known about it."""

    text: str
    """What `model_text` made of it."""

    corpus: str
    group: str
    """Near-duplicates share it, so that none is on both sides of a split."""

    labels: Mapping[str, str]
    """Question to label, only where the collection says it."""
