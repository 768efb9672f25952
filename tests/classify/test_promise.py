"""A client's service level makes their mails more urgent, and says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from maild import shipped
from maild.classify.leaving import FAILS, OUT, kept_here
from maild.classify.line import classify
from maild.classify.models import Models, load
from maild.classify.promise import Promise, facts_of
from maild.classify.verdict import Verdict
from maild.daemon.opening import classifying_of
from maild.errors import ConfigurationError
from maild.mail.message import Address
from maild.settings.reading import read_settings
from tests.support.desk_folder import a_folder, add
from tests.support.making import a_mail

PROMISES = (Promise(domain="client.example", points=2), Promise(domain="lavish.example", points=4))
LEVEL = '\n[[service_level]]\ndomains = ["client.example", "Other.Example"]\nresolution = "4h"\n'


@pytest.fixture(scope="module", name="models")
def _models() -> Models:
    return load(shipped.folder("models"))


def urgency(author: str | None, text: str, models: Models) -> Verdict:
    address = None if author is None else Address(address=author)
    (verdicts,) = classify([a_mail(author=address, subject="", new_text=text, text=text)], models, (), PROMISES)
    (found,) = [verdict for verdict in verdicts if verdict.question == "urgency"]
    return found


@pytest.mark.parametrize(
    ("text", "nobodys", "theirs", "lavish"),
    [
        ("The VPN client shows an error.", "2", "2", "1"),
        ("How do I add a second monitor?", "3", "2", "2"),
        ("It is urgent: nobody can work, the whole site is down.", "1", "1", "1"),
    ],
)
def test_who_was_promised_more_is_more_urgent(
    text: str, nobodys: str, theirs: str, lavish: str, models: Models
) -> None:
    authors = ("max@else.example", "bea@Client.example", "eva@lavish.example")
    found = [urgency(author, text, models) for author in authors]
    assert [verdict.label for verdict in found] == [nobodys, theirs, lavish]
    assert ["service level: " in verdict.because for verdict in found] == [False, True, True]
    assert "service level: client.example has one of its own (+2)" in found[1].because


HIGHEST = (
    "Production is down for all customers, we lose money every minute!",
    "The whole system is down, all customers are affected and we lose money.",
    "Checkout broken: customers cannot pay, payment fails with an error since this morning. We lose sales.",
    "The restaurant's reservation system is down and we lose guests tonight.",
    "Our account was hacked, somebody sent mails to all of our customers in our name.",
    "Nobody got a salary: the payroll run failed for all employees, urgent, they need their pay today.",
)
FAILING = (
    "The payroll system does not let us pay salaries today, 400 employees are waiting.",
    "The price list page in the shop stays white for every customer",
    "The invoice program is down and we cannot send a single bill to our customers.",
    "The ticket sale for the concert fails for every customer at the payment step.",
)


def sure_of_no(text: str, models: Models) -> tuple[Verdict, Verdict]:
    """What is kept of a model that calls it surely not technical, and of no category."""
    (verdicts,) = classify([a_mail(subject="", new_text=text, text=text)], models, ())
    said = {verdict.question: verdict for verdict in verdicts}
    no = replace(said["technical"], label="no", because="money (+1.0)")
    points = (said["urgency"], said["impact"])
    return kept_here((no, replace(said["category"], label=None)), text, models, points)


@pytest.mark.parametrize("text", [*HIGHEST, *FAILING])
def test_what_is_grave_or_fails_for_many_is_not_handed_off_by_a_model(text: str, models: Models) -> None:
    (verdicts,) = classify([a_mail(subject="", new_text=text, text=text)], models, ())
    assert {verdict.question: verdict.label for verdict in verdicts}["technical"] in {None, "yes"}


@pytest.mark.parametrize("text", HIGHEST)
def test_what_is_of_the_highest_urgency_and_impact_leaves_the_desk_by_a_persons_word_alone(
    text: str, models: Models
) -> None:
    technical, category = sure_of_no(text, models)
    assert (technical.label, category.label) == (None, None)
    assert technical.because == (
        "it is of the highest urgency and impact, so a person decides whether it is technical: money (+1.0)"
    )
    assert technical.confidence is not None


@pytest.mark.parametrize("text", FAILING)
def test_what_fails_is_not_handed_off_where_no_category_is_sure(text: str, models: Models) -> None:
    technical, category = sure_of_no(text, models)
    assert (technical.label, category.label) == (None, None)
    assert technical.because.startswith("it says that something fails or is out, and no category is sure, so")


@pytest.mark.parametrize(
    "text",
    [
        "The invoice that you sent me has the wrong amount, please correct it.",
        "The contract has an error in the second clause, please let the lawyers look.",
        "All employees need a new contract before the end of the month.",
        "All orders of our customers end with an error when they pay by credit card.",  # billing is sure of it
    ],
)
def test_what_is_merely_wrong_or_wide_or_sure_of_its_category_is_handed_off(text: str, models: Models) -> None:
    (verdicts,) = classify([a_mail(subject="", new_text=text, text=text)], models, ())
    assert {verdict.question: verdict.label for verdict in verdicts}["technical"] == "no"


def test_the_cues_that_keep_a_mail_here_stand_in_the_table(models: Models) -> None:
    assert {*FAILS, *OUT} <= {cue.name for cue in models.urgency.cues}


def test_what_is_urgent_for_one_alone_is_handed_off(models: Models) -> None:
    text = "It is urgent: I need a copy of the invoice within the hour, the amount that you charged me is wrong. Please refund it."
    (verdicts,) = classify([a_mail(subject="", new_text=text, text=text)], models, ())
    said = {verdict.question: verdict.label for verdict in verdicts}
    assert (said["technical"], said["urgency"], said["impact"]) == ("no", "1", "3")


@pytest.mark.parametrize(
    "author", [None, "", "client.example", "x@client.example.evil.example", "x@sub.client.example", "a@b@", "@"]
)
def test_nobody_else_was_promised_anything(author: str | None) -> None:
    assert facts_of(author, PROMISES) == ()


@pytest.mark.parametrize(("key", "points"), [("", 2), ("urgency_points = 4\n", 4), ("urgency_points = 0\n", 0)])
def test_what_it_counts_is_a_setting(tmp_path: Path, key: str, points: int) -> None:
    folder = add(a_folder(tmp_path / "desk"), "priorities.toml", LEVEL + key)
    promises = classifying_of(read_settings(folder, {})).promises
    assert {promise.domain: promise.points for promise in promises} == dict.fromkeys(
        ("client.example", "other.example"), points
    )
    found = facts_of("bea@client.example", promises)
    assert [fact.points for fact in found] == ([points] if points else [])


@pytest.mark.parametrize("points", ["5", "-1", '"many"'])
def test_points_out_of_range_are_refused(tmp_path: Path, points: str) -> None:
    folder = add(a_folder(tmp_path / "desk"), "priorities.toml", f"{LEVEL}urgency_points = {points}\n")
    with pytest.raises(ConfigurationError, match="urgency_points"):
        read_settings(folder, {})
