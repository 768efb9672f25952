"""What people's hand-offs teach about the other teams: stronger than the configuration, and silent where unsure."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from maild import shipped
from maild.classify.line import classify
from maild.classify.linear import LinearModel
from maild.classify.models import Models, load, read_model
from maild.classify.serving import put_in_place
from maild.classify.text import model_text
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.handing_off import train_teams
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.judging import Champion
from maild.classify.training.desk.line import Trained
from maild.classify.training.example import Example
from maild.classify.verdict import Verdict
from maild.mail.message import Mail
from maild.process.deciding import decide
from maild.process.decision import Decision
from maild.process.people.team import OtherTeam
from maild.process.rules import Rules
from tests.support.desk_history import BEGINNING
from tests.support.making import a_mail, a_team, some_findings, some_rules, verdicts

INVOICE = [
    "please",
    "find",
    "our",
    "invoice",
    "for",
    "march",
    "payment",
    "of",
    "eur",
    "is",
    "due",
    "within",
    "thirty",
    "days",
    "to",
    "our",
    "bank",
    "account",
]
WORDS = {
    "Finance": ["tractor", "plough", "harvester", "diesel", "trailer", "baler"],
    "Sales": ["greenhouse", "tulips", "seeds", "shovel", "orchard", "hedge"],
}
"""This desk's invoices for gardens go to Sales, which nothing but its people could know."""

GARDEN = "Please find our invoice for tulips, seeds, a hedge and an orchard. Payment is due within thirty days."
FIELDS = "Please find our invoice for a plough, diesel and a harvester. Payment is due within thirty days."
TEAMS = ("Finance", "Front Office", "Sales")


def hand_offs(size: int, *, teams: Sequence[str] = tuple(WORDS), are_right: bool = True) -> list[Example]:
    """Invoices in the words of all of them and of the team that took them."""
    chance = np.random.default_rng(7)
    found = []
    for number in range(size):
        words, named = (str(chance.choice(list(WORDS))) for _ in range(2))
        said = [*chance.choice(INVOICE, size=8, replace=False), *chance.choice(WORDS[words], size=4)]
        text = " ".join(chance.permutation(said))
        label = {"Finance": teams[0], "Sales": teams[1]}[words if are_right else named]
        found.append(
            Example(
                text=model_text(f"Invoice {number}", text), corpus="desk", group=f"ticket {number}", labels={"team": label},
                at=BEGINNING + timedelta(hours=number), language="en", whole=f"Invoice {number}\n\n{text}",
            )
        )  # fmt: skip
    return found


def write_hand_offs(path: Path, examples: Sequence[Example]) -> None:
    """Past hand-offs, as `maild labels import` reads them."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "subject", "text", "team", "language", "written_at"])
        for example in examples:
            assert example.at is not None
            subject, _, text = example.whole.partition("\n\n")
            rows.writerow([example.group, subject, text, example.labels["team"], "en", example.at.isoformat()])


def to_finance(_: Example) -> str | None:
    """What the configuration says of an invoice."""
    return "Finance"


@pytest.fixture(scope="module", name="trained")
def _trained() -> Trained:
    return train_teams(
        prepare(hand_offs(120), "team"), to_finance, allowed=TEAMS, front="Front Office", error_budget=0.05
    )


@pytest.fixture(scope="module", name="model")
def _model(trained: Trained) -> LinearModel:
    return read_model(trained.content, trained.card, error_budget=0.05)


@pytest.fixture(scope="module", name="models")
def _models(model: LinearModel) -> Models:
    return replace(put_in_place(load(shipped.folder("models")), model), teams=TEAMS)


def an_invoice(text: str) -> Mail:
    return a_mail(subject="Invoice", new_text=text, text=text)


def rules(*others: str) -> Rules:
    """`others`: more teams, each known by words of the garden."""
    sales = OtherTeam(name="Sales", address="sales@acme.example", takes=())
    more = (OtherTeam(name=name, address="x@acme.example", takes=(), description="tulips, hedge") for name in others)
    return some_rules(team=a_team(others=(*a_team().others, sales, *more)))


def said(text: str, models: Models) -> Verdict | None:
    (found,) = classify([an_invoice(text)], models, ())
    return next((verdict for verdict in found if verdict.question == "team"), None)


def decided(text: str, models: Models, *, by: Rules, category: str | None = "billing") -> Decision:
    of_mail = verdicts(kind="person", technical="no", category=category)
    team = said(text, models)
    findings = some_findings(mail=an_invoice(text), verdicts={**of_mail, **({"team": team} if team else {})})
    return decide(findings, by)


def test_what_people_decided_is_stronger_than_the_category_and_says_why(models: Models) -> None:
    found = decided(GARDEN, models, by=rules())
    assert found.team == "Sales"
    assert "mail like it was given to Sales before" in found.because
    assert "tulips" in found.because
    assert decided(FIELDS, models, by=rules()).team == "Finance"


def test_without_labels_the_configuration_decides_as_before(models: Models) -> None:
    assert said(GARDEN, replace(models, team=None)) is None
    assert decided(GARDEN, replace(models, team=None), by=rules()).team == "Finance"


@pytest.mark.parametrize(
    ("text", "category", "team"),
    [
        ("Please find our invoice. Payment is due within thirty days.", "billing", "Finance"),
        ("Please find our invoice. Payment is due within thirty days.", None, "Front Office"),
        ("Are you still up for lunch on Thursday?", None, "Front Office"),
    ],
)
def test_where_labels_are_unsure_the_configuration_decides(
    models: Models, text: str, category: str | None, team: str
) -> None:
    verdict = said(text, models)
    assert verdict is not None
    assert verdict.label is None, verdict
    assert decided(text, models, by=rules(), category=category).team == team


def test_a_team_that_is_gone_gets_nothing(models: Models) -> None:
    without = replace(models, teams=("Finance", "Front Office"))
    verdict = said(GARDEN, without)
    assert verdict is not None
    assert "the model says Sales, and this desk has no such label" in verdict.because
    assert decided(GARDEN, without, by=some_rules()).team == "Finance"


def test_a_new_team_is_known_by_its_words_until_labels_name_it(models: Models) -> None:
    later = replace(models, teams=(*TEAMS, "Gardens"))
    found = decided(GARDEN, later, by=rules("Gardens"), category=None)
    assert (found.team, "words of Gardens" in found.because) == ("Gardens", True)
    assert decided(FIELDS, later, by=rules("Gardens"), category=None).team == "Finance"


def test_a_team_that_too_few_labels_name_is_known_by_the_configuration_too(models: Models) -> None:
    assert models.team is not None
    few = replace(models, team=replace(models.team, silent=frozenset({"Finance"})))
    verdict = said(GARDEN, few)
    assert verdict is not None
    assert (verdict.label, verdict.untaught) == ("Sales", ("Finance", "Front Office"))
    assert decided(GARDEN, few, by=rules()).team == "Finance"


def test_a_candidate_is_judged_beside_the_configuration(trained: Trained) -> None:
    compared = trained.card["compared"]
    assert (compared["against"], compared["judgement"]) == ("", "better")
    assert compared["n"] == trained.card["scores"]["n"]


def test_labels_by_chance_do_not_go_into_service() -> None:
    chance = hand_offs(120, are_right=False)
    always = {example.whole: example.labels["team"] for example in chance}
    card = train_teams(
        prepare(chance, "team"),
        lambda example: always[example.whole],
        allowed=TEAMS,
        front="Front Office",
        error_budget=0.05,
    ).card
    assert card["compared"]["wins"] == 0
    assert card["compared"]["judgement"] in ("unclear", "worse", "match")
    given = [least for least in card["thresholds"]["0.05"].values() if least <= 1]
    assert not given, "no team is given by what chance taught"


def test_nothing_is_judged_by_what_it_has_learnt_from(trained: Trained, model: LinearModel) -> None:
    seen = np.unique(np.array([mark(example.text) for example in hand_offs(120)], dtype=np.uint32))
    champion = Champion(model=model, trained_on=seen)
    again = train_teams(
        prepare(hand_offs(120), "team"),
        to_finance,
        allowed=TEAMS,
        front="Front Office",
        champion=champion,
        error_budget=0.05,
    ).card
    assert (again["compared"]["n"], again["compared"]["judgement"]) == (0, "unclear")
    assert again["compared"]["against"] == model.digest
    assert again["data_digest"] == trained.card["data_digest"]
