"""What the desk's labels teach about replies: where phrases are unsure, and never against a word that speaks against it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from maild import shipped
from maild.classify.content import digest_of
from maild.classify.intent.intents import PHRASES, Intents, read_intents
from maild.classify.intent.reply_learnt import settle
from maild.classify.line import classify
from maild.classify.linear import LinearModel
from maild.classify.models import Models, load, read_model
from maild.classify.serving import put_in_place
from maild.classify.text import model_text
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import Trained
from maild.classify.training.desk.replying import train_replies
from maild.classify.training.example import Example
from maild.classify.verdict import Verdict
from maild.errors import Refused
from maild.mail.message import Mail
from tests.support.desk_history import BEGINNING
from tests.support.making import a_mail
from tests.support.model_making import a_card, some_content

BUDGET = 0.05

WORDS = {
    "resolved": ["green", "spinning", "bright", "warm", "flowing", "purring"],
    "not_resolved": ["red", "stuck", "dark", "cold", "dripping", "hissing"],
    "question": ["colour", "height", "weight", "price", "shade", "width"],
}
"""What the clients of a desk for machines say: no phrase of ours knows it."""

PARTS = ["lamp", "wheel", "pump", "valve", "belt", "drum", "nozzle", "lever"]


def replies(size: int, *, are_right: bool = True) -> list[Example]:
    chance = np.random.default_rng(4)
    found = []
    for number in range(size):
        label = str(chance.choice(list(WORDS)))
        said = " ".join([*chance.choice(PARTS, size=3), *chance.choice(WORDS[label], size=3)])
        named = label if are_right else str(chance.choice(list(WORDS)))
        found.append(
            Example(
                text=model_text("", said), corpus="desk", group=f"ticket {number}", labels={"reply_intent": named},
                at=BEGINNING + timedelta(hours=number), language="en", whole=f"Re: your machine {number}\n\n{said}",
            )
        )  # fmt: skip
    return found


@pytest.fixture(scope="module", name="intents")
def _intents() -> Intents:
    return read_intents(shipped.folder("models") / "reply_intent.json")


@pytest.fixture(scope="module", name="trained")
def _trained(intents: Intents) -> Trained:
    return train_replies(prepare(replies(160), "reply_intent"), intents, error_budget=BUDGET)


@pytest.fixture(scope="module", name="model")
def _model(trained: Trained) -> LinearModel:
    return read_model(trained.content, trained.card, error_budget=BUDGET)


@pytest.fixture(scope="module", name="models")
def _models(model: LinearModel) -> Models:
    return put_in_place(load(shipped.folder("models")), model)


def a_reply(text: str) -> Mail:
    return a_mail(subject="Re: the machine", in_reply_to=("<1@acme.example>",), new_text=text, text=text, language="en")


def meant(text: str, models: Models) -> Verdict:
    (verdicts,) = classify([a_reply(text)], models, ())
    (found,) = [verdict for verdict in verdicts if verdict.question == "reply_intent"]
    return found


@pytest.mark.parametrize(
    ("phrases", "learnt", "label"),
    [
        (None, None, None),
        ("question", None, "question"),
        (None, "resolved", "resolved"),
        ("resolved", "resolved", "resolved"),
        ("resolved", "not_resolved", None),
        ("not_resolved", "resolved", None),
        ("question", "information", "information"),
        ("automatic", "resolved", "automatic"),
    ],
)
def test_of_two_words_one_is_settled_and_nothing_is_closed_against_the_other(
    phrases: str | None, learnt: str | None, label: str | None
) -> None:
    assert settle(phrases, learnt) == label


def test_what_no_phrase_knows_is_learnt_from_the_desks_labels(models: Models) -> None:
    text = "the lamp is green, the wheel is spinning and the pump is warm"
    assert meant(text, load(shipped.folder("models"))).label is None
    verdict = meant(text, models)
    assert verdict.label == "resolved"
    assert verdict.confidence
    assert verdict.model == models.intents.learnt.digest if models.intents.learnt else False
    for words in ("by the desk's labels resolved", "green (+", "by phrases unsure"):
        assert words in verdict.because


def test_what_phrases_know_stays_where_the_labels_have_nothing_to_say(models: Models) -> None:
    assert meant("It works now, thank you very much!", models).label == "resolved"
    assert meant("No, it still does not work.", models).label == "not_resolved"


def test_where_phrases_and_labels_contradict_each_other_a_person_decides(models: Models) -> None:
    verdict = meant("it works now: lamp red, wheel stuck, pump cold, valve dripping, drum hissing", models)
    assert verdict.label is None
    assert "by the desk's labels not_resolved" in verdict.because
    assert "by phrases resolved" in verdict.because


def test_what_nobody_has_understood_beside_it_stays_also_where_the_labels_say_that_it_works(models: Models) -> None:
    verdict = meant("it works, lamp green, wheel spinning, pump warm. I miss the manual", models)
    assert (verdict.label, verdict.beside) == ("resolved", "lamp green")


def test_a_reply_in_a_language_that_nobody_labelled_is_left_to_the_phrases(models: Models) -> None:
    mail = replace(a_reply("lamp green wheel spinning pump warm"), language="de")
    (verdicts,) = classify([mail], models, ())
    assert [verdict.label for verdict in verdicts if verdict.question == "reply_intent"] == [None]


def test_a_card_says_what_was_learnt_beside_what(trained: Trained) -> None:
    compared = trained.card["compared"]
    assert compared["judgement"] == "better"
    assert compared["against"] == ""
    assert "closed by itself and not resolved: 0, now 0" in compared["because"]
    assert trained.card["rows"]["desk"].keys() == WORDS.keys()


def test_the_same_labels_give_the_same_model(trained: Trained, intents: Intents) -> None:
    again = train_replies(prepare(replies(160)[::-1], "reply_intent"), intents, error_budget=BUDGET)
    assert digest_of(again.content, again.card) == digest_of(trained.content, trained.card)


def test_labels_by_chance_make_no_model(intents: Intents) -> None:
    with pytest.raises(Refused, match="No model was made; what answers now stays"):
        train_replies(prepare(replies(160, are_right=False), "reply_intent"), intents, error_budget=BUDGET)


def test_a_version_is_not_judged_by_replies_that_it_has_learnt_from(intents: Intents, model: LinearModel) -> None:
    history = prepare(replies(160), "reply_intent")
    everything = {mark(example.text) for example in history.examples}
    with pytest.raises(Refused, match="has learnt from every reply that was held out"):
        train_replies(history, replace(intents, learnt=model), error_budget=BUDGET, trained_on=everything)


@pytest.mark.parametrize(
    ("more", "question", "reason"),
    [
        ({}, "reply_intent", "do not agree on whether it corrects the phrases"),
        ({"phrases": np.zeros((len(PHRASES), 3))}, "category", "do not agree on whether it corrects the phrases"),
        ({"phrases": np.zeros((2, 3))}, "reply_intent", "weights for the phrases of replies do not fit"),
        ({"phrases": np.full((len(PHRASES), 3), np.nan)}, "reply_intent", "not finite"),
    ],
)
def test_a_model_that_does_not_fit_the_phrases_is_refused(more: Mapping[str, Any], question: str, reason: str) -> None:
    labels = list(WORDS)
    content = some_content({"resolved": ["green"]}, labels, **more)
    with pytest.raises(Refused, match=reason):
        read_model(content, a_card(labels, question=question), error_budget=BUDGET)
