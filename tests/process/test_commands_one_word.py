"""What may stand below one word that decides: a closing and the author's own name, as people write them."""

from dataclasses import replace

import pytest

from maild.process.commands.one_word import is_yes, read_word
from maild.process.commands.reading import Written
from maild.process.plan import Refusal
from maild.process.ticket import Status
from tests.support.making import ANA, a_ticket, some_rules

JURGEN = replace(ANA, name="Jürgen Groß")
CLOSINGS = [
    "Viele Grüße\nJürgen Groß",
    "Mit freundlichen Grüßen\n\nJürgen Groß",
    "Viele Gruesse, Jürgen",
    "Schönen Gruß\nJürgen",
    "Vielen Dank und beste Grüße\nGroß",
    "Best regards,\nJürgen",
    "Many thanks",
    "Bien à vous\nJürgen Groß",
    "Un saludo\nJürgen",
    "-- \nJürgen Groß",
]


@pytest.mark.parametrize("closing", CLOSINGS)
def test_a_closing_below_the_word_says_nothing_more(closing: str) -> None:
    read = read_word(f"Network\n\n{closing}", ticket=a_ticket(status=Status.NEW), author=JURGEN, rules=some_rules())
    assert isinstance(read, Written)
    assert [(each.name, each.argument) for each in read.commands] == [("category", "network")]
    assert is_yes(f"Ja\n{closing}", JURGEN)


@pytest.mark.parametrize("more", ["Bitte bald", "Grüße an Bea", "please hurry"])
def test_anything_else_below_it_is_for_nobody_to_guess(more: str) -> None:
    read = read_word(f"Network\n\n{more}", ticket=a_ticket(status=Status.NEW), author=JURGEN, rules=some_rules())
    assert isinstance(read, Refusal)
    assert not is_yes(f"Ja\n{more}", JURGEN)
