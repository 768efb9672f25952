"""Thresholds keep an error budget: proven on few texts, and counted here over many draws of them."""

import numpy as np
import pytest

from maild.classify.arrays import Floats, Ints
from maild.classify.linear import softmax
from maild.classify.training.calibration import BUDGETS, calibrate, choose_thresholds, no_guarantee
from maild.classify.training.learn_then_test import NEVER, Plan, least_confidence, plan, tail

PLAIN = Plan(candidates=tuple(np.linspace(0.99, 0.5, 50).tolist()), starts=(3,), expected=0.0)
"""Fixed beforehand, by nobody's texts."""

LABELS = ("access", "billing", "network", "other")
DELTA = 0.1


def some_texts(number: int, chance: np.random.Generator, *, sharper: float = 1.0) -> tuple[Floats, Ints]:
    """Scores whose softmax is the very probability of each label; `sharper` makes the model surer than it should be."""
    scores = chance.normal(size=(number, len(LABELS))) * 2.5 + np.array([0.8, 0.0, 0.4, -0.5])
    drawn = chance.random((number, 1))
    truth = (softmax(scores).cumsum(axis=1) < drawn).sum(axis=1)
    return sharper * scores, truth


def wrong_shares(probabilities: Floats, truth: Ints, least: dict[str, float]) -> dict[str, float]:
    """Label to its share wrong where it is given, on texts enough to be the truth."""
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    shares = {}
    for place, label in enumerate(LABELS):
        given = (best == place) & (confidence >= least[label])
        shares[label] = float((truth[given] != place).mean()) if given.any() else 0.0
    return shares


def breaks(least: dict[str, float], truth: tuple[Floats, Ints], budget: float) -> bool:
    """Whether thresholds break their budget: a label's own, or one that several share, on their average."""
    probabilities, answers = truth
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    for value in set(least.values()) - {NEVER}:
        sharing = [LABELS.index(label) for label in least if least[label] == value]
        given = np.isin(best, sharing) & (confidence >= value)
        if given.any() and (answers[given] != best[given]).mean() > budget:
            return True
    return False


@pytest.mark.parametrize(
    ("sharper", "number", "least_decided"), [(1.0, 300, 0.0), (3.0, 300, 0.0), (1.0, 3_000, 0.9), (3.0, 3_000, 0.3)]
)
def test_the_budget_is_broken_in_at_most_delta_of_the_draws(sharper: float, number: int, least_decided: float) -> None:
    chance = np.random.default_rng(11)
    scores, truth = some_texts(60_000, chance, sharper=sharper)
    every = softmax(scores), truth
    draws, broken, decided = 100, {0.05: 0, 0.2: 0}, 0
    for _ in range(draws):
        scores, truth = some_texts(number, chance, sharper=sharper)
        thresholds = choose_thresholds(softmax(scores), truth, labels=LABELS, delta=DELTA)
        for budget in broken:
            broken[budget] += breaks(dict(thresholds[str(budget)]), every, budget)
        decided += any(value < NEVER for value in thresholds["0.05"].values())
    assert all(times <= DELTA * draws for times in broken.values()), broken
    assert decided >= least_decided * draws, "a guarantee that never decides is worth nothing"


def test_one_threshold_breaks_its_budget_in_at_most_delta_of_the_draws() -> None:
    chance = np.random.default_rng(5)
    draws, broken, reached = 600, 0, 0
    grid = np.linspace(0, 1, 4_001)
    for _ in range(draws):
        confidence = chance.beta(4, 1, size=400)
        is_wrong = chance.random(400) > confidence - 0.02  # surer than it should be, everywhere
        least = least_confidence(confidence, is_wrong, np.ones(400), PLAIN, budget=0.15, delta=DELTA)
        reached += least < NEVER
        given = grid[grid >= least]
        broken += least < NEVER and float((given**3 * (1.02 - given)).sum() / (given**3).sum()) > 0.15
    assert broken <= DELTA * draws
    assert reached > draws / 2


def test_more_texts_prove_more() -> None:
    chance = np.random.default_rng(3)
    least = []
    for number in (50, 500, 5_000, 50_000):
        scores, truth = some_texts(number, chance)
        least.append(choose_thresholds(softmax(scores), truth, labels=LABELS)["0.05"]["access"])
    assert least == sorted(least, reverse=True)
    assert least[0] == NEVER
    assert least[-1] < 0.92  # where one in twenty is wrong: 0.88


def test_the_tail_is_the_binomial_one() -> None:
    assert tail(0, 45, 0.05) == pytest.approx(0.95**45)
    assert tail(1, 2, 0.5) == pytest.approx(0.75)
    assert tail(3, 3, 0.05) == 1.0


def test_the_shortest_proof_is_as_long_as_the_tail_says() -> None:
    single = Plan(candidates=(0.9,), starts=(0,), expected=0.0)
    sure, right = np.full(45, 0.95), np.zeros(45, dtype=bool)  # 0.95 ** 45 < 0.1
    assert least_confidence(sure, right, np.ones(45), single, budget=0.05, delta=DELTA) == 0.9
    assert least_confidence(sure[1:], right[1:], np.ones(44), single, budget=0.05, delta=DELTA) == NEVER


def test_nothing_at_all_proves_nothing() -> None:
    nothing = np.zeros(0)
    assert least_confidence(nothing, nothing.astype(bool), nothing, PLAIN, budget=0.2, delta=DELTA) == NEVER


def test_a_row_of_tests_ends_at_its_first_failure() -> None:
    confidence = np.linspace(0.999, 0.5, 1_000)
    is_wrong = (confidence < 0.9) & (confidence > 0.8)
    least = least_confidence(confidence, is_wrong, np.ones(1_000), PLAIN, budget=0.05, delta=DELTA)
    assert 0.88 < least <= 0.9


def test_a_plan_begins_where_a_proof_is_likely_and_goes_down() -> None:
    confidence = np.random.default_rng(1).beta(5, 1, size=200)
    never = np.zeros(200, dtype=bool)
    made = plan(confidence, never, np.ones(200), texts=4.0, budget=0.05)
    assert list(made.candidates) == sorted(made.candidates, reverse=True)
    assert 0 < made.starts[0] < len(made.candidates) - 1
    assert made.expected < 0.1
    assert plan(confidence[:1], never[:1], np.ones(1), texts=4.0, budget=0.05).candidates


def test_a_stricter_budget_never_decides_more() -> None:
    chance = np.random.default_rng(9)
    for _ in range(20):
        scores, truth = some_texts(1_500, chance, sharper=1.5)
        thresholds = choose_thresholds(softmax(scores), truth, labels=LABELS)
        for label in LABELS:
            falling = [thresholds[str(budget)][label] for budget in BUDGETS]
            assert falling == sorted(falling, reverse=True)


def test_a_silent_label_has_no_threshold_and_its_texts_cost_the_others() -> None:
    chance = np.random.default_rng(2)
    scores, truth = some_texts(4_000, chance)
    truth[:1_000] = LABELS.index("other")  # texts about nothing that the model takes for one of its labels
    loud = choose_thresholds(softmax(scores), truth, labels=LABELS, silent={"other"})["0.05"]
    quiet = choose_thresholds(softmax(scores[1_000:]), truth[1_000:], labels=LABELS, silent={"other"})["0.05"]
    assert "other" not in loud
    assert all(loud[label] > quiet[label] for label in loud)


def test_twins_are_no_evidence() -> None:
    chance = np.random.default_rng(4)
    scores, truth = some_texts(60, chance)
    scores, truth = np.repeat(scores, 50, axis=0), np.repeat(truth, 50)
    groups = np.repeat(np.arange(60), 50)
    thresholds = choose_thresholds(softmax(scores), truth, labels=LABELS, groups=groups)
    assert set(thresholds["0.01"].values()) == {NEVER}


def test_labels_with_few_texts_share_a_threshold() -> None:
    chance = np.random.default_rng(6)
    scores, truth = some_texts(1_200, chance)
    least = choose_thresholds(softmax(scores), truth, labels=LABELS)["0.05"]
    assert least["billing"] == least["other"]


def test_all_labels_may_share_one_threshold_and_keep_the_budget_on_their_average() -> None:
    chance = np.random.default_rng(7)
    scores, truth = some_texts(60_000, chance, sharper=2.0)
    every = softmax(scores), truth
    broken = 0
    for _ in range(30):
        drawn, answers = some_texts(6_000, chance, sharper=2.0)
        least = choose_thresholds(softmax(drawn), answers, labels=LABELS, is_common=True)
        assert len(set(least["0.05"].values())) == 1
        assert least["0.05"]["access"] < NEVER
        broken += breaks(dict(least["0.05"]), every, 0.05)
    assert broken <= 30 * DELTA


def test_a_calibration_says_what_it_promises_and_on_how_many_texts() -> None:
    scores, truth = some_texts(1_000, np.random.default_rng(8), sharper=3.0)
    found = calibrate(scores, truth, labels=LABELS, groups=np.arange(1_000))
    assert 2.0 < found.temperature < 4.5
    assert found.guarantee["holds"] == "desk history"
    assert found.guarantee["n"] == 800  # every fifth found the temperature
    assert found.guarantee["delta"] == DELTA
    assert no_guarantee(5)["holds"] == "none"
    assert set(found.thresholds) == {str(budget) for budget in BUDGETS}


def test_one_text_calibrates_nothing() -> None:
    with pytest.raises(ValueError, match="held out"):
        calibrate(np.zeros((1, 4)), np.zeros(1, dtype=np.int64), labels=LABELS, groups=np.zeros(1, dtype=np.int64))
