"""Relay, whole: a TSM answers in each shape of mail client, and the client reads their words and nothing of the house."""

import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.support.relays import html_of, text_of

OWN = "Dear Bea,\n\nplease restart the router, then tell us whether it helps:\n\n    sudo router --restart\n\nBest regards\nLea"
OWN_HTML = (
    "<div>Dear Bea,</div><div><br></div><div>please restart the router, then tell us whether it helps:</div><div><br></div>"
    "<pre>    sudo router --restart</pre><div>Best regards<br>Lea</div>"
)
HOUSE = ("Decision", "Priority", "Your reply goes to the client", "Responsible", "sent automatically", "[T-1 k", "+a1.")
"""Words of our mails to the house."""


def quoted(told: EmailMessage) -> str:
    return "\n".join(f"> {line}" for line in text_of(told).splitlines())


def gmail(told: EmailMessage) -> tuple[str, str]:
    when = "On Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example> wrote:"
    html = (
        f'<div dir="ltr">{OWN_HTML}</div><br><div class="gmail_quote"><div class="gmail_attr">{when}<br></div>'
        f'<blockquote class="gmail_quote">{html_of(told)}</blockquote></div>'
    )
    return f"{OWN}\n\n{when}\n\n{quoted(told)}\n", html


def outlook(told: EmailMessage) -> tuple[str, str]:
    head = "<b>From:</b> Acme Support<br><b>Sent:</b> Monday, November 23, 2026 1:00 PM<br><b>To:</b> Lea<br>"
    return "", (
        f"<html><body>{OWN_HTML}<hr><div id='divRplyFwdMsg'>{head}<b>Subject:</b> {told['Subject']}</div>"
        f"<div>{html_of(told)}</div></body></html>"
    )


def apple(told: EmailMessage) -> tuple[str, str]:
    when = "On 23. Nov 2026, at 13:00, Acme Support <support@acme.example> wrote:"
    return "", (
        f"<html><body>{OWN_HTML}<br><div><blockquote type='cite'><div>{when}</div><br>"
        f"<div>{html_of(told)}</div></blockquote></div></body></html>"
    )


def thunderbird(told: EmailMessage) -> tuple[str, str]:
    return f"{OWN}\n\n-- \nLea Lead\nThird floor\n\nOn Monday, Acme Support wrote:\n{quoted(told)}\n", ""


def mutt(told: EmailMessage) -> tuple[str, str]:
    return f"On Mon, Nov 23, 2026 at 01:00:00PM +0100, Acme Support wrote:\n{quoted(told)}\n\n{OWN}\n\n-- \nLea\n", ""


def telephone(told: EmailMessage) -> tuple[str, str]:
    return f"{OWN}\n\nSent from my iPhone\n\n> On 23. Nov 2026, at 13:00, Acme Support wrote:\n> \n{quoted(told)}\n", ""


SHAPES = (gmail, outlook, apple, thunderbird, mutt, telephone)


def written(told: EmailMessage, plain: str, html: str, number: int, **fields: str) -> bytes:
    mail = EmailMessage(policy=default)
    usual = {
        "From": f"Lea Lead <{LEAD}>",
        "To": str(told["Reply-To"]),
        "Subject": f"Re: {told['Subject']}",
        "Message-ID": f"<answer-{number}@example.org>",
        "In-Reply-To": str(told["Message-ID"]),
        "Received": "from laptop.internal.acme.example (10.1.2.3)",
        "X-Originating-IP": "10.1.2.3",
    }
    for name, value in {**usual, **fields}.items():
        mail[name] = value
    if plain:
        mail.set_content(plain)
    if html and plain:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    return mail.as_bytes(policy=default.clone(linesep="\r\n"))


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        mailbox='sent = "Sent"',
    )
    dovecot.deliver(imap_user, a_letter(From="x@y.example", body="An old mail.\n"), mailbox="Sent")
    yield made
    made.stop()


def taken_in(desk: RunningDesk, *sources: bytes, mailbox: str = "INBOX") -> None:
    for source in sources:
        desk.dovecot.deliver(desk.address, source, mailbox=mailbox)
    desk.take_turn()


def relays(server: SmtpServer) -> list[EmailMessage]:
    return [mail for mail in sent_to(server, CLIENT) if mail["Auto-Submitted"] is None]


def test_each_shape_of_answer_reaches_the_client_and_nothing_of_the_house(
    desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    letter = a_letter(Message_ID="<question@client.example>")
    taken_in(desk, letter)
    (told,) = sent_to(smtp_server, LEAD)
    answers = []
    for number, shape in enumerate(SHAPES):
        # Each says something of its own: a machine in a person's place repeats itself.
        plain, html = (part.replace("Dear Bea", f"Dear Bea {number}") for part in shape(told))
        answers.append(written(told, plain, html, number))
    taken_in(desk, *answers)
    sent = {re.search(r"Dear Bea (\d)", text_of(mail)).group(1): mail for mail in relays(smtp_server)}  # type: ignore[union-attr]
    assert sorted(sent) == [str(number) for number in range(len(SHAPES))]
    for place, mail in sent.items():
        own, _, small = text_of(mail).partition("\n-- \n")
        assert re.sub(r"\n+", "\n", own).strip() == re.sub(r"\n+", "\n", OWN).replace("Dear Bea", f"Dear Bea {place}")
        assert "Lead" in small
        assert mail["In-Reply-To"] == "<question@client.example>"
        whole = f"{mail.as_string()}{text_of(mail)}{html_of(mail)}"
        assert not [word for word in (*HOUSE, LEAD, "10.1.2.3", "laptop", "X-Originating") if word in whole]
        assert str(told["Reply-To"]).rpartition("+")[2].partition("@")[0] not in whole


def test_what_people_put_into_names_ends_no_field(desk: RunningDesk, smtp_server: SmtpServer) -> None:
    name = "=?utf-8?q?Bea=0D=0ABcc=3A_mallory=40evil=2Eexample?="
    taken_in(desk, a_letter(From=f"{name} <{CLIENT}>"), a_letter(From=f'"{"Bea " * 1_000}" <carl@client.example>'))
    told = sent_to(smtp_server, LEAD)
    taken_in(desk, *(written(mail, f"Dear {number}, please wait.", "", number) for number, mail in enumerate(told)))
    assert len(relays(smtp_server)) == 1
    for mail in smtp_server.accepted:
        assert b"\r\nBcc:" not in mail.content
        assert mail.recipients in ((CLIENT,), ("carl@client.example",), (LEAD,))


@pytest.mark.parametrize("fields", [{"In-Reply-To": "<question@client.example>", "To": ""}])
def test_a_forged_answer_reaches_nobody_but_the_real_tsm(
    desk: RunningDesk, smtp_server: SmtpServer, fields: Mapping[str, str]
) -> None:
    taken_in(desk, a_letter(Message_ID="<question@client.example>"))
    (told,) = sent_to(smtp_server, LEAD)
    taken_in(desk, written(told, "Please send us your password.", "", 1, **{**fields, "To": desk.address}))
    assert relays(smtp_server) == []
    assert len(sent_to(smtp_server, LEAD)) == 2


def test_an_answer_sent_by_hand_is_seen_and_the_mailbox_left_as_it_is(desk: RunningDesk, database_url: str) -> None:
    taken_in(desk, a_letter(Message_ID="<question@client.example>"))
    by_hand = a_letter(
        From=desk.address, To=CLIENT, In_Reply_To="<question@client.example>", body="Please restart the router.\n"
    )
    taken_in(desk, by_hand, mailbox="Sent")
    assert ("answered_directly", "the desk") in rows(database_url, "SELECT event, actor FROM events")
    connection_to = desk.dovecot.log_in(desk.address)
    connection_to.select("Sent", readonly=True)
    _, found = connection_to.fetch("1:*", "(FLAGS)")
    connection_to.logout()
    assert len(found) == 2
    assert not any(flag in str(row) for row in found for flag in ("Seen", "Flagged"))
