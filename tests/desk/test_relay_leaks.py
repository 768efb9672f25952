"""A relay that leaks is held, shown to whoever wrote it, and let through by one tap of theirs, that mail alone."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from maild.mail.pool import ParsingPool
from maild.store.engine import Store
from maild.store.keys import LEFT_OUT, make_missing_keys
from maild.store.tables import secrets
from tests.mail.test_readable import a_letter_of
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake, look
from tests.support.making import NOON
from tests.support.relays import CLIENT, TSM, Relaying, an_answer, html_of, text_of, with_files

NOTE = "They have not paid since March, and the lawyer says that we must not touch their router before they do."


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    desk = Relaying(intake=an_intake(store, pool))
    desk.take_in(a_letter())
    return desk


def later(desk: Relaying, minutes: int) -> Relaying:
    return replace(desk, intake=replace(desk.intake, clock=lambda: NOON + timedelta(minutes=minutes)))


def a_tap(desk: Relaying, kind: str, author: str = TSM, place: int = -1) -> bytes:
    linked = [part.partition('"')[0] for part in html_of(desk.sent(kind)[place]).split("mailto:")[1:]]
    address = next(each.partition("?")[0] for each in linked if "?subject=" in each).replace("%2B", "+")
    return a_letter(From=author, To=address, Subject="T-1 relay", body="")


def test_a_leak_is_held_shown_and_let_through_by_one_tap(desk: Relaying) -> None:
    assert desk.answer("The password: Summer2026\n") == ["held"]
    assert desk.sent("answer") == []
    (asked,) = desk.sent("leak", TSM)
    assert "password: Summer2026: a password or key" in text_of(asked)
    assert "Summer2026" not in str(look(desk.intake.store, "SELECT because FROM events"))
    assert later(desk, 1).take_in(a_tap(desk, "leak")) == ["command"]
    assert [text_of(mail).splitlines()[0] for mail in desk.sent("answer", CLIENT)] == ["The password: Summer2026"]


def test_what_was_let_through_for_one_client_is_looked_at_anew_for_another(desk: Relaying) -> None:
    desk.answer("The password: Summer2026\n")
    later(desk, 1).answer("/client dora@elsewhere.example\n", Message_ID="<second@acme.example>")
    later(desk, 2).take_in(a_tap(desk, "confirm"))
    later(desk, 3).take_in(a_tap(desk, "leak"))
    assert desk.sent("answer") == []
    assert len(desk.sent("leak", TSM)) == 2
    later(desk, 4).take_in(a_tap(desk, "leak"))
    assert [mail["To"] for mail in desk.sent("answer")] == ["dora@elsewhere.example"]


def test_the_tap_of_somebody_else_lets_nothing_through(desk: Relaying) -> None:
    desk.answer("The password: Summer2026\n")
    later(desk, 1).take_in(a_tap(desk, "leak", author="mallory@evil.example"))
    assert desk.sent("answer") == []


def test_the_tap_lets_that_mail_through_and_no_other(desk: Relaying) -> None:
    desk.answer("The password: Summer2026\n")
    later(desk, 1).take_in(a_tap(desk, "leak"))
    assert later(desk, 2).answer("The key is api_key=9f8e7d6c5b4a\n", Message_ID="<second@acme.example>") == ["held"]
    assert len(desk.sent("answer")) == 1


def test_whoever_confirms_that_they_wrote_it_has_not_yet_looked_for_leaks(desk: Relaying) -> None:
    assert desk.answer("/resolve\nThe password: Summer2026\n") == ["held"]
    assert desk.sent("leak") == []
    later(desk, 1).take_in(a_tap(desk, "confirm"))
    assert desk.sent("verification") == []
    later(desk, 2).take_in(a_tap(desk, "leak"))
    assert len(desk.sent("verification")) == 1


def test_a_yes_to_one_question_about_a_mail_answers_no_other_and_holds_when_the_keys_are_other_ones(
    desk: Relaying,
) -> None:
    assert desk.answer("/resolve\nThe password: Summer2026\n") == ["held"]
    desk.intake.store.transact(lambda connection: connection.execute(update(secrets).values(key=LEFT_OUT)))
    desk.intake.store.transact(partial(make_missing_keys, now=NOON))
    (confirm,) = desk.sent("confirm")
    assert later(desk, 1).answer("Yes", confirm, Message_ID="<yes-1@acme.example>") == ["command"]
    (leak,) = desk.sent("leak")
    assert later(desk, 2).answer("Yes", confirm, Message_ID="<yes-2@acme.example>") == ["command"]
    assert desk.sent("verification") == []
    assert "already done" in text_of(desk.sent("refused_commands")[-1])
    later(desk, 3).answer("Yes", leak, Message_ID="<yes-3@acme.example>")
    assert len(desk.sent("verification")) == 1


def test_a_note_does_not_leave_word_for_word(desk: Relaying) -> None:
    assert desk.answer(f"/note\n{NOTE}\n") == ["command"]
    assert desk.answer(f"Sorry, Bea. {NOTE}\n", Message_ID="<second@acme.example>") == ["held"]


def test_another_clients_address_and_ticket_are_held(desk: Relaying) -> None:
    desk.take_in(a_letter(From="carl@other.example", Subject="Printer on fire", body="Our printer cannot print.\n"))
    assert desk.answer("It is as in T-2 of carl@other.example, and not as in T-1 or T-99.\n") == ["held"]
    shown = text_of(desk.sent("leak")[0])
    assert "T-2: the ticket of another client" in shown
    assert "carl@other.example: the address of another client" in shown
    assert "T-99" not in shown.partition("Your message:")[0]


def test_a_secret_in_a_text_file_is_held(desk: Relaying) -> None:
    answer = an_answer(desk.sent("assignment")[0], body="The settings are attached.\n")
    settings = ("settings.ini", "text/plain", b"[db]\nurl = postgresql://app:s3cr3t@db.acme.example/app\n")
    assert desk.take_in(with_files(answer, [settings])) == ["held"]
    assert desk.sent("answer") == []


def test_ordinary_words_are_not_held(desk: Relaying) -> None:
    words = "Dear Bea,\n\nplease restart the router, log in with your own password, and tell us whether error 809 is gone.\n"
    assert desk.answer(words) == ["relay"]


def test_a_corrected_answer_is_no_leak_of_the_refused_one(desk: Relaying) -> None:
    words = "Please restart the router in the cellar, wait for five minutes, and then try the connection once again.\n"
    assert desk.answer(f"/urgnecy 1\n{words}") == ["command"]
    assert desk.answer(words, Message_ID="<second@acme.example>") == ["relay"]


@pytest.mark.parametrize(
    ("file", "because"),
    [
        (("carl@other.example.log", "application/zip", b"PK"), "carl@other.example: the address of another client"),
        (("as in t-2.pdf", "application/pdf", b"%PDF"), "t-2: the ticket of another client"),
        (
            ("mail.eml", "message/rfc822", b"From: Lena <Lena@acme.example>\nSubject: Wait\n\nLet them wait.\n"),
            "Lena@acme.example: an address of the house, in a file",
        ),
        (
            (
                "large.eml",
                "message/rfc822",
                b"Subject: Wait\n\nAs for carl@other.example.\n" + 50_000 * (b"x" * 70 + b"\n"),
            ),
            "carl@other.example: the address of another client",
        ),
        (
            ("offer.docx", "application/octet-stream", a_letter_of("As for carl@other.example, T-2.")),
            "carl@other.example: the address of another client",
        ),
    ],
)
def test_what_a_file_is_called_or_tells_of_the_house_is_looked_at(
    desk: Relaying, file: tuple[str, str, bytes], because: str
) -> None:
    desk.take_in(a_letter(From="carl@other.example", Subject="Printer on fire", body="Our printer cannot print.\n"))
    assert desk.take_in(with_files(an_answer(desk.sent("assignment")[0], body="See the file.\n"), [file])) == ["held"]
    assert because in " ".join(text_of(desk.sent("leak")[0]).split())
