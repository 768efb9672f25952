"""The models of all questions, as read from a folder of models and cards."""

import json
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from maild.classify.linear import LinearModel
from maild.classify.points import Points, read_points
from maild.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Models:
    """What `classify` asks."""

    technical: LinearModel
    category: LinearModel
    categories: Collection[str] | None
    """The desk's categories, which alone may be a label; None: whatever the model knows."""

    technical_categories: Collection[str]
    """The category model's labels that are technical."""

    urgency: Points
    impact: Points


def load(folder: Path, *, error_budget: float = 0.05, categories: Collection[str] | None = None) -> Models:
    """Read the models in `folder`; nothing in them can run code.

    `error_budget` is the share of wrong labels that the admin allows; the card names the threshold that kept it.
    Raises Refused where a file is missing or broken.
    """
    try:
        card = _read_card(folder / "category.json")
        return Models(
            technical=read_model(folder / "technical.npz", error_budget=error_budget),
            category=read_model(folder / "category.npz", error_budget=error_budget),
            categories=categories,
            technical_categories=frozenset(card["technical_labels"]),
            urgency=read_points(folder / "urgency.json"),
            impact=read_points(folder / "impact.json"),
        )
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise Refused(
            f"The models in {folder} cannot be read: {error}. Nothing was classified. "
            "Install maild again, or write them anew with `maild train`."
        ) from error


def read_model(file: Path, *, error_budget: float) -> LinearModel:
    """Read one model and its card (same stem). Raises OSError, KeyError or ValueError where one is broken."""
    card = _read_card(file.with_suffix(".json"))
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        words = bytes(arrays["vocabulary"]).decode("utf-8").split("\n")
        weights = arrays["weights"].astype(np.float32)
        idf, intercept = arrays["idf"].astype(np.float32), arrays["intercept"].astype(np.float32)
    if weights.shape != (len(words), len(card["labels"])) or idf.shape != (len(words),):
        raise ValueError(f"{file.name} does not fit its card")
    return LinearModel(
        question=card["question"],
        labels=tuple(card["labels"]),
        silent=frozenset(card["silent_labels"]),
        languages=tuple(card["languages"]),
        vocabulary={word: place for place, word in enumerate(words)},
        idf=idf,
        weights=weights,
        intercept=intercept,
        temperature=card["temperature"],
        threshold=_threshold(card["thresholds"], error_budget),
    )


def _threshold(thresholds: Mapping[str, float], error_budget: float) -> float:
    """The threshold of the strictest budget on the card that is not wider than the admin's; 1 and more: never."""
    kept = [(float(budget), least) for budget, least in thresholds.items() if float(budget) <= error_budget]
    return max(kept)[1] if kept else float("inf")


def _read_card(file: Path) -> dict[str, Any]:
    card = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(card, dict):
        raise ValueError(f"{file.name} is not a card")  # noqa: TRY004 - a broken file, not a wrong call
    return card
