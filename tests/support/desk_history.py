"""A small labelled history, written for the tests: every label has words of its own among words of all."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from maild.classify.training.example import Example

WORDS = {
    "network": ["vpn", "wifi", "router", "tunnel", "gateway", "bandwidth"],
    "access": ["password", "account", "locked", "permission", "login", "badge"],
    "billing": ["invoice", "payment", "refund", "charge", "receipt", "discount"],
    "drones": ["drone", "rotor", "hover", "battery", "takeoff", "landing"],
}
ALL = [
    "monkey",
    "giraffe",
    "yellow",
    "window",
    "paper",
    "garden",
    "river",
    "stone",
    "morning",
    "cloud",
    "bridge",
    "lamp",
]
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def a_text(label: str, chance: np.random.Generator) -> str:
    """Four telling words among six that tell nothing."""
    chosen = [*chance.choice(WORDS[label], size=4), *chance.choice(ALL, size=6, replace=False)]
    return " ".join(chance.permutation(chosen))


def a_history(sizes: Mapping[str, int], *, question: str = "category", seed: int = 5) -> list[Example]:
    """So many texts of each label, in mixed order, one an hour."""
    chance = np.random.default_rng(seed)
    labels = chance.permutation([label for label, size in sizes.items() for _ in range(size)])
    return [
        Example(
            text=a_text(str(label), chance), corpus="desk", group=f"ticket {number}", labels={question: str(label)},
            at=BEGINNING + timedelta(hours=number), ticket=f"T-{number}",
        )
        for number, label in enumerate(labels.tolist(), start=1)
    ]  # fmt: skip
