"""What comes in a TSM's name without words of theirs that could be read: nothing of it reaches the client."""

import pytest

from maild.mail.pool import ParsingPool
from maild.process.guarding.away import reads_like_absence
from maild.process.guarding.programs import of_a_program
from maild.store.engine import Store
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake, look
from tests.support.relays import Relaying, an_answer, text_of, with_files

ARMOURED = "-----BEGIN PGP MESSAGE-----\n\nhQEMA2pZ0m1aQq8IAQf/TnW3c0Fz7mT7kN3mXQ1eH0mS2wJb\n=abcd\n-----END PGP MESSAGE-----\n"
LONG = 15_000 * "Line by line.\n"
SEALED = ("smime.p7m", "application/pkcs7-mime", b"0\x80\x06\x09")
SHOT = ("shot.pdf", "application/pdf", b"%PDF")


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    made = Relaying(intake=an_intake(store, pool))
    made.take_in(a_letter())
    return made


def refusal(desk: Relaying) -> str:
    return " ".join(text_of(desk.sent("refused_commands")[-1]).split())


@pytest.mark.parametrize("above", ["", "/resolve\n\n"])
def test_encrypted_words_are_refused_and_the_reason_says_what_to_do(desk: Relaying, above: str) -> None:
    assert desk.answer(f"{above}{ARMOURED}") == ["command"]
    assert (desk.sent("answer"), desk.sent("verification")) == ([], [])
    assert "it is encrypted" in refusal(desk)
    assert "Send it again without that" in refusal(desk)


def test_a_mail_that_is_encrypted_as_a_whole_is_refused_for_that(desk: Relaying) -> None:
    sealed = with_files(an_answer(desk.sent("assignment")[0], body="\n"), [SEALED])
    assert desk.take_in(sealed) == ["command"]
    assert "it is encrypted" in refusal(desk)


def test_files_alone_are_refused_for_want_of_words(desk: Relaying) -> None:
    alone = with_files(an_answer(desk.sent("assignment")[0], body="\n"), [SHOT])
    assert desk.take_in(alone) == ["command"]
    assert "files are sent only together with words; write a line above them" in refusal(desk)


def test_an_encrypted_file_goes_along_with_words(desk: Relaying) -> None:
    assert desk.take_in(with_files(an_answer(desk.sent("assignment")[0], body="As agreed.\n"), [SEALED])) == ["relay"]


@pytest.mark.parametrize("above", ["", "/note\n"])
def test_words_of_which_the_end_would_be_lost_are_refused(desk: Relaying, above: str) -> None:
    assert desk.answer(f"{above}{LONG}The end.\n") == ["command"]
    assert desk.sent("answer") == []
    assert "Put the long part into a file" in refusal(desk)


def test_words_above_a_long_quote_are_relayed(desk: Relaying) -> None:
    said = "> Our VPN client cannot connect to the server since this morning: error 809.\n"
    assert desk.answer(f"Restart it.\n\nOn Monday Bea wrote:\n{4_000 * said}") == ["relay"]


PROGRAMS = (
    'Lena Lead would like to recall the message, "Re: [T-1] VPN".',
    "Lena Lead möchte die Nachricht „Re: VPN“ zurückrufen.",
    "Lena Lead souhaite rappeler le message « Re: VPN ».",
    'Lena Lead desea recuperar el mensaje "Re: VPN".',
    "👍\n\nLena Lead reacted via Gmail",
    "Lena Lead reacted to your message:\n\n👍",
)


@pytest.mark.parametrize("words", PROGRAMS[:1])
def test_what_a_mail_program_writes_of_a_message_is_asked_about(desk: Relaying, words: str) -> None:
    assert desk.answer(words) == ["held"]
    assert desk.sent("answer") == []
    assert "the recall of a message" in " ".join(text_of(desk.sent("confirm")[0]).split())


@pytest.mark.parametrize("words", PROGRAMS)
def test_recalls_and_reactions_are_known_by_their_words(words: str) -> None:
    assert of_a_program(words, "Lena Lead")
    assert of_a_program(words, "Lead, Lena (Acme)")
    assert of_a_program(words)


@pytest.mark.parametrize(
    "words",
    [
        "Please recall the message that you sent to all, in Outlook under Actions.",
        "The vendor has recalled the message of yesterday: your battery is not affected.",
        "Möchten Sie die Nachricht zurückrufen, klicken Sie auf Aktionen.",
        "The server reacted to your request within a second.",
        "Our vendor reacted to your message: restart the router, please.",
        "My colleague has reacted to your message yesterday. Does it work now?",
        "I have reacted to your message within the hour, see T-1.",
        "Bea would like to recall the message that she sent.",
        "Der Hersteller hat auf Ihre Nachricht reagiert: bitte neu starten.",
        "L'éditeur a réagi à votre message : redémarrez le serveur.",
        "El fabricante ha reaccionado a su mensaje.",
        "Nobody has reacted via Gmail so far.",
    ],
)
def test_what_a_person_writes_about_recalls_and_reactions_is_their_own(words: str) -> None:
    assert of_a_program(words, "Lena Lead", "") is None


def test_an_answer_that_speaks_of_a_reaction_is_relayed(desk: Relaying) -> None:
    assert desk.answer("Our vendor reacted to your message: restart the router, please.") == ["relay"]


PADDING = "<!--" + "x" * 2_100_000 + "-->"
"""More than maild reads of HTML, and nothing that anybody sees."""


def in_html(source: bytes, html: str) -> bytes:
    head = source.partition(b"\r\n\r\n")[0]
    return head + b"\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()


@pytest.mark.parametrize("shown", ["<p>The VPN is down.</p>", ""])
def test_html_that_is_too_long_goes_to_the_tsm_whole(desk: Relaying, shown: str) -> None:
    html = f"{shown}{PADDING}<p>Since Monday, error 809.</p>"
    assert desk.take_in(in_html(a_letter(), html)) == ["ticket"]
    told = desk.sent("assignment")[-1]
    said = " ".join(text_of(told).split())
    assert [(part.get_filename(), part.get_content()) for part in told.iter_attachments()] == [("message.html", html)]
    assert ("This is only the beginning" in said, "too long to show here" in said) == (bool(shown), not shown)
    assert "the full text of the message; only its beginning was read" in said
    because = str(look(desk.intake.store, "SELECT because FROM events WHERE ticket_id = 2"))
    assert "only its beginning was read, and the whole is kept as message.html" in because


def test_pictures_within_html_are_files_and_nothing_of_it_is_cut(desk: Relaying) -> None:
    html = f'<p>Look:</p><img src="data:image/png;base64,{"AAAA" * 600_000}"><p>Error 809.</p>'
    desk.take_in(in_html(a_letter(), html))
    told = desk.sent("assignment")[-1]
    assert [part.get_content_type() for part in told.iter_attachments()] == ["image/png"]
    assert "> Error 809." in text_of(told)


def test_html_beside_plain_text_may_be_as_long_as_it_likes(desk: Relaying) -> None:
    desk.take_in(with_files(a_letter(), [], html=PADDING))
    told = desk.sent("assignment")[-1]
    assert list(told.iter_attachments()) == []
    assert "beginning" not in text_of(told)


def test_an_answer_whose_words_go_on_behind_what_is_read_is_refused(desk: Relaying) -> None:
    answer = in_html(an_answer(desk.sent("assignment")[0]), f"<p>Restart it.</p>{PADDING}<p>Not before noon!</p>")
    assert desk.take_in(answer) == ["command"]
    assert desk.sent("answer") == []
    assert "Put the long part into a file" in refusal(desk)


def test_an_answer_above_a_quote_that_is_too_long_is_relayed_without_the_quote(desk: Relaying) -> None:
    quote = f'<blockquote type="cite"><p>You have a new ticket.</p>{PADDING}<p>Internal.</p></blockquote>'
    answer = in_html(an_answer(desk.sent("assignment")[0]), f"<p>Restart it.</p>{quote}")
    assert desk.take_in(answer) == ["relay"]
    (relayed,) = desk.sent("answer")
    assert list(relayed.iter_attachments()) == []
    assert b"Internal" not in relayed.as_bytes()


AWAY = (
    "I am currently out of the office until 3 August. In urgent cases please contact Ben.",
    "Ich bin bis zum 3.8. im Urlaub. In dringenden Fällen wenden Sie sich an Ben.",
    "Hello,\n\nthank you for your message. I'm on annual leave and will be back on Monday, 12 May. For urgent matters call +49 89 123.\n\nLena",
    "Vielen Dank für Ihre Nachricht. Ich bin derzeit nicht im Büro und ab 12.05. wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet.",
    "Sehr geehrte Damen und Herren,\nvom 1. bis 14. Juli bin ich nicht im Hause. Bitte wenden Sie sich in dringenden Fällen an support@acme.example.",
    "Bonjour,\nje suis actuellement absente du bureau jusqu'au 3 mars inclus. En cas d'urgence, contactez Ben.",
    "Hola, estoy de vacaciones hasta el 3 de marzo. Para asuntos urgentes, contacte con Ben.",
    "I will be out of office from Dec 23 to Jan 2 with limited access to email. I will respond upon my return.",
    "Sono in ferie fino al 3 marzo. Per urgenza contattare Ben.",
    "Ik ben afwezig tot 3 maart.",
    "Przebywam na urlopie do dnia 3 marca.",
    "I\u2019m away until Tuesday with no access to email.",
)
HERE = (
    "Restart it.",
    "The user is out of office until Monday, so I will reset the password then.",
    "I am back in the office and looked at it: restart the VPN client, please.",
    "Ich war im Urlaub, daher antworte ich erst jetzt. Bitte starten Sie neu.",
    "Please set an out-of-office note in Outlook: File, Automatic Replies.",
    "I am in the office until five, call me.",
    "Your manager is on leave until Monday; the access must wait for her.",
    "Ich bin heute bis 17 Uhr erreichbar.",
)


@pytest.mark.parametrize("note", AWAY)
def test_notes_of_absence_are_known_by_what_they_say(note: str) -> None:
    assert reads_like_absence(note)


@pytest.mark.parametrize("words", [*HERE, f"{AWAY[0]} {'Then restart the server as I told you. ' * 30}"])
def test_what_a_person_writes_about_being_away_is_their_own(words: str) -> None:
    assert reads_like_absence(words) is None


@pytest.mark.parametrize("note", [AWAY[2], AWAY[3]])
def test_a_note_of_absence_without_a_mark_waits_for_its_author(desk: Relaying, note: str) -> None:
    assert desk.answer(note) == ["held"]
    assert desk.sent("answer") == []
    assert "reads like an out-of-office note" in " ".join(text_of(desk.sent("confirm")[0]).split())


def test_an_answer_of_somebody_who_goes_away_is_relayed_where_it_quotes_what_it_answers(desk: Relaying) -> None:
    said = "Restart it, please. I am on leave until Monday; Ben helps in urgent cases."
    assert desk.answer(f"{said}\n\nOn Monday the desk wrote:\n> You have a new ticket.\n") == ["relay"]
