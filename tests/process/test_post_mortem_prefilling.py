"""What a post-mortem form is filled in with: whole sentences of the client, without what says nothing."""

from datetime import timedelta

import pytest

from maild.process.gathering.sheet import Sheet, gather, merge
from maild.process.post_mortem.parts import Part
from maild.process.post_mortem.prefilling import prefill
from tests.support.making import a_mail, a_ticket

WORDS = "since this morning our VPN client 4.2.7 cannot connect: error 809."


def symptoms(asked: str, *more: str) -> str:
    mails = [a_mail(new_text=text, text=text) for text in (asked, *more)]
    found = [each for number, mail in enumerate(mails, 1) for each in gather(mail, mail_id=number)]
    ticket = a_ticket(sheet=merge(Sheet(), found, required=()))
    return prefill(ticket, asked=asked, answer="", reason="", found="", open_for=timedelta(hours=1))[Part.SYMPTOMS]


@pytest.mark.parametrize(
    "farewell",
    [
        "Best regards\nBea Kunde",
        "Thanks!\nBea",
        "Viele Gr\u00fc\u00dfe\nBea Kunde",
        "Mit freundlichen Gr\u00fc\u00dfen,\nBea",
        "Cordialement,\nBea",
        "Un saludo,\nBea",
    ],
)
def test_neither_farewell_nor_bare_numbers_of_the_same_words_are_symptoms(farewell: str) -> None:
    assert symptoms(f"Hello,\n\n{WORDS}\n\n{farewell}") == WORDS


def test_what_came_later_stands_with_the_symptoms() -> None:
    assert symptoms(WORDS, "By the way, it is version 5.1.2 on the other machine.") == (
        f"By the way, it is version 5.1.2 on the other machine.\n{WORDS}"
    )


@pytest.mark.parametrize(
    "words", ["Thanks to the update nothing works.", "Best regards are what the page shows, and no form."]
)
def test_a_sentence_that_begins_like_a_farewell_is_none(words: str) -> None:
    assert symptoms(f"{WORDS}\n{words}") == f"{WORDS}\n{words}"
