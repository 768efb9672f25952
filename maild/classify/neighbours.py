"""The labelled tickets that a mail is most like: what a person would look at to believe a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Ints, Singles

LIKE = 0.25
"""Cosine of words and pairs from which two texts have enough in common to be named."""

_MOST = 3
_SCALE = 255
"""Values are kept in one octet."""

_PIECE = "~"
"""How pieces of words begin: they find misspelt words, and would make all texts alike."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neighbours:
    """The newest labelled tickets, each a sparse vector of length one; all behind one another."""

    places: Ints
    """Of the terms in the model's vocabulary."""

    values: Singles
    starts: Ints
    """Where each ticket begins in `places` and `values`; none is empty."""

    names: tuple[str, ...]
    """What people call the tickets."""

    labels: tuple[str, ...]
    """What people said about each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One ticket that a mail is like."""

    name: str
    label: str
    likeness: float
    """Cosine, from 0 to 1."""


def read_neighbours(arrays: Mapping[str, npt.NDArray[Any]], labels: Sequence[str], terms: int) -> Neighbours | None:
    """Read them from a model's arrays; None where it has none.

    `terms` is the size of the vocabulary. Raises ValueError where they do not fit together.
    """
    if "near_places" not in arrays:
        return None
    places, sizes = arrays["near_places"].astype(np.int64), arrays["near_sizes"].astype(np.int64)
    said, values = arrays["near_labels"].astype(np.int64), arrays["near_values"]
    names = tuple(bytes(arrays["near_names"]).decode("utf-8").split("\n"))
    whole = (sizes > 0).all() and int(sizes.sum()) == len(places) == len(values)
    within = (places < terms).all() and (said < len(labels)).all() and (places >= 0).all() and (said >= 0).all()
    if not (whole and within and len(names) == len(sizes) == len(said)):
        raise ValueError("its labelled tickets do not fit together")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    vectors = values.astype(np.float32)
    lengths = np.sqrt(np.add.reduceat(vectors * vectors, starts))
    vectors /= np.repeat(np.maximum(lengths, 1e-6), sizes)
    return Neighbours(
        places=places, values=vectors, starts=starts, names=names, labels=tuple(labels[place] for place in said)
    )


def pack_neighbours(
    rows: Any, words: Sequence[str], names: Sequence[str], said: Sequence[int]
) -> dict[str, npt.NDArray[np.generic]]:
    """Arrays of labelled tickets. `rows`: sparse TF-IDF, shape (tickets, words); `said`: places of labels."""
    whole = np.array([not word.startswith(_PIECE) for word in words], dtype=bool)
    kept = rows[:, np.flatnonzero(whole)].tocsr()
    columns = np.flatnonzero(whole)
    sizes = np.diff(kept.indptr)
    full = np.flatnonzero(sizes > 0).tolist()
    if not full:
        return {}
    kept = kept[full]
    highest = np.repeat(kept.max(axis=1).toarray().ravel(), np.diff(kept.indptr))
    return {
        "near_places": columns[kept.indices].astype(np.uint32),
        "near_values": np.maximum(np.round(kept.data / highest * _SCALE), 1).astype(np.uint8),
        "near_sizes": np.diff(kept.indptr).astype(np.uint32),
        "near_names": np.frombuffer("\n".join(names[place] for place in full).encode(), dtype=np.uint8),
        "near_labels": np.array([said[place] for place in full], dtype=np.uint16),
    }


def nearest(
    counts: Mapping[str, int], vocabulary: Mapping[str, int], idf: Singles, among: Neighbours
) -> list[Neighbour]:
    """The tickets that a text is most like, nearest first: cosine over the model's own weighting of words and pairs."""
    known = [(vocabulary[term], times) for term, times in counts.items() if term in vocabulary and term[0] != _PIECE]
    if not known:
        return []
    places, times = np.array(known, dtype=np.int64).T
    weighed = (1 + np.log(times)) * idf[places]
    text = np.zeros(len(vocabulary), dtype=np.float32)
    text[places] = weighed / np.sqrt(weighed @ weighed)
    likeness = np.add.reduceat(text[among.places] * among.values, among.starts)
    best = np.argsort(-likeness, kind="stable")[:_MOST]
    return [
        Neighbour(name=among.names[place], label=among.labels[place], likeness=float(likeness[place]))
        for place in best.tolist()
        if likeness[place] >= LIKE
    ]


def told(found: Sequence[Neighbour]) -> str:
    """In words: `like T-12, T-40 (network), T-3 (access)`; nothing where there are none."""
    if not found:
        return ""
    by_label: dict[str, list[str]] = {}
    for one in found:
        by_label.setdefault(one.label, []).append(one.name)
    return "like " + ", ".join(f"{', '.join(names)} ({label})" for label, names in by_label.items())
