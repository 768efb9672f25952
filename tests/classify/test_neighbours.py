"""The labelled tickets that a mail is like: few octets, little time, and nothing where nothing is alike."""

import time
from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from maild.classify.neighbours import Neighbour, Neighbours, nearest, pack_neighbours, read_neighbours, told

WORDS = ["printer", "printer jams", "jams", "vpn", "~pri"]
PLACE_OF = {word: place for place, word in enumerate(WORDS)}
IDF = np.ones(len(WORDS), dtype=np.float32)
LABELS = ["hardware", "network"]


def some_arrays() -> dict[str, np.ndarray[Any, Any]]:
    rows = sparse.csr_matrix([[0.6, 0.5, 0.5, 0, 0.4], [0, 0, 0, 1.0, 0], [0, 0, 0, 0, 1.0]])
    return pack_neighbours(rows, WORDS, ["T-12", "T-40", "T-41"], [0, 1, 0])


def some() -> Neighbours:
    found = read_neighbours(some_arrays(), LABELS, len(WORDS))
    assert found is not None
    return found


def test_the_most_alike_ticket_is_found_with_what_was_said_about_it() -> None:
    found = nearest(Counter(["printer", "jams", "~pri"]), PLACE_OF, IDF, some())
    assert [(one.name, one.label) for one in found] == [("T-12", "hardware")]
    assert found[0].likeness == pytest.approx(1.1 / (0.86**0.5 * 2**0.5), abs=0.01)


def test_pieces_of_words_alone_make_nothing_alike() -> None:
    assert nearest(Counter(["~pri"]), PLACE_OF, IDF, some()) == []
    assert "T-41" not in some().names


def test_a_text_without_known_words_is_like_nothing() -> None:
    assert nearest(Counter(["giraffe"]), PLACE_OF, IDF, some()) == []


def test_tickets_are_told_by_their_labels() -> None:
    found = [
        Neighbour(name=name, label=label, likeness=0.5) for name, label in (("T-12", "a"), ("T-3", "b"), ("T-40", "a"))
    ]
    assert told(found) == "like T-12, T-40 (a), T-3 (b)"
    assert told([]) == ""


def test_a_model_without_tickets_has_none() -> None:
    assert read_neighbours({}, LABELS, len(WORDS)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("near_places", np.array([0, 1, 2, 99], dtype=np.uint32)),
        ("near_sizes", np.array([3, 0], dtype=np.uint32)),
        ("near_sizes", np.array([3, 7], dtype=np.uint32)),
        ("near_labels", np.array([0, 9], dtype=np.uint16)),
        ("near_names", np.frombuffer(b"T-12", dtype=np.uint8)),
        ("near_values", np.array([1], dtype=np.uint8)),
    ],
)
def test_tickets_that_do_not_fit_the_model_are_refused(name: str, value: np.ndarray[Any, Any]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        read_neighbours({**some_arrays(), name: value}, LABELS, len(WORDS))


def test_three_thousand_tickets_are_compared_in_milliseconds() -> None:
    chance = np.random.default_rng(1)
    words = [f"w{number}" for number in range(50_000)]
    rows = sparse.random(3_000, len(words), density=64 / len(words), format="csr", random_state=chance)
    packed = pack_neighbours(rows, words, [f"T-{number}" for number in range(3_000)], [0] * 3_000)
    among = read_neighbours(packed, LABELS, len(words))
    assert among is not None
    place_of = {word: place for place, word in enumerate(words)}
    counts = Counter(chance.choice(words, size=100).tolist())
    spent = time.process_time()
    for _ in range(20):
        nearest(counts, place_of, np.ones(len(words), dtype=np.float32), among)
    assert (time.process_time() - spent) / 20 < 0.2
