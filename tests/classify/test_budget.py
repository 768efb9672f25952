"""The error budget is watched by a bet: it is seldom called broken while it holds, and soon where it does not."""

import random
from itertools import pairwise

import pytest

from maild.classify.budget import LEVEL, evidence, is_broken, raised
from maild.classify.verdict import Verdict
from maild.process.audit import draw

BUDGET = 0.05


def answers(rate: float, n: int, seed: int) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < rate for _ in range(n)]


def test_a_budget_that_holds_is_seldom_called_broken_however_long_one_watches() -> None:
    desks = 400
    false_alarms = sum(is_broken(answers(BUDGET, 1_000, seed), BUDGET) for seed in range(desks))
    assert false_alarms <= LEVEL * desks


@pytest.mark.parametrize(("rate", "n", "least"), [(0.3, 60, 0.95), (0.2, 120, 0.95), (0.15, 200, 0.9)])
def test_a_budget_that_is_broken_is_seen(rate: float, n: int, least: float) -> None:
    desks = 200
    seen = sum(is_broken(answers(rate, n, seed), BUDGET) for seed in range(desks))
    assert seen >= least * desks


def test_one_mistake_is_no_evidence_and_right_answers_are_none() -> None:
    assert not is_broken([True], BUDGET)
    assert not is_broken([False] * 500, BUDGET)
    assert evidence([], BUDGET) == 1.0


def test_evidence_never_shrinks() -> None:
    said = answers(0.1, 200, seed=1)
    found = [evidence(said[:n], BUDGET) for n in range(200)]
    assert all(before <= after for before, after in pairwise(found))


@pytest.mark.parametrize("budget", [0.0, 1.0, -1.0, float("nan")])
def test_a_budget_that_is_none_is_never_broken(budget: float) -> None:
    assert not is_broken([True] * 100, budget)


def test_a_threshold_rises_until_the_label_is_never_given() -> None:
    steps = [0.6]
    while steps[-1] <= 1:
        steps.append(raised(steps[-1]))
    assert steps == [0.6, 0.8, 0.9, 0.95, 0.975, 0.9875, 0.9938, 1.01]
    assert raised(1.01) == 1.01


@pytest.mark.parametrize(("confidence", "expected"), [(0.7, 0.8), (0.96, 0.975), (0.992, 0.9938), (0.999, 1.01)])
def test_a_threshold_rises_above_what_broke_the_budget(confidence: float, expected: float) -> None:
    """A step that leaves the wrong verdicts where they were is none."""
    assert raised(0.6, [(confidence, True)] * 14, BUDGET) == expected
    assert raised(0.6, [(confidence, True)] * 14 + [(0.9999, False)] * 5, BUDGET) == expected


VERDICTS = (
    Verdict(question="kind", label="person", confidence=None, because="", model=None),
    Verdict(question="technical", label="yes", confidence=0.9, because="", model="m"),
    Verdict(question="category", label=None, confidence=0.4, because="", model="m"),
    Verdict(question="urgency", label="1", confidence=None, because=""),
)
DIGESTS = [f"{number:064x}" for number in range(20_000)]


def drawn(share: float, key: bytes = b"k" * 32) -> list[str]:
    return [digest for digest in DIGESTS if draw(VERDICTS, key=key, digest=digest, share=share)]


def test_the_sample_has_its_share() -> None:
    assert 0.015 < len(drawn(0.02)) / len(DIGESTS) < 0.025
    assert drawn(0.0) == []
    assert drawn(1.0) == DIGESTS


def test_the_same_mail_is_drawn_again_and_no_stranger_knows_which() -> None:
    assert drawn(0.02) == drawn(0.02)
    assert drawn(0.02) != drawn(0.02, key=b"another key")
    assert set(drawn(0.02)) <= set(drawn(0.05))


def test_only_sure_verdicts_of_a_model_are_drawn() -> None:
    assert [verdict.question for verdict in draw(VERDICTS, key=b"k", digest="d", share=1)] == ["technical"]
