"""Counting a history: by tables what every text would be counted by itself."""

from collections import Counter

import numpy as np
import pytest

from maild.classify.terms import terms
from maild.classify.training.desk.counting import count_texts

TEXTS = [
    "the vpn drops, the vpn drops again and cannot reconnect",
    "l'imprimante n'imprime pas; ça ne marche pas",
    "a",
    "",
    "banana bananas ananas",
    "Überraschung über Überraschung",
]


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[::-1], TEXTS[:1]])
def test_every_text_has_the_terms_that_it_has_alone(texts: list[str]) -> None:
    counts = count_texts(texts)
    names = {place: term for term, place in counts.place_of.items()}
    assert len(names) == counts.matrix.shape[1]
    for row, text in enumerate(texts):
        found = counts.matrix[row].toarray().ravel()
        assert {names[place]: found[place] for place in np.flatnonzero(found).tolist()} == Counter(terms(text))


def test_a_pair_of_a_single_text_is_counted_only_where_a_model_knows_it() -> None:
    whole, without, known = (
        count_texts(TEXTS),
        count_texts(TEXTS, kept=()),
        count_texts(TEXTS, kept=("drops again", "cannot+vpn")),
    )
    assert set(whole.terms) - set(known.terms) >= {"cannot reconnect"}
    assert set(known.terms) - set(without.terms) == {"drops again", "cannot+vpn"}
    for term in known.terms:
        same = whole.matrix[:, whole.place_of[term]] != known.matrix[:, known.place_of[term]]
        assert same.nnz == 0


def test_words_farther_apart_are_a_pair_in_whatever_order() -> None:
    found = terms("reset the old password of my vpn") + terms("vpn slow old password reset")
    assert found.count("reset+vpn") == 2
    assert "old+vpn" in found
    far = terms("alpha beta gamma delta epsilon zeta")
    assert "alpha+epsilon" in far
    assert "alpha+zeta" not in far
    assert "alpha+beta" not in far


def test_of_many_texts_a_pair_that_stands_apart_is_counted_only_where_it_is_not_rare() -> None:
    texts = ["reset my old badge"] * 2 + ["vpn drops every night again"] * 3 + ["nothing else"] * 14_995
    counts, known = count_texts(texts, kept=()), count_texts(texts, kept=("badge+reset",))
    assert "night+vpn" in counts.terms
    assert "badge+reset" not in counts.terms
    assert "badge+reset" in known.terms
