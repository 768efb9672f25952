"""Answers inside a quoted message that no mail client marks: not passed on, and its author hears of it."""

from email.message import EmailMessage
from email.policy import default

import pytest

from maild.mail.pool import ParsingPool
from maild.process.relaying import find_inside, points_inside
from maild.store.engine import Store
from tests.intakes import an_intake
from tests.relays import CLIENT, TSM, Relaying, html_of, text_of
from tests.stories.letters import a_letter

HEAD = (
    "From: Acme Support <support@acme.example>\nSent: Monday, 23 November 2026 13:00\nTo: Lena\nSubject: [T-1] VPN\n\n"
)
INSIDE = "The old certificate, please renew it."


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    desk = Relaying(intake=an_intake(store, pool))
    desk.take_in(a_letter())
    return desk


def outlook(told: EmailMessage, own: str, inside: str) -> bytes:
    """What Outlook writes: HTML, a head above what it quotes, and no mark on a line of it."""
    head = "<b>From:</b> Acme Support<br><b>Sent:</b> Monday, November 23, 2026 1:00 PM<br><b>To:</b> Lena<br>"
    body = html_of(told)
    assert "error 809" in body
    body = body.replace("error 809.", f"error 809.<p><span style='color:red'>{inside}</span></p>") if inside else body
    mail = EmailMessage(policy=default)
    mail["From"], mail["To"], mail["Subject"] = f"Lena <{TSM}>", str(told["Reply-To"]), f"Re: {told['Subject']}"
    mail["Message-ID"], mail["In-Reply-To"] = "<outlook@acme.example>", str(told["Message-ID"])
    mail.set_content(
        f"<html><body><p>{own}</p><hr><div id='divRplyFwdMsg'>{head}<b>Subject:</b> {told['Subject']}</div>"
        f"<div>{body}</div></body></html>",
        subtype="html",
    )
    return mail.as_bytes(policy=default.clone(linesep="\r\n"))


@pytest.mark.parametrize("own", ["Hi Bea, see my answers below in red.", "Siehe unten", "Mes réponses ci-dessous."])
def test_who_only_points_to_words_among_quoted_ones_is_told(desk: Relaying, own: str) -> None:
    told = desk.sent("assignment")[0]
    assert desk.take_in(outlook(told, own, INSIDE)) == ["command"]
    assert desk.sent("answer", CLIENT) == []
    refused = " ".join(text_of(desk.sent("refused_commands", TSM)[0]).split())
    assert INSIDE in refused
    assert "nothing was sent" in refused


@pytest.mark.parametrize(
    ("own", "inside"),
    [
        ("Please see below, Bea: it is a known problem.", ""),
        ("Dear Bea, the line is repaired, and all is well again. Please restart the router once.", INSIDE),
    ],
)
def test_nothing_is_refused_without_need(desk: Relaying, own: str, inside: str) -> None:
    said = desk.take_in(outlook(desk.sent("assignment")[0], own, inside))
    assert said == ["relay"], [text_of(mail)[:600] for mail in desk.sent("refused_commands")]
    assert len(desk.sent("answer", CLIENT)) == 1


def test_only_what_nobody_said_before_is_the_authors() -> None:
    told = "The client wrote\n\n> Our VPN is down since\n> this morning.\n\nResponsible: Lena Lead"
    text = (
        f"See below.\n\n{HEAD}The client wrote\nOur VPN is down since this morning.\n{INSIDE}\nResponsible: Lena Lead\n"
    )
    assert find_inside(text, [told]) == INSIDE
    assert find_inside(text.replace(INSIDE, ""), [told]) == ""


@pytest.mark.parametrize("words", ["See the steps.", "Restart it.", "Everything is in line with that."])
def test_other_short_words_point_nowhere(words: str) -> None:
    assert not points_inside(words)
