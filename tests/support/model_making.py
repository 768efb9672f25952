"""Small models for tests: words that say a label, and a card that fits."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from maild.classify.content import digest_of
from maild.classify.encoder.sentences import find_encoder
from maild.store.models.versions import NewVersion

NETWORK = ("vpn", "cannot", "connect", "server", "connection", "client", "drops", "error", "morning", "minutes")
"""Words of the mail that the stories send, and of an ordinary one about a network."""

CATEGORIES = ("access", "network", "software")


def some_content(
    says: Mapping[str, Sequence[str]], labels: Sequence[str], *, weight: float = 9.0, **more: np.ndarray[Any, Any]
) -> bytes:
    """A model in which each label's words speak for it; `more` arrays go along, or take the place of its own."""
    words = sorted({word for of_label in says.values() for word in of_label})
    weights = np.zeros((len(words), len(labels)), dtype=np.float16)
    for label, of_label in says.items():
        for word in of_label:
            weights[words.index(word), list(labels).index(label)] = weight
    arrays: dict[str, Any] = {
        "vocabulary": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "idf": np.ones(len(words), dtype=np.float32),
        "weights": weights,
        "intercept": np.zeros(len(labels), dtype=np.float32),
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, **{**arrays, **more})
    return stream.getvalue()


def a_card(labels: Sequence[str] = CATEGORIES, **difference: Any) -> dict[str, Any]:
    usual = {
        "question": "category",
        "labels": list(labels),
        "silent_labels": [],
        "technical_labels": list(labels),
        "languages": ["en"],
        "temperature": 1.0,
        "thresholds": {"0.01": dict.fromkeys(labels, 0.5)},
        "data_digest": "d" * 64,
        "rows": {"desk": dict.fromkeys(labels, 40)},
    }
    return {**usual, **difference}


def a_new_version(label: str = "software", *, beats: str | None = None, **difference: Any) -> NewVersion:
    """A model of categories that says `label` to a mail about the network; `beats`: digest that it was compared with."""
    compared = {"against": beats, "judgement": "better", "n": 200, "wins": 20, "losses": 3, "p": 0.001,
                "because": "20 wins and 3 losses"}  # fmt: skip
    card = a_card() | ({"compared": compared} if beats else {}) | difference
    return NewVersion(content=some_content({label: NETWORK}, CATEGORIES), card=card, because="trained on 120 labels")


def a_version_with_an_encoder(label: str) -> NewVersion:
    """Likewise, of a model that also reads by the sentence encoder, which says nothing of its own."""
    encoder = find_encoder()
    assert encoder is not None, "the extra is part of what developers install"
    sense = np.zeros((encoder.size, len(CATEGORIES)), dtype=np.float16)
    content = some_content({label: NETWORK}, CATEGORIES, sense=sense)
    return NewVersion(content=content, card=a_card(encoder=encoder.digest), because="trained on 120 labels")


def digest(new: NewVersion) -> str:
    return digest_of(new.content, new.card)
