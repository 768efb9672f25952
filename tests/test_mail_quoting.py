"""New text: rules of our own, each with the mail that it is for."""

import pytest

from maild.mail.quoting import REPLY_DELIMITER, new_text

ANSWER = "It burns again."

QUOTES = {
    "our delimiter": f"On 2 Mar 2026, Desk wrote:\n> {REPLY_DELIMITER} answer above this line {REPLY_DELIMITER}\n> Hello",
    "our delimiter, unmarked": f"{REPLY_DELIMITER} answer above this line {REPLY_DELIMITER}\n\nHello Ana",
    "our delimiter, indented": f"    | {REPLY_DELIMITER} x\nHello Ana",
    "English": "On Mon, 2 Mar 2026 at 10:00, Desk <support@desk.example> wrote:\n\nHello Ana",
    "English, wrapped": "On Mon, 2 Mar 2026 at 10:00, Desk\n<support@desk.example>\nwrote:\n\n> Hello Ana",
    "German": "Am 02.03.2026 um 10:00 schrieb Desk:\n> Hallo Ana",
    "German, wrapped": "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Desk <\nsupport@desk.example>:\n\nHallo Ana",
    "French": "Le lun. 2 mars 2026 à 10:00, Desk <support@desk.example> a écrit :\n\n> Bonjour",
    "Spanish": "El lun, 2 mar 2026 a las 10:00, Desk (<support@desk.example>) escribió:\n\n> Hola",
    "Outlook, English": "From: Desk <support@desk.example>\nSent: Monday, 2 March 2026 10:00\nTo: Ana\nSubject: x\n\nHello",
    "Outlook, German": "Von: Desk\nGesendet: Montag, 2. März 2026 10:00\nAn: Ana\nBetreff: AW: x\n\nHallo",
    "Outlook, French": "De : Desk\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Ana\nObjet : x\n\nBonjour",
    "Outlook, Spanish": "De: Desk\nEnviado: lunes, 2 de marzo de 2026 10:00\nPara: Ana\nAsunto: x\n\nHola",
    "Outlook, a rule": "________________________________\nFrom: Desk\nSent: Monday\nTo: Ana\nSubject: x\n\nHello",
    "Outlook, bold": "*From:* Desk\n*Sent:* Monday\n*To:* Ana\n*Subject:* x\n\nHello",
    "a separator": "-----Original Message-----\nFrom: Desk\n\nHello",
    "a German separator": "-----Ursprüngliche Nachricht-----\nVon: Desk\n\nHallo",
    "a forward": "---------- Forwarded message ---------\nFrom: Desk\n\nHello",
    "mutt, in the words of its owner": "* Desk <support@desk.example> [2026-03-02 10:00]:\n> Hello Ana",
    "gnus": "Desk <support@desk.example> writes:\n\n> Hello Ana",
    "gnus, wrapped": "Desk of the whole company\n<support@desk.example> writes:\n> Hello Ana",
    "quote marks alone": "> Hello Ana\n> it burns",
    "a signature": "-- \nAna Ruiz\nHead of Printers",
    "a telephone": "Sent from my iPhone",
    "a German telephone": "Von meinem iPhone gesendet",
    "Outlook's advertisement": "Get Outlook for Android<https://aka.ms/x>",
}

WHOLE = {
    "prose with on": "On Monday the printer wrote:\nnothing at all.",
    "a list of settings": "From: the office\nwe print to the basement.",
    "an address above no quote": "Please write to Desk <support@desk.example>:\nit answers.",
    "two dashes inside": "It works -- sometimes.",
    "a person at a desk": "It burns.\n\nSent from my desk, as the other one burns.",
    "only a quote": "> Hello Ana",
    "only an announcement": "On Mon, 2 Mar 2026 at 10:00, Desk <support@desk.example> wrote:\n\nHello Ana",
    "a forward without comment": "---------- Forwarded message ---------\nFrom: Ana\nSubject: x\n\nIt burns",
    "our delimiter on top": f"{REPLY_DELIMITER}\n\nHello Ana",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_a_quote_below_the_answer_is_cut(quote: str) -> None:
    assert new_text(f"{ANSWER}\n\n{quote}") == ANSWER


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_what_is_no_quote_or_all_there_is_stays(text: str) -> None:
    assert new_text(text) == text


def test_answers_between_quotes_stay() -> None:
    text = "On 2 Mar 2026, Desk wrote:\n> Which printer?\n\nThe left one.\n\n> Since when?\n\nSince today."
    assert new_text(text) == "The left one.\n\nSince today."


def test_commands_at_the_top_stay_at_the_top() -> None:
    assert new_text("/take\n/urgency 1\n\nOn it.\n\nOn 2 Mar 2026, Desk wrote:\n> x") == "/take\n/urgency 1\n\nOn it."


@pytest.mark.parametrize(
    "announced", ["* Desk <support@desk.example> [2026-03-02 10:00]:", "Desk <support@desk.example> writes:\n"]
)
def test_commands_below_a_quote_are_at_the_top(announced: str) -> None:
    assert new_text(f"{announced}\n> Hello Ana\n> it burns\n\n/waiting\nSince when?") == "/waiting\nSince when?"


def test_a_quoted_command_never_comes_up_alone() -> None:
    assert new_text("> /close\n\nThanks!") == "Thanks!"


def test_an_empty_text_gives_an_empty_text() -> None:
    assert new_text("") == ""
    assert new_text(" \n\n ") == ""
