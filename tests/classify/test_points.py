"""Urgency and impact: points over named cues, in four languages."""

import json
from pathlib import Path

import pytest

from maild.classify.points import Points, count_points, read_points
from tests.support.places import MODELS


@pytest.fixture(scope="module", name="urgency")
def _urgency() -> Points:
    return read_points(MODELS / "urgency.json")


@pytest.fixture(scope="module", name="impact")
def _impact() -> Points:
    return read_points(MODELS / "impact.json")


@pytest.mark.parametrize(
    "text",
    [
        "URGENT: the shop is down",
        "Dringend: der Server ist ausgefallen, niemand kann arbeiten",
        "Urgent : le serveur est en panne, personne ne peut travailler",
        "Urgente: el servidor está caído y nadie puede trabajar",
    ],
)
def test_an_urgent_outage_is_of_the_highest_urgency(urgency: Points, text: str) -> None:
    assert count_points(text, urgency).label == "1"


@pytest.mark.parametrize(
    "text", ["This is not urgent.", "Das ist nicht dringend.", "Ce n'est pas urgent.", "No es urgente."]
)
def test_not_urgent_is_not_read_as_urgent(urgency: Points, text: str) -> None:
    verdict = count_points(text, urgency)
    assert verdict.label == "3"
    assert "called urgent" not in verdict.because


def test_words_of_one_length_are_looked_for_in_one_order_in_every_process(tmp_path: Path) -> None:
    words = ["delta", "alpha", "omega", "gamma", "sigma", "kappa", "theta"]
    table = json.loads((MODELS / "urgency.json").read_text())
    table["cues"] = [{"name": "a letter", "points": 1, "words": {"en": words}}]
    (tmp_path / "urgency.json").write_text(json.dumps(table))
    cue = read_points(tmp_path / "urgency.json").cues[0]
    assert [phrase.words for phrase in cue.phrases] == sorted(words)


def a_table(tmp_path: Path, *cues: dict[str, object]) -> Points:
    table = json.loads((MODELS / "urgency.json").read_text())
    table |= {"cues": list(cues), "lists": {"en": {"not": ["does not", "won't"], "works": ["print*", "wake up"]}}}
    (tmp_path / "urgency.json").write_text(json.dumps(table))
    return read_points(tmp_path / "urgency.json")


@pytest.mark.parametrize("phrase", ["<not> <works>", "it <not> ~ <works>"])
def test_a_phrase_of_lists_is_any_of_their_words(tmp_path: Path, phrase: str) -> None:
    points = a_table(tmp_path, {"name": "fails", "points": 4, "words": {"en": [phrase]}})
    for text, label in (("It won't wake up.", "1"), ("It does not printing.", "1"), ("It does not bite.", "3")):
        assert count_points(text, points).label == label


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="colours"):
        a_table(tmp_path, {"name": "red", "points": 1, "words": {"en": ["a <colours> one"]}})


def test_a_cue_that_needs_another_counts_only_beside_it(tmp_path: Path) -> None:
    fails = {"name": "fails", "points": 1, "words": {"en": ["fails"]}}
    place = {"name": "production", "points": 3, "only_beside": ["fails"], "words": {"en": ["production"]}}
    points = a_table(tmp_path, fails, place)
    texts = ("A new page for production", "It fails", "It fails in production")
    assert [count_points(text, points).label for text in texts] == ["3", "2", "1"]


def test_a_mail_without_any_cue_is_of_the_lowest_and_says_so(urgency: Points, impact: Points) -> None:
    for points in (urgency, impact):
        verdict = count_points("Hello. Greetings.", points)
        assert (verdict.label, verdict.confidence) == ("3", None)
        assert verdict.because == "no word in it speaks for more or for less: the lowest"


@pytest.mark.parametrize(
    "text",
    [
        "None of our customers can pay: customers cannot check out in production.",
        "Alle Benutzer sind betroffen.",
        "Tous les utilisateurs sont touchés.",
        "Afecta a todos los usuarios.",
    ],
)
def test_everybody_is_of_the_highest_impact(impact: Points, text: str) -> None:
    assert count_points(text, impact).label == "1"


@pytest.mark.parametrize(
    "text", ["My laptop is slow.", "Mein Drucker druckt nicht.", "Mon écran est noir.", "Mi portátil va lento."]
)
def test_one_persons_own_thing_is_of_the_lowest_impact(impact: Points, text: str) -> None:
    assert count_points(text, impact).label == "3"


def test_the_reason_names_the_words_of_the_mail(urgency: Points) -> None:
    assert "called urgent: “ASAP” (+2)" in count_points("Please answer ASAP.", urgency).because


def test_what_is_told_far_below_the_beginning_is_not_what_a_mail_is_about(urgency: Points, impact: Points) -> None:
    log = "Please add a colour to the list. " + "Attached is the page that we mean to print. " * 20
    late = f"{log}The log says: error, the server failed."
    assert (count_points(late, urgency).label, count_points("The server failed.", urgency).label) == ("3", "2")
    assert count_points(f"{log} The warehouse is down since noon.", urgency).label == "1"
    assert "server" not in count_points(late, impact).because


def test_a_question_about_what_fails_is_a_failure(urgency: Points) -> None:
    verdict = count_points("How can I mend this error? Is it possible today?", urgency)
    assert verdict.label == "2"
    assert "a wish or a question: “How can I” (no point)" in verdict.because


def test_a_cue_counts_once_however_often_it_is_shouted(urgency: Points) -> None:
    assert count_points("It is urgent", urgency).because == count_points("It is " + "urgent " * 50, urgency).because


def test_words_inside_other_words_are_no_cue(urgency: Points) -> None:
    assert count_points("The insurgents and the prodigy read the fine print.", urgency).label == "3"


@pytest.mark.parametrize("question", ["urgency", "impact"])
def test_the_card_says_that_nothing_was_learnt(question: str) -> None:
    card = json.loads((MODELS / f"{question}.json").read_text(encoding="utf-8"))
    assert card["kind"] == "a table of points, not learnt"
    for cue in card["cues"]:
        assert set(cue["words"]) == set(card["languages"])


@pytest.mark.parametrize("question", ["urgency", "impact"])
def test_no_text_leaves_the_closed_set(question: str) -> None:
    points = read_points(MODELS / f"{question}.json")
    everything = " ".join(phrase.words for cue in points.cues for phrase in cue.phrases)
    for text in (everything, "", "\x00", "urgent " * 10_000):
        assert count_points(text, points).label in {"1", "2", "3"}
