"""What helped one client is shown to another only where it tells nothing of the first."""

import pytest

from maild.knowledge.discretion import may_be_shown
from maild.mail.message import Address
from tests.support.making import a_desk

FIX = "Please renew the certificate of the gateway, and connect again."
BEA = Address(address="b.meyer@contoso.example", name="Beatrix O'Neill")
HOME = Address(address="someone@gmail.com", name="")
HELPED = (BEA, HOME)


def is_shown(fix: str, language: str = "en") -> bool:
    return may_be_shown(fix, language, a_desk(), helped=HELPED, freemail=("gmail.com",))


def test_what_names_nobody_is_shown_in_its_own_language() -> None:
    assert is_shown(FIX)
    assert not is_shown(FIX, "de")
    assert is_shown("Bitte das Zertifikat des Gateways erneuern und neu verbinden.", "de")


@pytest.mark.parametrize(
    "named",
    [
        "Beatrix",
        "beatrix",
        "Mr O\N{RIGHT SINGLE QUOTATION MARK}NEILL",
        "Meyer",
        "Contoso",
        "the machine of contoso.example",
    ],
)
def test_a_word_of_the_name_the_address_or_the_domain_of_who_was_helped_is_withheld(named: str) -> None:
    assert not is_shown(f"{FIX} It was {named}.")


@pytest.mark.parametrize(
    "mark", ["T-12", "t-12", "ticket 12", "Ticket #12", "ticket n\N{DEGREE SIGN} 12", "(address)", "x@y.example"]
)
def test_the_number_of_a_ticket_and_an_address_are_withheld(mark: str) -> None:
    assert not is_shown(f"{FIX} See {mark}.")


def test_what_looks_like_a_password_is_withheld() -> None:
    assert not is_shown(f"{FIX} The password is: Sommer!2026x")


def test_the_domain_of_a_mail_provider_names_nobody() -> None:
    assert is_shown("Please remove the gmail account from the phone, and add it again.")


def test_a_text_whose_language_nobody_can_tell_is_withheld() -> None:
    assert not is_shown("systemctl restart x")
