"""A question is evaluated on texts that nothing has learnt from, and says which those were."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from maild.classify.evaluation.answers import of_model, of_rule
from maild.classify.evaluation.baselines import by_keywords, most_frequent, one_by_keywords, words_of
from maild.classify.evaluation.cases import Case, gather
from maild.classify.evaluation.evaluation import Evaluation
from maild.classify.evaluation.line import evaluate
from maild.classify.evaluation.question import Contestant, Question
from maild.classify.linear import LinearModel
from maild.classify.models import read_model
from maild.classify.training.desk.content import marks
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import train_desk
from tests.support.desk_history import a_history
from tests.support.rows import NOW

SIZES = {"network": 60, "access": 60, "billing": 40}


def some_cases(sizes: dict[str, int] | None = None, *, seed: int = 5, source: str = "tsm") -> list[Case]:
    """A desk's labelled texts, written by chance from words that say their label."""
    return [
        Case(
            subject="",
            new_text=example.text,
            language="en",
            labels=example.labels,
            group=f"{seed} {example.group}",
            at=example.at,
            source=source,
        )
        for example in a_history(sizes or SIZES, seed=seed)
    ]


@pytest.fixture(scope="module", name="model")
def _model() -> LinearModel:
    """A model that has learnt from other texts of the kind."""
    trained = train_desk(prepare(a_history({"network": 80, "access": 80, "billing": 60}, seed=50), "category"))
    card = {**trained.card, "thresholds": {"0.05": 0.6}}
    return read_model(trained.content, card, error_budget=0.05)


def a_question(model: LinearModel, **difference: object) -> Question:
    serving = Contestant(name="in service", what="category-0", answering=of_model(model), promise="no promise")
    usual = Question(
        name="category", allowed=("access", "billing", "network"), contestants=(serving,), is_learnt=True, base=model
    )
    return replace(usual, **difference)  # type: ignore[arg-type]


def names(evaluation: Evaluation) -> list[str]:
    return [standing.name for standing in evaluation.standings]


def test_the_model_in_service_stands_beside_what_labels_would_give_and_the_baselines(model: LinearModel) -> None:
    keywords = {"network": ("vpn",), "access": ("password",), "billing": ("invoice",)}
    found = evaluate(a_question(model, keywords=keywords), some_cases())
    assert names(found) == ["in service", "your labels", "keywords", "majority"]
    assert found.how.startswith("held out: ")
    assert found.promise == "no promise"
    assert found.texts == sum(found.labels.values())
    serving, majority = found.standings[0], found.standings[-1]
    assert serving.versus is None
    assert majority.versus is not None
    assert majority.versus.judgement == "worse"
    assert serving.scores.macro_f1.value > majority.scores.macro_f1.value
    assert len({standing.scores.n for standing in found.standings}) == 1
    assert found.curve


def test_a_model_that_has_learnt_from_the_texts_steps_back_for_its_training(model: LinearModel) -> None:
    cases = some_cases()
    question = a_question(model)
    learnt = replace(question.contestants[0], trained_on=marks(a_history(SIZES)), is_desks=True)
    shipped = replace(question.contestants[0], name="shipped", what="category-0")
    found = evaluate(replace(question, contestants=(learnt, shipped)), cases)
    assert names(found)[:2] == ["in service", "shipped"]
    assert "its training repeated without the texts" in found.standings[0].what
    assert "your labels" not in names(found)


def test_what_ships_is_not_judged_by_what_it_has_learnt_from_nor_leant_on(model: LinearModel) -> None:
    read = marks(a_history(SIZES))
    question = a_question(model, base_trained_on=read)
    found = evaluate(replace(question, contestants=(replace(question.contestants[0], trained_on=read),)), some_cases())
    assert names(found) == ["your labels", "majority"]
    assert "category-0 is not asked, it has learnt from them" in found.how
    assert "without the shipped model" in found.standings[0].what


def test_enough_new_texts_judge_the_model_itself(model: LinearModel) -> None:
    old = marks(a_history(SIZES))
    question = a_question(model)
    learnt = replace(question.contestants[0], trained_on=old)
    cases = [*some_cases(), *some_cases({"network": 80, "access": 80, "billing": 80}, seed=9)]
    found = evaluate(replace(question, contestants=(learnt,)), gather(cases, most=1_000))
    assert found.how.startswith("those that no model here has learnt from")
    assert found.standings[0].what == "category-0"
    assert found.standings[0].scores.n <= 240


def test_what_cannot_be_repeated_and_has_learnt_everything_is_not_asked(model: LinearModel) -> None:
    question = a_question(model, is_learnt=False)
    learnt = replace(question.contestants[0], trained_on=marks(a_history(SIZES)), held_out="match, n = 40")
    table = replace(question.contestants[0], name="table", what="a table")
    found = evaluate(replace(question, contestants=(learnt, table)), some_cases())
    assert names(found) == ["table", "majority"]
    assert "category-0 learnt from these very texts, and its card says: match, n = 40" in found.how


def test_a_near_duplicate_of_a_learnt_text_is_not_new(model: LinearModel) -> None:
    cases = some_cases()
    twins = [replace(case, new_text=f"{case.new_text} thanks", group=f"{case.group} again") for case in cases]
    question = a_question(model, is_learnt=False)
    learnt = replace(question.contestants[0], trained_on=marks(a_history(SIZES)))
    found = evaluate(replace(question, contestants=(learnt,)), [*cases, *twins])
    assert names(found) == []
    assert any("nobody is left to be judged" in note for note in found.notes)


def test_twelve_texts_say_nothing_and_say_so(model: LinearModel) -> None:
    found = evaluate(a_question(model), some_cases({"network": 6, "access": 6}))
    assert found.standings == ()
    assert any("n = 12: too few to say" in note for note in found.notes)
    assert any("12 labelled texts" in note and "30 different ones are needed" in note for note in found.notes)


def test_no_text_at_all_is_too_few(model: LinearModel) -> None:
    found = evaluate(a_question(model), [])
    assert found.texts == 0
    assert any("n = 0" in note for note in found.notes)


def test_one_label_alone_is_counted_and_its_limits_are_told(model: LinearModel) -> None:
    found = evaluate(a_question(model), some_cases({"network": 40}))
    assert "every text is labelled network: nothing can be told about other labels" in found.notes
    assert any("at least two labels" in note for note in found.notes)
    assert found.standings[0].scores.n == 40


def test_a_label_that_the_desk_no_longer_has_is_left_out_and_counted(model: LinearModel) -> None:
    found = evaluate(a_question(model, allowed=("access", "network")), some_cases())
    assert found.left_out == {"billing is no category of this desk today": 40}
    assert "billing" not in found.labels


def test_a_label_that_the_model_has_never_seen_is_always_wrong(model: LinearModel) -> None:
    renamed = [
        replace(case, labels={"category": case.labels["category"].replace("billing", "legal")}) for case in some_cases()
    ]
    found = evaluate(a_question(model, allowed=("access", "legal", "network"), is_learnt=False), renamed)
    legal = next(each for each in found.standings[0].scores.labels if each.label == "legal")
    assert (legal.n, legal.recall.value) == (40, 0.0)


def test_a_question_that_no_text_answers_is_judged_by_what_was_said_at_the_time() -> None:
    said = [replace(case, labels={"kind": "person"}, said="spam", source="tsm") for case in some_cases({"network": 30})]
    found = evaluate(Question(name="kind", allowed=("person", "spam", "bulk")), said)
    assert found.standings == ()
    assert "only what was said at the time" in found.notes[0]
    assert found.happened[0].wrong.value == 1


def test_what_was_said_at_the_time_is_counted_by_who_judged_it(model: LinearModel) -> None:
    cases = some_cases()
    audited = [replace(case, source="audit", said="network") for case in cases[:60]]
    found = evaluate(a_question(model), [*audited, *cases[60:]])
    (happened,) = found.happened
    assert happened.source == "audit"
    assert happened.wrong.n == 60
    assert happened.wrong.value == pytest.approx(np.mean([case.labels["category"] != "network" for case in audited]))


def test_the_same_labels_give_the_same_evaluation(model: LinearModel) -> None:
    first, again = (evaluate(a_question(model), some_cases()) for _ in range(2))
    assert first == again


def test_an_abstaining_service_gives_less(model: LinearModel) -> None:
    never = replace(model, thresholds=tuple(2.0 for _ in model.thresholds))
    found = evaluate(a_question(model, contestants=(replace(a_question(never).contestants[0]),)), some_cases())
    assert found.standings[0].scores.coverage.given.value == 0
    assert found.standings[0].scores.accuracy.value > 0.5


def test_gathering_keeps_each_text_once_and_the_newest() -> None:
    cases = some_cases({"network": 10})
    twice = [*cases, *(replace(case, at=NOW + timedelta(days=900), source="later") for case in cases)]
    kept = gather(twice, most=4)
    assert len(kept) == 4
    assert {case.source for case in kept} == {"later"}
    assert gather([replace(cases[0], new_text="", subject="")], most=10) == []


def test_keywords_answer_where_one_label_leads() -> None:
    words = {"network": ("vpn", "no connection"), "access": ("password",)}
    case = some_cases({"network": 1})[0]
    for text, label in (
        ("The VPN has no connection, password is right", "network"),
        ("password", "access"),
        ("vpn password", None),
        ("vpns", None),
        ("", None),
    ):
        assert one_by_keywords(words, replace(case, new_text=text)) == label
    answers = by_keywords(words, "access")([replace(case, new_text="lunch")])
    assert (answers.labels[int(answers.probabilities[0].argmax())], bool(answers.given[0])) == ("access", False)


def test_descriptions_give_the_words_that_no_other_has() -> None:
    assert words_of({"a": "The printer and paper", "b": "the paper, network"}) == {"a": ["printer"], "b": ["network"]}


def test_the_most_frequent_label_is_the_first_by_name_where_two_are_level() -> None:
    assert most_frequent(["b", "a", "b", "a", "c"]) == "a"


def test_a_rule_that_says_nothing_is_not_given() -> None:
    answers = of_rule(lambda _: None, ("x", "y"), otherwise="y")(some_cases({"network": 3}))
    assert answers.labels == ("x", "y")
    assert not answers.given.any()
    assert answers.probabilities[:, 1].tolist() == [1.0, 1.0, 1.0]
