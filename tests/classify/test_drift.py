"""Drift is seen where the mail has changed, and not where chance alone plays."""

import random
from collections.abc import Sequence

import pytest

from maild.classify.drift import LEAST, Profile, compare, picture, picture_of_texts, worst


def mails(n: int, seed: int, *, german: float = 0.1, unknown: float = 0.1) -> list[Profile]:
    chance = random.Random(seed)
    return [
        Profile(
            unknown=min(1.0, abs(chance.gauss(unknown, 0.08))),
            length=int(chance.lognormvariate(3.5, 0.7)),
            language="de" if chance.random() < german else "en",
            confidence=chance.choice((None, chance.random())),
            label=chance.choice(("network", "access", "software", None)),
        )
        for _ in range(n)
    ]


REFERENCE = picture(mails(2_000, seed=1))


def moved(profiles: Sequence[Profile]) -> dict[str, str]:
    return {shift.what: shift.judgement for shift in compare(REFERENCE, picture(profiles))}


@pytest.mark.parametrize("n", [60, 200, 1_000])
def test_chance_is_no_drift(n: int) -> None:
    weeks = [worst(compare(REFERENCE, picture(mails(n, seed)))) for seed in range(100, 140)]
    assert weeks.count("different") <= 1
    assert weeks.count("steady") >= 36


def test_more_mails_in_another_language_are_drift_and_it_is_said_in_words() -> None:
    shifts = {shift.what: shift for shift in compare(REFERENCE, picture(mails(200, seed=2, german=0.5)))}
    assert shifts["language"].judgement == "different"
    assert shifts["language"].because.startswith("more of de: 9% before, ")
    assert shifts["length"].judgement == "steady"
    assert shifts["length"].because == ""


def test_words_that_the_model_never_met_are_drift() -> None:
    assert moved(mails(200, seed=3, unknown=0.4))["unknown words"] == "different"


def test_few_mails_are_too_few_to_say() -> None:
    assert set(moved(mails(LEAST - 1, seed=4, german=1.0)).values()) == {"too few to say"}
    assert worst(compare(REFERENCE, picture([]))) == "too few to say"
    assert worst([]) == "too few to say"


def test_a_card_tells_words_and_language_of_its_texts() -> None:
    reference = picture_of_texts([(5, "en"), (30, "en"), (500, None)])
    assert reference == {
        "length": {"200 and more": 1, "below 10": 1, "below 50": 1},
        "language": {"en": 2, "unknown": 1},
    }
    assert {shift.what for shift in compare(reference, REFERENCE)} == {"length", "language"}


def test_something_that_the_reference_does_not_know_is_not_compared() -> None:
    assert [shift.what for shift in compare({"language": {"en": 100}}, REFERENCE)] == ["language"]
