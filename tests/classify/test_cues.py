"""The cues of urgency and impact: in four languages, and not where words only look like one."""

import csv
import re
import time

import pytest

from maild.classify.line import classify
from maild.classify.models import Models, load
from maild.classify.points import Fact, count_points, read_points
from maild.mail.message import Mail
from maild.shipped import folder
from tests.support.mail_making import a_mail
from tests.support.places import SENTENCES

LANGUAGES = ("english", "german", "french", "spanish")
TABLES = {question: read_points(folder("models") / f"{question}.json") for question in ("urgency", "impact")}


def sentences(language: str) -> list[dict[str, str]]:
    with (SENTENCES / f"cues_{language}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_a_hundred_different_sentences_are_tested(language: str) -> None:
    assert len({row["text"] for row in sentences(language)}) >= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_read_as_a_person_would(language: str) -> None:
    read = [(row, count_points(row["text"], TABLES[row["question"]])) for row in sentences(language)]
    assert [(row, verdict) for row, verdict in read if verdict.label != row["label"]] == []
    assert [(row, verdict) for row, verdict in read if misses_its_cue(row["cue"], verdict.because)] == []


def misses_its_cue(wanted: str, because: str) -> bool:
    """Whether the reason lacks the cue; of one with a mark of exclamation, whether it counts."""
    cue = wanted.removeprefix("!")
    if wanted.startswith("!"):
        return bool(re.search(rf"{re.escape(cue)}: “[^”]*” \(\+[2-9]\)", because.replace("as a prefix", "")))
    return f"{cue}: “" not in because


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_without_accents_are_read_the_same(language: str) -> None:
    accents = str.maketrans("áàâäéèêëíîïóôöúùûüçñ\N{RIGHT SINGLE QUOTATION MARK}", "aaaaeeeeiiiooouuuucn'")
    for row in sentences(language):
        table = TABLES[row["question"]]
        assert count_points(row["text"].translate(accents), table).label == row["label"], row["text"]


@pytest.mark.parametrize("question", ["urgency", "impact"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_of_the_table_is_tested_in_every_language(language: str, question: str) -> None:
    tested = {row["cue"].removeprefix("!") for row in sentences(language)}
    untested = {cue.name for cue in TABLES[question].cues if cue.points} - tested
    assert untested <= {"urgent as a prefix", "written in the first person", "a single device or account"} | (
        {"production", "a test system", "an advertisement"} if question == "impact" else set()
    )


CRITICAL = [
    row
    for language in LANGUAGES
    for row in sentences(language)
    if row["cue"] in {cue.name for cue in TABLES[row["question"]].cues if cue.is_critical}
]


def test_what_is_critical_is_never_low_however_much_speaks_against_it() -> None:
    against = "No rush, low priority. Only me, just a typo. Is it possible?"
    read = [(row, count_points(f"{against} {row['text']}", TABLES[row["question"]])) for row in CRITICAL]
    assert len(read) > 300
    assert [(row, verdict) for row, verdict in read if verdict.label not in {"1", "2"}] == []


def test_a_fact_of_the_desk_counts_like_a_cue_and_is_named_first() -> None:
    fact = Fact(name="others write about the same", points=9, because="12 tickets within an hour")
    verdict = count_points("My mouse is broken.", TABLES["impact"], [fact])
    assert verdict.label == "1"
    assert verdict.because.startswith("others write about the same: 12 tickets within an hour (+9), ")


def test_the_reason_quotes_the_mail_letter_for_letter() -> None:
    because = count_points("Server\n\nDer Server ist NICHT\n  VERFÜGBAR!", TABLES["urgency"]).because
    assert "outage: “NICHT VERFÜGBAR” (+4)" in because


@pytest.mark.parametrize(
    "hostile",
    [
        "not " * 500_000,
        "a" * 2_000_000,
        "\n" * 2_000_000,
        "\n " * 1_000_000,
        "need " * 400_000,
        "1." * 1_000_000,
        "10 a " * 400_000,
        "e\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}" * 600_000,
        "nobody " + "a-'" * 600_000,
        "[" * 2_000_000,
        "re: " * 500_000,
        "is it down " * 180_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_two_megabytes_of_malice_take_no_time(hostile: str) -> None:
    started = time.process_time()
    for points in TABLES.values():
        count_points(hostile, points)
    assert time.process_time() - started < 5


@pytest.fixture(scope="module", name="models")
def _models() -> Models:
    return load(folder("models"))


def urgency(models: Models, mail: Mail) -> str:
    (verdicts,) = classify([mail], models, ())
    return next((str(verdict.label) for verdict in verdicts if verdict.question == "urgency"), "not asked")


def test_what_the_client_quotes_does_not_count(models: Models) -> None:
    body = "Thanks, I will look.\n\nOn Monday, Bo <bo@acme.example> wrote:\n> URGENT: everything is down, act today!\n"
    assert urgency(models, a_mail(body, Subject="Re: a question")) == "3"


def test_what_stands_in_the_signature_does_not_count(models: Models) -> None:
    body = "The label has a wrong date.\n\n-- \nAna Ruiz\nEmergency desk: urgent outages, immediately\n"
    assert urgency(models, a_mail(body, Subject="Label")) == "2"


def test_a_newsletter_is_not_asked_how_urgent_it_is(models: Models) -> None:
    mail = a_mail("URGENT: the server is down!", Subject="Urgent", List_Id="<news.shop.example>")
    assert urgency(models, mail) == "not asked"


def test_a_word_of_hurry_is_not_yet_work_that_stands_still(models: Models) -> None:
    body = "The second tray squeaks.\n"
    assert urgency(models, a_mail(body, Subject="Copier")) == "3"
    assert urgency(models, a_mail(body, Subject="URGENT: copier")) == "2"
    assert urgency(models, a_mail(f"{body}It is urgent.\n", Subject="Copier")) == "2"
    assert urgency(models, a_mail(f"{body}It is urgent.\n", Subject="URGENT: copier")) == "1"
    assert urgency(models, a_mail("The second tray is broken.\n", Subject="URGENT: copier")) == "1"


def test_an_outage_of_a_whole_site_is_of_the_highest_impact_and_urgency(models: Models) -> None:
    body = "since 08:10 nobody at our Hamburg site can log in. All 140 users get the same error.\n"
    (verdicts,) = classify([a_mail(body, Subject="URGENT: log in")], models, ())
    assert {v.question: v.label for v in verdicts if v.question in TABLES} == {"urgency": "1", "impact": "1"}
