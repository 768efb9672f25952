"""Answers inside a quoted message that no mail client marks: none of them is lost in silence."""

import re
import tracemalloc
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from maild.mail.html import to_text
from maild.mail.message import Limits
from maild.mail.pool import ParsingPool
from maild.process.guarding.interleaved import find_inside, find_unsaid, points_inside, read_inside
from maild.replies.compose import compose
from maild.replies.preview import invented_voice
from maild.replies.specimens import specimens
from maild.store.engine import Store
from tests.stories.letters import a_letter
from tests.support.closings import tap
from tests.support.intakes import an_intake
from tests.support.making import EVA, a_team, some_rules
from tests.support.relays import CLIENT, TSM, Relaying, html_of, text_of
from tests.support.replies_making import LANGUAGES

HEAD = (
    "From: Acme Support <support@acme.example>\nSent: Monday, 23 November 2026 13:00\nTo: Lena\nSubject: [T-1] VPN\n\n"
)
INSIDE = "The old certificate, please renew it."
ANSWERED = "Dear Bea, the line is repaired, and all is well again. Please restart the router once."


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    rules = some_rules(team=a_team(people=(*a_team().people, EVA)))
    desk = Relaying(intake=an_intake(store, pool, rules=rules))
    desk.take_in(a_letter())
    return desk


def outlook(told: EmailMessage, own: str, inside: str, *, author: str = TSM, below: str = "error 809.") -> bytes:
    """What Outlook writes: HTML, a head above what it quotes, and no mark on a line of it."""
    head = "<b>From:</b> Acme Support<br><b>Sent:</b> Monday, November 23, 2026 1:00 PM<br><b>To:</b> Lena<br>"
    body = html_of(told)
    assert below in body
    body = body.replace(below, f"{below}<p><span style='color:red'>{inside}</span></p>", 1) if inside else body
    mail = EmailMessage(policy=default)
    mail["From"], mail["To"], mail["Subject"] = author, str(told["Reply-To"]), f"Re: {told['Subject']}"
    mail["Message-ID"], mail["In-Reply-To"] = f"<outlook-{len(own)}@acme.example>", str(told["Message-ID"])
    mail.set_content(
        f"<html><body><p>{own}</p><hr><div id='divRplyFwdMsg'>{head}<b>Subject:</b> {told['Subject']}</div>"
        f"<div>{body}</div><p>This e-mail is confidential. Whoever is not its addressee deletes it at once.</p></body></html>",
        subtype="html",
    )
    return mail.as_bytes(policy=default.clone(linesep="\r\n"))


def as_tapped(written: bytes, asked: EmailMessage, word: str) -> bytes:
    """The same, sent to where a tap of the mail goes, under its subject."""
    link = tap(asked, word)
    mail = message_from_bytes(written, policy=default)
    del mail["To"], mail["Subject"], mail["In-Reply-To"]
    mail["To"], mail["Subject"] = link.to[0].address, link.subject
    return mail.as_bytes(policy=default.clone(linesep="\r\n"))


@pytest.mark.parametrize(
    ("own", "inside"),
    [
        ("Hi Bea, see my answers below in red.", INSIDE),
        ("Siehe unten", "Ja."),
        ("Mes r\u00e9ponses ci-dessous.", INSIDE),
    ],
)
def test_who_only_points_to_words_among_quoted_ones_is_told(desk: Relaying, own: str, inside: str) -> None:
    told = desk.sent("assignment")[0]
    assert desk.take_in(outlook(told, own, inside)) == ["command"]
    assert desk.sent("answer", CLIENT) == []
    refused = " ".join(text_of(desk.sent("refused_commands", TSM)[0]).split())
    assert inside in refused
    assert "nothing was sent" in refused


def test_what_would_be_left_behind_is_asked_about_and_one_word_sends_the_rest(desk: Relaying) -> None:
    assert desk.take_in(outlook(desk.sent("assignment")[0], ANSWERED, INSIDE)) == ["held"]
    assert desk.sent("answer", CLIENT) == []
    (asked,) = desk.sent("leak", TSM)
    said = " ".join(text_of(asked).split())
    assert f"{INSIDE}: this seems to be yours, but is inside the message that you quote, and would be left out" in said
    assert "confidential" not in said
    desk.answer("Yes", asked)
    (answer,) = desk.sent("answer", CLIENT)
    assert "Please restart the router once." in " ".join(text_of(answer).split())
    assert "certificate" not in str(answer)


@pytest.mark.parametrize("own", ["Please see below, Bea: it is a known problem.", ANSWERED])
def test_nothing_is_asked_without_need(desk: Relaying, own: str) -> None:
    said = desk.take_in(outlook(desk.sent("assignment")[0], own, ""))
    assert said == ["relay"], [text_of(mail)[:600] for mail in (*desk.sent("refused_commands"), *desk.sent("leak"))]
    assert len(desk.sent("answer", CLIENT)) == 1


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("Please run this:\n> show version\nThen call me.\n", "show version"),
        ("Hello Bea,\n\nOn Monday, 23 November 2026 at 10:00, our engineer wrote:\nThe switch is dead.\n\nReplace it.\n", "is dead"),
        ("For your information.\n\n-----Original Message-----\nFrom: Vendor\n\nPatch 7 cures that.\n", "Patch 7 cures that"),
    ],
)  # fmt: skip
def test_what_is_quoted_from_nowhere_is_asked_about_before_it_is_left_behind(
    desk: Relaying, text: str, lost: str
) -> None:
    assert desk.answer(text) == ["held"]
    assert desk.sent("answer", CLIENT) == []
    said = " ".join(text_of(desk.sent("leak", TSM)[0]).split())
    assert "it looks like a quote, but nobody has said it in this ticket, and it would be left out" in said
    assert lost in said


@pytest.mark.parametrize("mark", ["> ", ">> ", ""])
def test_what_was_said_before_is_quoted_without_a_question(desk: Relaying, mark: str) -> None:
    told = desk.sent("assignment")[0]
    quote = "".join(f"{mark}{line}\n" for line in text_of(told).splitlines())
    assert desk.answer(f"Restart it.\n\nOn Mon, 23 Nov 2026 at 10:00 Acme Support wrote:\n{quote}") == ["relay"]


def test_what_an_engineer_writes_inside_a_dossier_reaches_the_tsm(desk: Relaying) -> None:
    desk.answer("/escalate\nWhat can it be?")
    (question,) = desk.sent("confirm", TSM)
    desk.answer("Yes", question)
    dossier = desk.sent("dossier", EVA.addresses[0])[0]
    desk.take_in(outlook(dossier, "Hello Lena, my comments are in red.", INSIDE, author=EVA.addresses[0]))
    said = text_of(desk.sent("internal_words", TSM)[0])
    assert re.search(rf"> .*error 809.*\n+.*{re.escape(INSIDE)}", said), said


def test_what_a_client_answers_between_our_questions_is_read_and_fills_the_sheet(desk: Relaying) -> None:
    ours = desk.sent("acknowledgement", CLIENT)[0]
    mail = outlook(
        ours, "Hello, see below.", "It is version 4.2.7 of AcmeVPN.", author=CLIENT, below="reply to this message."
    )
    assert desk.take_in(mail) == ["follow_up"]
    told = text_of(desk.sent("follow_up")[-1])
    assert "> It is version 4.2.7 of AcmeVPN." in told
    assert re.search(r"(?m)^- Version.*4\.2\.7", told), told


def test_what_stands_above_our_own_lines_is_not_taken_for_what_the_client_says(desk: Relaying) -> None:
    desk.answer(
        "Please install version 9.1.4 of AcmeVPN, and restart the laptop afterwards.\n", Message_ID="<a@acme.example>"
    )
    ours = desk.sent("answer", CLIENT)[-1]
    inside = "Done on both of the Dell Latitude laptops."
    assert desk.take_in(outlook(ours, "See below.", inside, author=CLIENT, below="restart the laptop afterwards.")) == [
        "follow_up"
    ]
    told = text_of(desk.sent("follow_up")[-1])
    assert "> > Please install version 9.1.4 of AcmeVPN" in told
    assert f"> {inside}" in told
    assert not re.search(r"(?m)^- Version.*9\.1\.4", told), told


@pytest.mark.parametrize(
    ("tapped", "own", "kind"),
    [
        ("", "Thanks, it works now.", "closure_unclear"),
        ("", "Yes", "closure_unclear"),
        ("works", "Yes", "closure_unclear"),
        ("fails", "No", "client_denied"),
    ],
)
def test_who_writes_inside_what_they_quote_closes_nothing_before_a_person_has_read_both(
    desk: Relaying, tapped: str, own: str, kind: str
) -> None:
    done = "/resolve\nThe line was cut, and has been repaired.\n\nPlease restart the router once.\n"
    assert desk.answer(done, Message_ID="<solved@acme.example>") == ["held"]
    desk.answer("Yes\n", desk.sent("confirm")[0], Message_ID="<yes@acme.example>")
    ours = desk.sent("verification", CLIENT)[-1]
    inside = "Sadly that breaks everything."
    written = outlook(ours, own, inside, author=CLIENT, below="Please restart the router once.")
    desk.take_in(as_tapped(written, ours, tapped) if tapped else written)
    assert desk.sent("closure_thanks", CLIENT) == []
    assert inside in text_of(desk.sent(kind)[-1])


def test_only_what_nobody_said_before_is_the_authors() -> None:
    told = "The client wrote\n\n> Our VPN is down since\n> this morning.\n\nResponsible: Lena Lead"
    text = (
        f"See below.\n\n{HEAD}The client wrote\nOur VPN is down since this morning.\n{INSIDE}\nResponsible: Lena Lead\n"
    )
    assert find_inside(text, [told]) == [INSIDE]
    assert read_inside(text, [told]) == f"> Our VPN is down since this morning.\n{INSIDE}"
    assert find_inside(text.replace(INSIDE, ""), [told], least=1) == []


def test_a_ticket_is_gone_through_once_however_many_quotes_an_answer_has() -> None:
    quotes = ("Our VPN is down since this morning.", "The router is on the second floor.")
    text = "".join(f"> {each}\nYes.\n" for each in (*quotes, "Nobody has ever said that here."))
    assert find_unsaid(text, iter(quotes)) == ["Nobody has ever said that here."]


def told_at_length(mails: int) -> Iterator[str]:
    """What so many long mails said."""
    for mail in range(mails):
        yield " ".join(f"w{mail}x{word}" for word in range(10_000))


def test_however_much_was_told_what_is_kept_of_it_is_what_the_mail_quotes() -> None:
    text = f"See below.\n\n{HEAD}w1x1 w1x2 w1x3 w1x4\n{INSIDE}\nw2x1 w2x2 w2x3 w2x4\n"
    tracemalloc.start()
    assert find_inside(text, told_at_length(40)) == [INSIDE]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000, "40 such mails, and not one of them, were in memory at once"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_any_mail_of_ours_is_taken_for_its_readers_words(language: str) -> None:
    voice = invented_voice(language)
    for reply in (compose(occasion, voice) for occasion in specimens(voice, language)):
        shown = to_text(html_of(message_of(reply.content)), Limits())
        told = [reply.text, f"{voice.desk.name} {voice.desk.show(17)}"]
        lines = [line for line in shown.split("\n") if line.strip()]
        assert find_inside(f"Hello.\n\n{HEAD}{shown}", told, least=1) == [], reply.kind
        for own in ("Surely.", INSIDE):
            middle = "\n".join([*lines[: len(lines) // 2], own, *lines[len(lines) // 2 :]])
            assert find_inside(f"Hello.\n\n{HEAD}{middle}", told, least=1) == [own], reply.kind


def message_of(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


@pytest.mark.parametrize("words", ["See the steps.", "Restart it.", "Everything is in line with that."])
def test_other_short_words_point_nowhere(words: str) -> None:
    assert not points_inside(words)
