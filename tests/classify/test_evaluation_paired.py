"""Champion and challenger: better, as good, worse, or nobody can tell."""

from dataclasses import replace

import numpy as np
import pytest

from maild.classify.evaluation.paired import compare, told_p
from maild.classify.evaluation.scored import Scored
from maild.cli.reporting.numbers import said
from maild.knowledge.analysis.figure import Unit
from tests.classify.evaluating import some_scored


def spoilt(scored: Scored, share: float, *, seed: int = 5) -> Scored:
    """The same answers, but this share of the texts gets the next label."""
    chance = np.random.default_rng(seed)
    rows = chance.random(len(scored.truth)) < share
    probabilities = scored.probabilities.copy()
    probabilities[rows] = np.roll(probabilities[rows], 1, axis=1)
    return replace(scored, probabilities=probabilities)


def test_a_model_matches_itself() -> None:
    found = compare(some_scored(400), some_scored(400))
    assert (found.judgement, found.wins, found.losses, found.p) == ("match", 0, 0, 1.0)


def test_a_clearly_better_model_is_better_and_the_other_way_round_it_is_worse() -> None:
    good = some_scored(600)
    bad = spoilt(good, 0.3)
    forth, back = compare(bad, good), compare(good, bad)
    assert forth.judgement == "better"
    assert back.judgement == "worse"
    assert (forth.wins, forth.losses) == (back.losses, back.wins)
    assert forth.macro_f1.value == pytest.approx(-back.macro_f1.value)
    assert "wins" in forth.because


def test_a_slightly_worse_model_is_left_open_where_the_texts_are_few() -> None:
    good = some_scored(100)
    found = compare(good, spoilt(good, 0.06))
    assert found.judgement == "unclear"
    assert "may be worse" in found.because


def test_who_is_right_more_often_by_saying_the_most_frequent_label_is_not_better() -> None:
    """Half of the texts have one label; the champion knows rare ones, and errs with the frequent one now and then."""
    truth = np.where(np.arange(400) % 2, 0, 1 + np.arange(400) // 2 % 4)
    knows = np.where((truth == 0) & (np.arange(400) % 4 > 0), truth, np.where(np.arange(400) % 5 < 2, truth, 0))
    knows[(truth == 0) & (np.arange(400) % 3 == 0)] = 1
    champion = replace(some_scored(400), labels=tuple("abcde"), truth=truth, probabilities=np.eye(5)[knows])
    always = replace(champion, probabilities=np.eye(5)[np.zeros(400, dtype=int)])
    found = compare(champion, always)
    assert found.macro_f1.value < -0.02
    assert found.judgement in ("worse", "unclear")


def test_twelve_texts_judge_nothing() -> None:
    found = compare(some_scored(12), spoilt(some_scored(12), 0.5))
    assert (found.judgement, found.because) == ("unclear", "n = 12: too few to say")


def test_two_equal_models_are_called_different_in_at_most_one_of_twenty_draws() -> None:
    called = 0
    for seed in range(100):
        base = some_scored(200, seed=seed)
        found = compare(spoilt(base, 0.2, seed=1_000 + seed), spoilt(base, 0.2, seed=2_000 + seed), draws=100)
        called += found.judgement in ("better", "worse")
    assert called <= 13  # two tests at a level of one in twenty


def test_a_thread_wins_once_however_long_it_is() -> None:
    long = some_scored(30, twins=40)
    found = compare(spoilt(long, 0.0), replace(long, probabilities=np.roll(long.probabilities, 1, axis=1)))
    assert found.losses > 500
    one = compare(
        some_scored(30), replace(some_scored(30), probabilities=np.roll(some_scored(30).probabilities, 1, axis=1))
    )
    assert found.p == pytest.approx(one.p)


def test_models_are_compared_on_the_same_texts_or_not_at_all() -> None:
    with pytest.raises(ValueError, match="same rows"):
        compare(some_scored(30), some_scored(30, seed=2))


def test_a_chance_that_is_small_is_never_none_at_all() -> None:
    assert [told_p(p) for p in (1.0, 0.0125, 0.001, 0.00099, 0.0)] == [
        *("p = 1.000", "p = 0.013", "p = 0.001", "p < 0.001", "p < 0.001"),
    ]
    assert [said(p, Unit.CHANCE) for p in (0.0125, 0.00099, 0.0)] == ["0.013", "< 0.001", "< 0.001"]
