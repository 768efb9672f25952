"""Urgency and impact with a desk's labels: the table where nothing was learnt, and what people said where it was."""

from dataclasses import replace

import numpy as np
import pytest

from maild.classify.ask import count
from maild.classify.models import read_model
from maild.classify.points import Points, count_cues, count_points, read_points
from maild.classify.scale import middle, place
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.placing import train_scale
from maild.classify.training.desk.scale import fit_scale, score_scale, signs_of, start_of
from maild.classify.training.example import Example
from maild.errors import Refused
from tests.support.desk_history import a_history
from tests.support.places import MODELS

OF_LABEL = {"network": "1", "access": "2", "billing": "3"}


@pytest.fixture(scope="module", name="urgency")
def _urgency() -> Points:
    return read_points(MODELS / "urgency.json")


def said_of(label_of: dict[str, str]) -> list[Example]:
    """What a desk says that the table cannot know: how urgent each kind of issue is to it."""
    return [
        replace(example, whole=example.text, labels={"urgency": label_of[example.labels["category"]]})
        for example in a_history(dict.fromkeys(label_of, 50))
    ]


@pytest.fixture(scope="module", name="learnt")
def _learnt(urgency: Points) -> Points:
    trained = train_scale(prepare(said_of(OF_LABEL), "urgency"), urgency, serving=urgency)
    assert trained.card["compared"]["judgement"] == "better"
    assert trained.card["critical_called_low"] == {"n": trained.card["critical_called_low"]["n"], "called_low": 0}
    return replace(urgency, learnt=read_model(trained.content, trained.card, error_budget=0.05))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("the vpn tunnel and a router, bandwidth of the gateway", "1"),
        ("an invoice, its payment and the receipt of a refund", "3"),
    ],
)
def test_the_desk_s_own_words_count(learnt: Points, text: str, label: str) -> None:
    verdict = place(text, count(text, "en"), learnt)
    assert verdict.label == label
    assert verdict.confidence is not None
    assert "words: " in verdict.because


def test_cues_still_count_and_are_named_with_what_they_add(learnt: Points) -> None:
    plain, urgent = "password of an account", "URGENT: password of an account, production is down"
    before, after = (place(text, count(text, "en"), learnt) for text in (plain, urgent))
    assert after.label is not None
    assert before.label is not None
    assert after.label < before.label
    assert "“URGENT” (+" in after.because


def test_a_critical_cue_puts_low_out_of_reach(learnt: Points) -> None:
    text = "The whole site is down. An invoice, its payment and the receipt of a refund. Invoice payment refund charge."
    assert count_cues(text, learnt).is_critical
    assert place(text, count(text, "en"), learnt).label in ("1", "2")
    assert middle(np.array([0.0, 0.1, 0.9]), is_critical=True) == 1


def test_another_language_is_read_by_the_table(learnt: Points, urgency: Points) -> None:
    text = "Dringend: der Server ist ausgefallen, niemand kann arbeiten"
    assert place(text, count(text, "de"), learnt) == count_points(text, urgency)


def test_a_language_without_words_in_the_table_is_not_the_lowest(urgency: Points) -> None:
    text = "La stampante\n\nBuongiorno, oggi la sede di Milano resta ferma."
    verdict = place(text, count(text, "it"), urgency)
    assert (verdict.label, "which the table of words does not know" in verdict.because) == ("2", True)
    assert place(text, count(text, None), urgency).label == "3"


def test_without_labels_the_scale_is_the_table(urgency: Points) -> None:
    totals = np.arange(-6, 9)
    scores = np.outer(0.6 * totals, [1, 0, -1]) + start_of(urgency)
    best = [("1", "2", "3")[place] for place in scores.argmax(axis=1)]
    bounds = sorted(urgency.at_least.items())
    expected = [next((str(label) for label, least in bounds if total >= least), "3") for total in totals]
    assert best == expected


def test_what_is_learnt_is_what_scores(urgency: Points) -> None:
    texts = ["URGENT: it is down", "no hurry at all", "it does not start"]
    signs = signs_of([count_cues(text, urgency) for text in texts], urgency)
    words = np.zeros((3, 0))
    scale = fit_scale(signs, words, np.array([0, 2, 1]), urgency, None)
    assert score_scale(scale, signs, words).argmax(axis=1).tolist() == [0, 2, 1]


def test_the_table_stays_where_what_was_learnt_is_behind_it(urgency: Points) -> None:
    table = {"1": "URGENT: production is down", "3": "no hurry, whenever you have time"}
    other = {"1": "3", "3": "1"}
    examples = said_of({"network": "1", "billing": "3"})
    # The desk contradicted the table, and the words, until it changed its mind.
    changed = [
        replace(
            example,
            whole=table[label],
            labels={"urgency": label if number > len(examples) // 2 else other[label]},
        )
        for number, example in enumerate(examples)
        for label in example.labels.values()
    ]
    with pytest.raises(Refused, match="what answers now stays"):
        train_scale(prepare(changed, "urgency"), urgency, serving=urgency)


def test_a_scale_needs_enough_texts_in_one_language(urgency: Points) -> None:
    few = said_of({"network": "1", "billing": "3"})[:40]
    with pytest.raises(Refused, match="50 in one language are needed"):
        train_scale(prepare(few, "urgency"), urgency, serving=urgency)
