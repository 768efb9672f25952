"""The models of all questions: read from a folder of models and cards, or handed in as versions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from maild.classify.broken import BROKEN, named
from maild.classify.content import digest_of, floats_of, read_arrays
from maild.classify.encoder.sense_weights import SenseWeights
from maild.classify.encoder.sentences import HOW, Encoder, find_encoder, reading_of, reading_on
from maild.classify.intent.intents import Intents, read_intents
from maild.classify.linear import LinearModel
from maild.classify.model_files import read_files
from maild.classify.neighbours import read_neighbours
from maild.classify.parts import check_parts
from maild.classify.points import Points, read_points
from maild.classify.spam_words import SpamModel
from maild.classify.terms import is_about
from maild.errors import Refused

NEVER = float("inf")
"""A threshold that no confidence reaches."""

MOST_TERMS = 2_000_000
"""Ten times what a million tickets leave after rare terms are dropped."""

DAMAGED = "damaged"
"""What a card that could not be read says instead: why."""

Table = TypeVar("Table")


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
    intents: Intents
    """What replies mean."""

    spam: SpamModel
    """What reads like spam, though no header field says so."""

    team: LinearModel | None = None
    """Which other team takes what is not technical, learnt from the desk's labels alone; None: not yet."""

    teams: Collection[str] = ()
    """The desk's other teams, which alone may be a label."""


def load(
    folder: Path,
    *,
    error_budget: float = 0.05,
    categories: Collection[str] | None = None,
    teams: Collection[str] = (),
) -> Models:
    """Read the models in `folder`; nothing in them can run code.

    `error_budget` is the share of wrong labels that the admin allows; the card names the threshold that kept it.
    Raises Refused where a file is missing or broken.
    """
    try:
        category, technical_categories = _read_shipped(folder, "category", error_budget)
        return Models(
            technical=_read_shipped(folder, "technical", error_budget)[0],
            category=category,
            categories=categories,
            technical_categories=technical_categories,
            urgency=_read_table(read_points, folder, "urgency"),
            impact=_read_table(read_points, folder, "impact"),
            intents=_read_table(read_intents, folder, "reply_intent"),
            spam=SpamModel(words=_read_shipped(folder, "spam", error_budget)[0]),
            teams=teams,
        )
    except BROKEN as error:
        raise Refused(
            f"The models in {folder} cannot be read: {error}. Nothing was classified. "
            "Install maild again, or write them anew with `maild train --data FOLDER`."
        ) from error


def _read_table(reading: Callable[[Path], Table], folder: Path, question: str) -> Table:
    with named(question):
        return reading(folder / f"{question}.json")


def _read_shipped(folder: Path, question: str, error_budget: float) -> tuple[LinearModel, frozenset[str]]:
    """A model of the folder, and which of its labels are technical. Raises Refused where it answers something else."""
    with named(question):
        content, card = read_files(folder / f"{question}.npz")
        model = read_model(content, card, error_budget=error_budget)
        if model.question != question:
            raise Refused(f"it answers {model.question!r}")
        return model, frozenset(card["technical_labels"])


def read_model(
    content: bytes, card: Mapping[str, Any], *, error_budget: float, base: LinearModel | None = None
) -> LinearModel:
    """Make a model of its content and its card.

    `error_budget`: the share of wrong labels that the admin allows. `base`: the model that the card says it stands on.
    Raises Refused, with the reason and not what to do about it, for whatever is damaged or does not fit its card.
    """
    _check_readable(card)
    arrays = read_arrays(content)
    try:
        labels = tuple(map(str, card["labels"]))
        words = _words(arrays["vocabulary"])
        model = LinearModel(
            question=str(card["question"]),
            digest=digest_of(content, card),
            labels=labels,
            silent=frozenset(card["silent_labels"]),
            languages=tuple(card["languages"]),
            vocabulary={word: place for place, word in enumerate(words)},
            idf=floats_of(arrays, "idf"),
            weights=floats_of(arrays, "weights"),
            intercept=floats_of(arrays, "intercept"),
            temperature=float(card["temperature"]),
            none_of_them=float(card.get("none_of_them", -np.inf)),
            thresholds=thresholds_of(card["thresholds"], labels, error_budget),
            base=base,
            mixing=floats_of(arrays, "mixing") if "mixing" in arrays else None,
            encoder=_encoder(card),
            sense_weights=_sense_weights(arrays),
            cues=_cues(card),
            per_point=float(card.get("per_point", 0.0)),
            phrases=floats_of(arrays, "phrases") if "phrases" in arrays else None,
            neighbours=read_neighbours(arrays, labels, len(words)),
            counts_all=base is not None or not all(map(is_about, words)),
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Refused(f"it lacks what a model has: {type(error).__name__} {error}") from error
    check_parts(model, card)
    return model


def _check_readable(card: Mapping[str, Any]) -> None:
    if DAMAGED in card:
        raise Refused(str(card[DAMAGED]))


def _words(vocabulary: npt.NDArray[Any]) -> list[str]:
    """The terms, in order; counted before they are made, since each takes a hundred times its octets."""
    octets = bytes(vocabulary)
    if (lines := octets.count(b"\n") + 1) > MOST_TERMS:
        raise Refused(f"it has {lines:,} terms, and no model of maild has more than {MOST_TERMS:,}")
    return octets.decode("utf-8").split("\n") if octets else []


class NoEncoder(Refused):
    """The sentence encoder that a model was trained with is not here, so it answers nothing."""


def _encoder(card: Mapping[str, Any]) -> Encoder | None:
    """The one that it was trained with, and no other. Raises NoEncoder."""
    named = card.get("encoder")
    if named is None:
        return None
    encoder = find_encoder()
    if encoder is None:
        raise NoEncoder(f"it was trained with the sentence encoder, which is not installed here: {HOW}")
    if encoder.digest != named:
        raise NoEncoder(
            f"it was trained with the sentence encoder {str(named)[:12]}, and {encoder.digest[:12]} is installed here; "
            "train it again"
        )
    if reading_on(card) != reading_of(encoder):
        raise NoEncoder(
            "it was trained when maild read texts for the sentence encoder in another way than today; train it again"
        )
    return encoder


def _sense_weights(arrays: Mapping[str, npt.NDArray[Any]]) -> SenseWeights | None:
    """Of a model that reads by an encoder; older ones have no hidden layer."""
    if "sense" not in arrays:
        if "hidden" in arrays or "shift" in arrays:
            raise Refused("it has a hidden layer for the sentence encoder, and nothing behind it")
        return None
    hidden, shift = (floats_of(arrays, name) if name in arrays else None for name in ("hidden", "shift"))
    return SenseWeights(weights=floats_of(arrays, "sense"), hidden=hidden, shift=shift)


def _cues(card: Mapping[str, Any]) -> Mapping[str, float] | None:
    """Of a model of urgency or impact."""
    return {str(name): float(weight) for name, weight in card["cues"].items()} if "cues" in card else None


def thresholds_of(
    thresholds: Mapping[str, float | Mapping[str, float]], labels: Sequence[str], error_budget: float
) -> tuple[float, ...]:
    """Of the strictest budget on the card that is not wider than the admin's, one for each label.

    A number in place of the labels' own counts for all of them; a label without one is never given. Raises Refused where
    one is below 0 or no number: its label would be given whatever the text says, or never.
    """
    every = [least for row in thresholds.values() for least in (row.values() if isinstance(row, Mapping) else (row,))]
    if not all(float(least) >= 0 for least in every):
        raise Refused(f"its card names a threshold of {min(every)}, and none is below 0")
    kept = [(float(budget), least) for budget, least in thresholds.items() if float(budget) <= error_budget]
    if not kept:
        return (NEVER,) * len(labels)
    least = max(kept, key=lambda pair: pair[0])[1]
    return tuple(float(least.get(label, NEVER) if isinstance(least, Mapping) else least) for label in labels)
