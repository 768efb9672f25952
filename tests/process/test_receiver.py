"""A mail that is not technical reaches the team whose words it uses, and the front team where that is unclear."""

import time
import tomllib

import pytest

from maild.process.deciding import decide
from maild.process.people.receiver import claim
from maild.process.people.team import OtherTeam
from maild.settings.team_toml import TeamToml
from maild.shipped import folder
from tests.support.making import a_mail, a_team, some_findings, some_rules, verdicts

SHIPPED = TeamToml.model_validate(tomllib.loads((folder("config") / "team.toml").read_text("utf-8"))).build().others
CLAIMING = [team for team in SHIPPED if team.name != "Front desk"]


def team_of(text: str) -> str | None:
    found = claim(text, CLAIMING)
    return found.team.name if found else None


def a_claiming_team(name: str, description: str, *, takes: tuple[str, ...] = ()) -> OtherTeam:
    return OtherTeam(name=name, address=f"{name}@acme.example", takes=takes, description=description)


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("I would like to apply for the position of gardener. My CV is attached.", "People"),
        ("Hiermit bewerbe ich mich um die Stelle, mein Lebenslauf und meine Bewerbung liegen bei.", "People"),
        ("Je vous adresse ma candidature et mon curriculum pour le poste de comptable.", "People"),
        ("Les envío mi currículum para el puesto vacante de conserje.", "People"),
        ("Wie viele Urlaubstage habe ich noch, und wie beantrage ich Elternzeit?", "People"),
        ("You charged the invoice twice, please refund one payment.", "Finance"),
        ("Die Rechnung wurde doppelt abgebucht, bitte um Erstattung.", "Finance"),
        ("La facture a été payée deux fois, merci de prévoir un remboursement par virement.", "Finance"),
        ("Nos han cobrado la factura dos veces, solicitamos el reembolso.", "Finance"),
        ("Please send us a quote with the discount for resellers.", "Sales"),
        ("Bitte schicken Sie uns ein Angebot mit Preisliste und Rabatten.", "Sales"),
        ("Nous souhaitons un devis et une démonstration.", "Sales"),
        ("Quisiéramos un presupuesto y una demostración.", "Sales"),
        ("Our lawyers have comments on the clause about liability.", "Legal"),
        ("Unser Anwalt hat Fragen zur Haftung und zur Geheimhaltung.", "Legal"),
        ("Notre avocat conteste la clause de confidentialité.", "Legal"),
        ("Nuestro abogado rechaza la cláusula de confidencialidad.", "Legal"),
        ("Under the GDPR I ask for the deletion of my personal data.", "Legal"),
    ],
)
def test_a_mail_reaches_the_team_whose_words_it_uses(text: str, team: str) -> None:
    assert team_of(text) == team


def test_an_attached_mail_that_stands_for_words_says_which_team() -> None:
    rules = some_rules(team=a_team(others=SHIPPED))
    mail = a_mail(
        subject="Fwd", new_text="", handed_on="From: joe@third.example\n\nPlease refund the invoice, it was paid twice."
    )
    found = some_findings(mail=mail, verdicts=verdicts(kind="person", technical="no", category=None))
    assert decide(found, rules).team == "Finance"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Are you still up for lunch on Thursday?",
        "Miriam from your hotline was wonderful, pass on my compliments.",
        "The invoice, I mean my contract, no: the quote, or rather my salary.",
        "Invoice",
        "Danke für die schnelle Hilfe, alles gut.",
    ],
)
def test_a_mail_that_no_team_claims_clearly_is_nobodys(text: str) -> None:
    assert team_of(text) is None


def test_the_reason_names_the_words_as_they_were_written() -> None:
    found = claim("INVOICES were paid twice. Refund!", CLAIMING)
    assert found is not None
    assert found.because == "words of Finance: INVOICES, twice, Refund"


def test_a_word_that_two_teams_name_is_shared_between_them() -> None:
    one, other = a_claiming_team("One", "roses tulips garden"), a_claiming_team("Other", "roses tulips kitchen pantry")
    assert claim("roses and tulips in the garden", [one, other]) is not None
    assert claim("roses and tulips in the garden, kitchen", [one, other]) is None


def test_words_of_takes_count_like_those_of_the_description() -> None:
    team = a_claiming_team("Garden", "", takes=("roses", "tulips"))
    assert claim("a rose and a tulip", [team]) is not None


def test_the_decision_names_the_team_and_its_words() -> None:
    rules = some_rules(team=a_team(others=(a_claiming_team("People", "applications, CV"), *a_team().others)))
    mail = a_mail(subject="Application", new_text="My CV is attached.")
    decision = decide(some_findings(mail=mail, verdicts=verdicts(kind="person", technical="no", category=None)), rules)
    assert decision.team == "People"
    assert "words of People: Application, CV" in decision.because


def test_a_known_category_is_stronger_than_words() -> None:
    rules = some_rules(team=a_team(others=(a_claiming_team("People", "applications, CV"), *a_team().others)))
    mail = a_mail(subject="Application", new_text="My CV is attached.")
    said = verdicts(kind="person", technical="no", category="billing")
    assert decide(some_findings(mail=mail, verdicts=said), rules).team == "Finance"


def test_two_megabytes_take_no_time() -> None:
    started = time.process_time()
    for text in ("invoice " * 250_000, "a" * 2_000_000, "\n" * 2_000_000):
        claim(text, CLAIMING)
    assert time.process_time() - started < 5
