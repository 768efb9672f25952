"""Scores are those of the textbooks, and their intervals hold what they say."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_fscore_support, roc_auc_score

from maild.classify.arrays import Floats
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.counts import confusion, kappa, macro_f1
from maild.classify.evaluation.coverage import accuracy_of_surest, coverage
from maild.classify.evaluation.interval import LEAST, Measured, clopper_pearson, share, wilson
from maild.classify.evaluation.measures import measure
from maild.classify.evaluation.ranking import auc
from maild.classify.evaluation.reliability import reliability
from maild.classify.evaluation.scored import Scored, numbered
from tests.classify.evaluating import LABELS, a_scored, some_scored


def test_precision_recall_and_f1_are_those_of_scikit_learn() -> None:
    scored = some_scored(700)
    found = measure(scored)
    precision, recall, f1, n = precision_recall_fscore_support(scored.truth, scored.best)
    for place, label in enumerate(found.labels):
        assert label.label == LABELS[place]
        assert label.precision.value == pytest.approx(precision[place])
        assert label.recall.value == pytest.approx(recall[place])
        assert label.f1.value == pytest.approx(f1[place])
        assert label.n == n[place]
    assert found.macro_f1.value == pytest.approx(f1_score(scored.truth, scored.best, average="macro"))
    assert found.accuracy.value == pytest.approx((scored.truth == scored.best).mean())


def test_kappa_weighs_a_far_miss_more_than_a_near_one() -> None:
    chance = np.random.default_rng(1)
    truth, said = chance.integers(0, 3, 200), chance.integers(0, 3, 200)
    table = confusion(a_scored(truth.tolist(), said.tolist()))
    assert kappa(table) == pytest.approx(cohen_kappa_score(truth, said, weights="quadratic"))
    near = kappa(confusion(a_scored([0, 1, 2, 0], [1, 1, 2, 0])))
    far = kappa(confusion(a_scored([0, 1, 2, 0], [2, 1, 2, 0])))
    assert far < near < 1


def test_kappa_of_a_constant_is_unknown_and_not_zero() -> None:
    found = measure(a_scored([1] * 30, [1] * 30), is_scale=True)
    assert found.kappa is None
    assert found.accuracy.value == 1


def test_the_area_under_the_curve_is_that_of_scikit_learn_with_ties_and_weights() -> None:
    chance = np.random.default_rng(2)
    scores = np.round(chance.random(300), 1)
    is_true, weights = chance.random(300) < scores, chance.integers(0, 4, 300).astype(float)
    assert auc(scores, is_true) == pytest.approx(roc_auc_score(is_true, scores))
    assert auc(scores, is_true, weights) == pytest.approx(roc_auc_score(is_true, scores, sample_weight=weights))
    assert np.isnan(auc(scores, np.ones(300, dtype=bool)))


def test_a_model_that_keeps_its_word_shows_no_more_error_than_chance() -> None:
    honest, boastful = reliability(some_scored(3_000)), reliability(some_scored(3_000, sharper=3.0))
    assert honest.error.value < 2 * honest.by_chance
    assert honest.error.low < 0.01
    assert boastful.error.value > 5 * boastful.by_chance
    assert boastful.error.low > 0.05
    assert all(each.right.value < each.confidence for each in boastful.bins[1:])


def test_bins_have_the_same_number_of_texts_and_few_texts_have_few_bins() -> None:
    assert {each.right.n for each in reliability(some_scored(3_000)).bins} == {200}
    assert len(reliability(some_scored(70)).bins) == 3
    assert len(reliability(some_scored(5)).bins) == 1


def test_the_surest_texts_are_more_often_right() -> None:
    scored = some_scored(2_000)
    every = np.ones(2_000)
    assert accuracy_of_surest(scored, every) > scored.is_right.mean() + 0.03
    found = coverage(scored)
    assert found.curve[-1][0] == 1.0
    assert found.curve[-1][1] == pytest.approx(1 - scored.is_right.mean())
    assert found.given.value == pytest.approx(float((scored.confidence > 0.9).mean()))
    assert found.wrong.value == pytest.approx(float((~scored.is_right)[scored.given].mean()))


def test_nothing_given_is_no_promise_that_nothing_is_wrong() -> None:
    scored = some_scored(50)
    wrong = coverage(scored.only(~scored.given)).wrong
    assert (wrong.n, wrong.low, wrong.high) == (0, 0.0, 1.0)
    assert str(wrong) == "n = 0: too few to say"


def test_an_interval_of_a_share_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(3)
    for rate, n in ((0.02, 50), (0.5, 30), (0.97, 200)):
        hits = chance.binomial(n, rate, 3_000)
        exact = np.mean([low <= rate <= high for low, high in (clopper_pearson(int(hit), n) for hit in hits)])
        near = np.mean([low <= rate <= high for low, high in (wilson(float(hit), n) for hit in hits)])
        assert exact > 0.94  # 0.95, counted on 3,000 draws
        assert near > 0.91


def test_the_bootstrap_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = macro_f1(confusion(some_scored(100_000, seed=99)))
    held = 0
    for seed in range(60):
        interval = macro_f1_of(some_scored(300, seed=seed))
        held += interval.low <= truth <= interval.high
    assert 51 <= held <= 60


def macro_f1_of(scored: Scored) -> Measured:
    return bootstrap(lambda weights: np.array([macro_f1(confusion(scored, weights))]), scored.groups, draws=200)[0]


def test_twins_make_no_interval_narrower() -> None:
    alone, with_twins = measure(some_scored(200)), measure(some_scored(200, twins=10))
    assert with_twins.independent == alone.independent == 200
    for name in ("accuracy", "macro_f1"):
        one, other = getattr(alone, name), getattr(with_twins, name)
        assert one.value == pytest.approx(other.value)
        assert one.high - one.low == pytest.approx(other.high - other.low, abs=0.015)


def test_the_same_texts_give_the_same_intervals() -> None:
    assert measure(some_scored(300)) == measure(some_scored(300))


def test_too_few_texts_say_so_and_look_no_firmer_than_they_are() -> None:
    few = share(9, 12, 12)
    assert not few.is_firm
    assert str(few) == "n = 12: too few to say"
    enough = share(15, LEAST, LEAST)
    assert str(enough).startswith("0.750 [0.5")
    assert Measured(value=1, low=0, high=1, n=500, independent=3).is_firm is False


def test_a_label_that_nobody_said_is_not_perfect() -> None:
    found = measure(a_scored([0] * 25 + [1] * 25, [0] * 50))
    missed = found.labels[1]
    assert (missed.precision.n, missed.recall.value, missed.f1.value) == (0, 0.0, 0.0)
    assert found.names == ("access", "billing")  # network does not occur
    assert found.confusion == ((25, 0), (25, 0))


def test_no_text_gives_no_score() -> None:
    with pytest.raises(ValueError, match="no texts"):
        measure(a_scored([], []))
    with pytest.raises(ValueError, match="no texts"):
        reliability(a_scored([], []))


def test_one_text_and_one_label_can_be_counted() -> None:
    found = measure(a_scored([2], [2]), is_scale=True)
    assert found.n == 1
    assert not found.macro_f1.is_firm
    assert found.reliability is None


def test_groups_are_numbered_by_name() -> None:
    assert numbered(["b", "a", "b"]).tolist() == [1, 0, 1]
    assert numbered([]).tolist() == []


def test_a_bootstrap_of_one_group_is_no_wider_than_a_point_and_says_so() -> None:
    def counting(weights: Floats) -> Floats:
        return np.array([weights.sum()])

    found = bootstrap(counting, np.zeros(40, dtype=np.int64), draws=20)[0]
    assert (found.n, found.independent, found.is_firm) == (40, 1, False)
