"""A desk's own model: on top of what ships, never on both sides of a split, silent where it knows too little."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from maild.classify.arrays import Floats, Ints
from maild.classify.ask import ask, count
from maild.classify.content import digest_of
from maild.classify.encoder.sentences import find_encoder
from maild.classify.linear import LinearModel, read
from maild.classify.models import read_model
from maild.classify.training.calibration import BUDGETS
from maild.classify.training.desk.alike import group_alike
from maild.classify.training.desk.cautious import choose_cautiously
from maild.classify.training.desk.comparing import Trial, choose
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.counting import count_texts
from maild.classify.training.desk.distrust import distrust, weigh_down
from maild.classify.training.desk.doubtful import confidently_other, find_doubtful
from maild.classify.training.desk.ground import lay_ground
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.judging import Champion, HeldOut, compared
from maild.classify.training.desk.line import Trained, hold_out, learn_all, train_desk
from maild.classify.training.desk.origin import Shipped
from maild.classify.training.desk.parts import LARGE, by_group, split
from maild.classify.training.desk.recipe import ALONE, ON_TOP, Beside, Recipe, learn, score
from maild.classify.training.desk.trusting import trust
from maild.classify.training.desk.weighing import scores_of
from maild.classify.training.desk.window import keep_window
from maild.classify.training.example import Example
from maild.classify.training.learn_then_test import NEVER
from maild.errors import Refused
from tests.support.desk_history import ALL, WORDS, a_history

BUDGET = 0.05


def learnt(examples: list[Example], shipped: Shipped | None = None, **how: Any) -> tuple[Trained, LinearModel]:
    trained = train_desk(prepare(examples, "category"), shipped=shipped, **how)
    base = shipped.model if shipped and trained.card["base"] else None
    return trained, read_model(trained.content, trained.card, error_budget=BUDGET, base=base)


def said(text: str, model: LinearModel) -> str:
    return model.labels[int(read(count(text, "en").counts, model).probabilities.argmax())]


@pytest.fixture(scope="module", name="shipped")
def _shipped() -> Shipped:
    """A model that knows network and access from elsewhere, and nothing of billing."""
    trained = train_desk(prepare(a_history({"network": 150, "access": 150}, seed=77), "category"))
    card = {**trained.card, "temperature": 1.0, "thresholds": {str(BUDGET): 0.5}}
    return Shipped(model=read_model(trained.content, card, error_budget=BUDGET), card=card)


def test_a_service_computes_what_training_computed(shipped: Shipped) -> None:
    examples = a_history({"network": 40, "access": 40, "billing": 40})
    _, model = learnt(examples, shipped)
    texts = [example.text for example in examples[:20]]
    scores = scores_of(model, count_texts(texts))
    for text, expected in zip(texts, scores, strict=True):
        probabilities = read(count(text, "en").counts, model).probabilities
        assert np.allclose(
            np.log(probabilities),
            expected / model.temperature - np.log(np.exp(expected / model.temperature).sum()),
            atol=1e-3,
        )


def test_what_ships_is_kept_where_the_desk_has_said_nothing(shipped: Shipped) -> None:
    _, model = learnt(a_history({"billing": 30, "access": 30}), shipped)
    assert said("the vpn tunnel and the router gateway", model) == "network"
    assert said("invoice with a wrong charge, refund the payment", model) == "billing"


def test_the_shares_of_the_words_are_the_scores(shipped: Shipped) -> None:
    _, model = learnt(a_history({"network": 30, "access": 30, "billing": 20}), shipped)
    text = "vpn password invoice monkey"
    reading = read(count(text, "en").counts, model)
    (scores,) = scores_of(model, count_texts([text]))
    (constant,) = scores_of(model, count_texts(["zzzz"]))
    assert np.allclose(reading.shares.sum(axis=0) + constant, scores, atol=1e-3)


def test_the_same_labels_in_another_order_give_the_same_model(shipped: Shipped) -> None:
    examples = a_history({"network": 40, "access": 40})
    first, _ = learnt(examples, shipped)
    again, _ = learnt(examples[::-1], shipped)
    assert digest_of(first.content, first.card) == digest_of(again.content, again.card)


def test_a_category_that_ships_with_nothing_is_learnt(shipped: Shipped) -> None:
    _, model = learnt(a_history({"drones": 40, "network": 40, "access": 20}), shipped)
    assert said("the drone lost a rotor at takeoff, hover and landing fail", model) == "drones"


def test_a_category_that_the_desk_gave_up_is_never_said(shipped: Shipped) -> None:
    allowed = ["access", "billing"]
    history = prepare(a_history({"network": 30, "access": 40, "billing": 40}), "category", allowed=allowed)
    trained = train_desk(history, shipped=shipped, allowed=allowed)
    assert history.left_out == {"network is no category of this desk today": 30}
    assert trained.card["labels"] == allowed


def test_a_rare_label_is_background_and_named(shipped: Shipped) -> None:
    trained, model = learnt(a_history({"network": 40, "access": 40, "drones": 3}), shipped)
    assert trained.card["silent_labels"] == ["drones"]
    assert model.silent == {"drones"}


def test_a_language_with_few_labels_is_left_out_and_one_with_enough_is_named() -> None:
    english = a_history({"network": 40, "access": 40})
    german = [
        replace(example, language="de", text=f"{example.text} und")
        for example in a_history({"network": 40, "access": 40}, seed=8)
    ]
    few = [
        replace(example, language="fr", text=f"{example.text} et")
        for example in a_history({"network": 5, "access": 5}, seed=9)
    ]
    history = prepare([*english, *german, *few], "category")
    assert history.languages == ("de", "en")
    assert history.left_out == {"language fr: 10 texts, 50 needed": 10}


def test_a_model_that_would_answer_in_no_language_is_not_made(shipped: Shipped) -> None:
    unspoken = [replace(each, language="") for each in a_history({"network": 15, "access": 15, "billing": 15})]
    with pytest.raises(Refused, match="a column language"):
        learnt(unspoken)
    assert learnt(unspoken, shipped)[1].languages == ("en",)


def test_a_card_says_what_was_learnt_and_from_what(shipped: Shipped) -> None:
    champion = Champion(model=shipped.model, trained_on=np.zeros(0, dtype=np.uint32))
    trained, _ = learnt(
        a_history({"network": 60, "access": 60, "billing": 60}),
        shipped,
        champion=champion,
        technical_labels=["network"],
    )
    card = trained.card
    assert card["technical_labels"] == ["network"]
    assert card["rows"] == {"desk": {"access": 60, "billing": 60, "network": 60}}
    assert card["guarantee"]["holds"] == "none"
    assert card["scores"]["n"] == 108
    assert card["compared"]["against"] == shipped.model.digest
    assert card["compared"]["judgement"] == "better"


def test_a_champion_is_not_judged_by_what_it_has_learnt_from(shipped: Shipped) -> None:
    examples = a_history({"network": 60, "access": 60})
    everything = np.array([mark(example.text) for example in examples], dtype=np.uint32)
    trained, _ = learnt(examples, shipped, champion=Champion(model=shipped.model, trained_on=everything))
    assert trained.card["compared"]["judgement"] == "unclear"
    assert "learnt from every text" in trained.card["compared"]["because"]


def test_with_few_labels_a_model_of_the_desk_alone_decides_what_its_texts_speak_for() -> None:
    examples = a_history({"network": 40, "access": 40, "billing": 40})
    trained, model = learnt(examples)
    assert trained.card["recipe"].startswith("learnt without the shipped model")
    assert trained.card["guarantee"]["holds"] == "none"
    assert ask(count(examples[0].text, "en"), model).label == examples[0].labels["category"]


def test_a_candidate_that_decides_nothing_does_not_displace_a_model_that_decides(shipped: Shipped) -> None:
    examples = a_history({"network": 60, "access": 60})
    champion = Champion(model=shipped.model, trained_on=np.zeros(0, dtype=np.uint32))
    history = prepare(examples, "category")
    ground = lay_ground(history, None, ())
    rows = np.arange(60, 120)
    right = 5.0 * np.eye(2)[ground.answers[rows]]
    held_out = HeldOut(recipe=ALONE[0], rows=rows, scores=right)
    never = {"temperature": 1.0, "thresholds": {str(BUDGET): 1.01}, "silent_labels": []}
    refused = compared(champion, ground, history, held_out, never)
    assert refused
    assert refused["judgement"] == "worse"
    assert "it would decide 0 of 60 texts" in refused["because"]
    taken = compared(champion, ground, history, held_out, {**never, "thresholds": {str(BUDGET): 0.5}})
    assert taken
    assert taken["judgement"] in ("better", "match")
    wrong = replace(shipped.model, labels=shipped.model.labels[::-1])
    over_a_broken_one = compared(replace(champion, model=wrong), ground, history, held_out, never)
    assert over_a_broken_one
    assert over_a_broken_one["judgement"] == "better"


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (0, 0, NEVER),
        (17, 0, NEVER),  # by Laplace's rule one of 19 would be wrong: more than a twentieth
        (18, 0, 0.85),
        (18, 1, NEVER),
        (38, 1, 0.85),
    ],
)
def test_few_texts_speak_for_a_threshold_or_nothing_is_given(right: int, wrong: int, expected: float) -> None:
    confident = np.array([0.85] * right + [0.95] * wrong)
    is_wrong = np.array([False] * right + [True] * wrong, dtype=bool)
    found = choose_cautiously(confident, is_wrong, labels=["network"])
    assert found[str(BUDGET)]["network"] == pytest.approx(expected)


def test_a_cautious_threshold_stands_at_a_tenth_of_the_texts() -> None:
    """Of ever laxer ones the luckiest would be chosen."""
    confident = np.linspace(0.99, 0.81, 100)
    is_wrong = np.arange(100) >= 27
    least = choose_cautiously(confident, is_wrong, labels=["network"])[str(BUDGET)]["network"]
    assert least == pytest.approx(confident[19], abs=1e-4)


def some_scores(confident: float, wrong: int, n: int = 320) -> tuple[Floats, Ints, Ints]:
    """Two labels; of the first `n` / 2 texts, which the model is as sure of, so many are wrong; of the others every third."""
    chance = np.random.default_rng(4)
    truth = chance.integers(0, 2, n)
    is_sure = np.arange(n) < n // 2
    is_wrong = np.where(is_sure, np.arange(n) % (n // 2) < wrong, np.arange(n) % 3 == 0)
    said = np.where(is_wrong, 1 - truth, truth)
    margin = np.log(confident / (1 - confident)) + 0.1 * chance.random(n)
    scores = np.zeros((n, 2))
    scores[np.arange(n), said] = np.where(is_sure, margin, 0.5)
    order = chance.permutation(n)
    return scores[order], truth[order].astype(np.int64), np.arange(n)


@pytest.mark.parametrize("wrong", [0, 3])
def test_what_cannot_be_proven_is_decided_cautiously_and_promises_nothing(wrong: int) -> None:
    """From the first texts on that are enough for a proof a desk does not fall silent because the proof fails."""
    scores, truth, groups = some_scores(0.97, wrong)
    found = trust(scores, truth, groups=groups, labels=("access", "network"), silent=(), is_proof_tried=True)
    least = [found.thresholds[str(budget)]["network"] for budget in BUDGETS]
    assert least == sorted(least, reverse=True), "no narrower budget is laxer"
    assert least[-1] <= 1
    if wrong:
        assert "0.05" not in found.guarantee["budgets"]
        assert found.thresholds["0.05"]["network"] <= 1
    else:
        assert "0.05" in found.guarantee["budgets"]
        assert found.guarantee["holds"] == "desk history"


def test_where_nothing_is_proven_the_card_says_so() -> None:
    scores, truth, groups = some_scores(0.97, 40)
    found = trust(scores, truth, groups=groups, labels=("access", "network"), silent=(), is_proof_tried=True)
    assert found.guarantee["holds"] == "none"
    assert "prove no threshold" in found.guarantee["because"]
    assert found.guarantee["n"] == 320


def test_a_shipped_model_that_has_read_the_history_is_left_aside(shipped: Shipped) -> None:
    examples = a_history({"network": 60, "access": 60})
    read_all = replace(shipped, trained_on=frozenset(mark(example.text) for example in examples))
    trained, _ = learnt(examples, read_all)
    assert trained.card["base"] is None
    assert trained.card["shipped"] == shipped.model.digest


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({}, "0 labelled texts"),
        ({"network": 5, "access": 5}, "30 different ones are needed"),
        (
            {"network": 60},
            "at least two labels with 5 independent texts each are needed, and there are network \\(60\\)",
        ),
        ({"network": 60, "access": 2}, "there are access \\(2\\), network \\(60\\)"),
    ],
)
def test_too_little_is_refused_with_what_is_missing(sizes: Mapping[str, int], words: str) -> None:
    with pytest.raises(Refused, match=words):
        prepare(a_history(sizes), "category")


def test_duplicates_alone_are_refused() -> None:
    (one, *_), (other, *_) = a_history({"network": 3}), a_history({"access": 3})
    with pytest.raises(Refused, match="the same text again \\(98\\)"):
        prepare([one] * 50 + [other] * 50, "category")


def test_of_equal_texts_with_different_labels_the_newest_counts() -> None:
    examples = a_history({"network": 40, "access": 40})
    newest = examples[-1]
    assert newest.at is not None
    other = "access" if newest.labels["category"] == "network" else "network"
    later = replace(newest, labels={"category": other}, at=newest.at + timedelta(days=1))
    history = prepare([*examples, later], "category")
    assert [each.labels["category"] for each in history.examples if each.text == newest.text] == [other]


def test_of_a_long_history_the_newest_texts_and_rare_labels_are_kept() -> None:
    examples = a_history({"network": 300, "access": 300})
    rare = a_history({"drones": 10})
    kept, left_out = keep_window([*rare, *examples], "category", newest=100, of_label=20)
    again, _ = keep_window([*examples[::-1], *rare[::-1]], "category", newest=100, of_label=20)
    by_label = Counter(example.labels["category"] for example in kept)
    assert by_label["drones"] == 10
    assert len(kept) + left_out == 610
    assert {example.text for example in kept} == {example.text for example in again}
    assert {example.text for example in examples[-100:]} <= {example.text for example in kept}


def test_a_window_of_long_texts_holds_fewer_of_them_in_whatever_order_they_come() -> None:
    examples = a_history({"network": 100, "access": 100})
    long_one = replace(examples[150], text="vpn " * 500)
    examples[150] = long_one
    most = sum(len(each.text) for each in examples[151:]) + len(long_one.text) // 2
    windows = [
        keep_window(order, "category", characters=most, of_label=1)
        for order in (examples, examples[::-1], [long_one, *examples[:150], *examples[151:]])
    ]
    for kept, left_out in windows:
        assert {each.text for each in kept} == {each.text for each in examples[151:]}
        assert left_out == 151
    assert len(keep_window(examples, "category", characters=1, of_label=0)[0]) == 1


def test_near_duplicates_and_threads_share_a_group() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    texts = [words, f"{words} more", "something else entirely about another matter", "a reply that is quite different"]
    threads = ["a", "b", "c", "c"]
    examples = [
        Example(text=text, corpus="desk", group=thread, labels={})
        for text, thread in zip(texts, threads, strict=True)
    ]  # fmt: skip
    assert [example.group for example in group_alike(examples)] == ["0", "0", "2", "2"]


def test_no_group_is_on_both_sides_and_the_newest_are_held_out() -> None:
    examples = [
        replace(example, group=f"g{place // 3}")
        for place, example in enumerate(a_history({"network": 200, "access": 200}))
    ]
    parts = split(examples)
    assert "newest 60%" in parts.how
    for part in parts.parts:
        sides = [{examples[place].group for place in side} for side in (part.learnt, part.held_out)]
        assert not sides[0] & sides[1]
        assert part.learnt.max() < part.held_out.min()


def test_a_large_history_holds_out_its_newest_quarter() -> None:
    parts = split(a_history({"network": LARGE // 2, "access": LARGE // 2}))
    (part,) = parts.parts
    assert part.held_out.tolist() == list(range(LARGE * 3 // 4, LARGE))


def test_without_dates_whole_groups_are_held_out_in_turn() -> None:
    examples = [replace(example, at=None) for example in a_history({"network": 60, "access": 60})]
    held_out = np.concatenate([part.held_out for part in split(examples).parts])
    assert sorted(held_out.tolist()) == list(range(120))


def test_folds_are_of_similar_size() -> None:
    sizes = [len(part.held_out) for part in by_group(np.arange(1000), 5)]
    assert min(sizes) > 150


@pytest.mark.parametrize(("each", "is_promised"), [(60, False), (200, True)])
def test_what_a_card_promises_is_promised_of_the_recipe_that_was_held_out(each: int, is_promised: bool) -> None:
    history = prepare(a_history({"network": each, "access": each, "billing": each}), "category")
    ground = lay_ground(history, None, ())
    rows = np.concatenate([part.held_out for part in split(history.examples).parts])
    odd = Recipe(leans=False, penalty=30.0)
    held_out = HeldOut(recipe=odd, rows=rows, scores=np.zeros((len(rows), 3)))
    assert (learn_all(ground, held_out, lambda _: None).recipe == odd) == is_promised


def test_a_label_is_doubted_only_where_another_is_confident() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.45, 0.55], [0.95, 0.05]])
    assert confidently_other(probabilities, np.array([0, 0, 1, 1, 1])) == [(4, 0)]


def test_a_label_is_doubted_where_another_is_sure_enough_though_its_own_texts_are_surer() -> None:
    probabilities = np.array([[0.99, 0.01], [0.99, 0.01], [0.95, 0.05], [0.01, 0.99], [0.01, 0.99]])
    answers = np.array([0, 0, 1, 1, 1])
    assert confidently_other(probabilities, answers) == []
    assert confidently_other(probabilities, answers, enough=0.9) == [(2, 0)]


def test_exchanged_labels_are_found() -> None:
    examples = a_history({"network": 100, "access": 100})
    turned = {example.text for example in examples[50:60]}
    exchange = {"network": "access", "access": "network"}
    noisy = [
        replace(e, labels={"category": exchange[e.labels["category"]]}) if e.text in turned else e for e in examples
    ]
    doubts = find_doubtful(prepare(noisy, "category"))
    assert {doubt.example.text for doubt in doubts[:10]} == turned


@pytest.mark.parametrize(("share", "is_distrusted"), [(0.0, False), (0.25, True)])
def test_doubtful_labels_count_less_only_where_there_are_many(share: float, is_distrusted: bool) -> None:
    chance = np.random.default_rng(2)
    exchange = {"network": "access", "access": "network"}
    noisy = [
        replace(example, labels={"category": exchange[example.labels["category"]]})
        if chance.random() < share
        else example
        for example in a_history({"network": 100, "access": 100})
    ]
    history = prepare(noisy, "category")
    ground = lay_ground(history, None, ())
    weighed = distrust(ground, np.arange(150), ALONE[0])
    assert bool((weighed.each[:150] < 1).any()) == is_distrusted
    assert (weighed.each[150:] == 1).all()
    answered = hold_out(ground, split(history.examples), lambda _: None).answered
    assert answered is not None
    assert sorted(answered.rows.tolist()) == list(range(200))
    assert bool((weigh_down(ground, answered).each < 1).any()) == is_distrusted


BESIDE = Beside(share=0.6, penalty=0.1)


@pytest.mark.parametrize(
    "recipe",
    [
        ON_TOP[1],
        replace(ALONE[2], sharpens=True),
        replace(ALONE[2], in_passes=True),
        replace(ALONE[1], beside=BESIDE),
        replace(ON_TOP[1], beside=BESIDE),
    ],
)
def test_recipes_are_compared_by_what_they_would_learn(shipped: Shipped, recipe: Recipe) -> None:
    history = prepare(a_history({"network": 60, "access": 60, "billing": 30}), "category")
    encoder = find_encoder() if recipe.beside else None
    ground = lay_ground(history, shipped.model, shipped.model.labels, encoder)
    learnt_from, held_out = np.arange(100), np.arange(100, 150)
    compared_by = Trial(ground=ground, learnt=learnt_from, held_out=held_out).score(recipe)
    assert np.allclose(compared_by, score(ground, held_out, learn(ground, learnt_from, recipe)), atol=0.02)


@pytest.mark.parametrize(("by_time", "is_likely"), [(True, False), (False, True)])
def test_where_no_date_is_known_the_order_of_the_texts_decides_on_no_recipe(by_time: bool, is_likely: bool) -> None:
    ground = lay_ground(prepare(a_history({"access": 1_700, "network": 600}), "category"), None, ())
    access, network = (np.flatnonzero(ground.answers == place) for place in (0, 1))
    of_a_kind_together = np.concatenate([access[: LARGE * 3 // 4], network[: LARGE // 4]])
    told: list[str] = []
    choose(ground, of_a_kind_together, told.append, by_time=by_time)
    assert (min(float(step.rpartition(" ")[2]) for step in told) < 0.3) == is_likely


def test_a_verdict_names_the_tickets_that_the_mail_is_like(shipped: Shipped) -> None:
    examples = a_history({"network": 60, "access": 60})
    model = replace(learnt(examples, shipped)[1], thresholds=(0.0,) * 2)
    like = next(example for example in examples if example.labels["category"] == "network")
    verdict = ask(count(like.text, "en"), model)
    assert verdict.label == "network"
    assert f"like {like.ticket}" in verdict.because


def test_a_mail_like_nothing_names_no_tickets(shipped: Shipped) -> None:
    model = learnt(a_history({"network": 60, "access": 60}), shipped)[1]
    words = f"{' '.join(WORDS['network'][:1])} {ALL[0]} qqqq wwww eeee rrrr"
    assert "like" not in ask(count(words, "en"), model).because
