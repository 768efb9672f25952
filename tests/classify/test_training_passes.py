"""Texts are learnt from in a few passes: nearly the weights that all of them at once would give, and always the same."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from maild.classify.training.desk.passes import fit_in_passes

TEXTS, TERMS, LABELS = 3_000, 60, 3


def drawn() -> tuple[sparse.csr_matrix, np.ndarray]:
    """Texts of six terms, most of them of the label's own."""
    chance = np.random.default_rng(7)
    answers = chance.integers(0, LABELS, TEXTS)
    own = answers[:, None] * (TERMS // LABELS) + chance.integers(0, TERMS // LABELS, (TEXTS, 6))
    columns = np.where(chance.random((TEXTS, 6)) < 0.5, own, chance.integers(0, TERMS, (TEXTS, 6)))
    ones = np.full(TEXTS * 6, 6**-0.5, dtype=np.float32)
    rows = np.repeat(np.arange(TEXTS), 6)
    return sparse.csr_matrix((ones, (rows, columns.ravel())), shape=(TEXTS, TERMS)), answers


@pytest.mark.parametrize("size", [501, 2_500])
def test_passes_decide_as_all_texts_at_once_would(size: int) -> None:
    rows, answers = drawn()
    learnt, held_out = slice(0, size), slice(size, TEXTS)
    whole = LogisticRegression(C=1 / 0.3, tol=1e-6, max_iter=500).fit(rows[learnt], answers[learnt])
    offset, importance = np.zeros((size, LABELS)), np.ones(size)
    one, other = (
        fit_in_passes(rows[learnt], answers[learnt], offset, importance, penalty=0.3, of_intercept=0.3)
        for _ in range(2)
    )
    assert all((mine == theirs).all() for mine, theirs in zip(one, other, strict=True))
    by_passes = (rows[held_out] @ one[0] + one[1]).argmax(axis=1)
    at_once = whole.predict(rows[held_out])
    assert (by_passes == at_once).mean() > 0.95
    assert (by_passes == answers[held_out]).mean() > (at_once == answers[held_out]).mean() - 0.02


def test_an_offset_that_knows_the_answer_leaves_little_to_learn() -> None:
    rows, answers = drawn()
    sure = 8.0 * np.eye(LABELS)[answers]
    weights, _ = fit_in_passes(rows, answers, sure, np.ones(TEXTS), penalty=30.0, of_intercept=0.3)
    free, _ = fit_in_passes(rows, answers, np.zeros_like(sure), np.ones(TEXTS), penalty=30.0, of_intercept=0.3)
    scores = sure + rows @ weights
    assert (scores.argmax(axis=1) == answers).all()
    assert np.abs(free).max() > np.abs(weights).max()
