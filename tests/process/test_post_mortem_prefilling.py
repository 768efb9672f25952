"""What a post-mortem form is filled in with: whole sentences of the client, without what says nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.process.gathering.sheet import Sheet, gather, merge
from maild.process.post_mortem.holding import Said, what_held
from maild.process.post_mortem.parts import Part
from maild.process.post_mortem.prefilling import prefill
from maild.process.ticket import Event
from tests.support.making import a_mail, a_ticket

WORDS = "since this morning our VPN client 4.2.7 cannot connect: error 809."


def symptoms(asked: str, *more: str) -> str:
    mails = [a_mail(new_text=text, text=text) for text in (asked, *more)]
    found = [each for number, mail in enumerate(mails, 1) for each in gather(mail, mail_id=number)]
    ticket = a_ticket(sheet=merge(Sheet(), found, required=()))
    return prefill(ticket, asked=asked, answers=(), reason="", found="", open_for=timedelta(hours=1))[Part.SYMPTOMS]


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


NO, AGAIN, SPLIT = (Said(event=event) for event in (Event.CLIENT_DENIED, Event.REOPENED, Event.SPLIT_OFF))
PARTLY = replace(NO, is_partly=True)


def solved(words: str) -> Said:
    return Said(event=Event.RESOLVED, words=words)


def answered(words: str) -> Said:
    return Said(event=Event.TSM_ANSWERED, words=words)


@pytest.mark.parametrize(
    ("history", "held"),
    [
        ([], ()),
        ([answered("Try a."), answered("Try b.")], ("Try b.",)),
        ([answered("Try a."), solved("Did a.")], ("Did a.",)),
        ([answered("Try a."), solved("")], ("Try a.",)),
        ([solved("Did a."), NO, solved("Did b.")], ("Did b.",)),
        ([solved("Did a."), AGAIN, solved("Did b.")], ("Did b.",)),
        ([solved("Did a."), NO, answered("Try b.")], ("Try b.",)),
        ([solved("Did a."), NO, answered("Try b."), solved("")], ("Try b.",)),
        ([solved("Did a."), solved("And b.")], ("Did a.", "And b.")),
        ([solved("Did a."), PARTLY, solved("And b.")], ("Did a.", "And b.")),
        ([solved("Did a."), NO], ("Did a.",)),
        ([solved("Did a."), NO, solved("")], ("Did a.",)),
        ([solved("Did a."), NO, answered("What other thing?"), SPLIT], ("Did a.",)),
        ([SPLIT, solved("Did a.")], ("Did a.",)),
        ([solved(str(number)) for number in range(9)], ("6", "7", "8")),
    ],
)
def test_what_held_is_what_nobody_has_contradicted(history: list[Said], held: tuple[str, ...]) -> None:
    assert what_held(history) == held
