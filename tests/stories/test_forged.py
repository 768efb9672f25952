"""Whatever is forged in a TSM's name is held, nothing leaves, and the real one decides at their configured address."""

import html
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.support.relays import html_of, text_of

CARL, MALLORY = "carl@other.example", "mallory@evil.example"
VOUCHED = "mx.acme.example; dmarc=pass header.from=example.org"
METHODS = {"authserv_id": 'method = "authserv_id"\nvalue = "mx.acme.example"', "none": 'method = "none"'}
FORGED: Mapping[str, Mapping[str, str]] = {
    "nothing vouches": {"Authentication_Results": ""},
    "another server vouches": {"Authentication_Results": "mx.evil.example; dmarc=pass header.from=example.org"},
    "for another author": {"Authentication_Results": "mx.acme.example; dmarc=pass header.from=evil.example"},
    "below a truthful field": {
        "Authentication_Results": f"mx.acme.example; dmarc=fail header.from=example.org\r\nAuthentication-Results: {VOUCHED}"
    },
    "in a quoted word": {
        "Authentication_Results": 'mx.acme.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.org"@evil.example'
    },
    "another ticket's token": {"To": "{other}"},
    "an old form": {"To": "{plain}+t1@acme.example"},
    "a short token": {"To": "{plain}+t1.abcdefg@acme.example"},
    "no token": {"To": "{plain}@acme.example"},
    "the client's token": {"To": "{clients}"},
}
"""Each in place of what the real TSM would write."""


@pytest.fixture
def desk(  # noqa: PLR0917 - pytest gives a fixture what it names
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str, method: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        mailbox=f"\n[trust]\n{METHODS[method]}\n",
    ) as made:
        yield made


def from_lead(to: EmailMessage, body: str, **fields: str) -> bytes:
    usual = {"From": f"Lead <{LEAD}>", "References": "", "Authentication_Results": VOUCHED, "body": f"{body}\n"}
    return an_answer(to, **{**usual, **fields})


def a_tap(asked: EmailMessage, word: str, **fields: str) -> bytes:
    """What a mail client sends when the link of this word is tapped."""
    links = re.findall(r'href="mailto:([^"?]+)\?subject=([^"]+)"', html_of(asked))
    address = next(to for to, subject in links if f" {word}" in f" {unquote(html.unescape(subject))}")
    return a_letter(From=LEAD, To=unquote(html.unescape(address)), Subject=f"T-1 {word}", body="", **fields)


def titled(server: SmtpServer, words: str, address: str = LEAD) -> list[EmailMessage]:
    return [mail for mail in sent_to(server, address) if words in mail["Subject"]]


def two_tickets(desk: RunningDesk, server: SmtpServer) -> tuple[EmailMessage, EmailMessage]:
    """The assignments of a ticket of Bea's, and of one of Carl's."""
    other = a_letter(From=f"Carl <{CARL}>", Subject="Printer prints blank pages", Message_ID="<carl@other.example>")
    desk.take_turn(a_letter(Message_ID="<bea@client.example>"), other)
    told = {str(mail["Subject"]).partition("]")[0]: mail for mail in sent_to(server, LEAD)}
    return told["[T-1"], told["[T-2"]


@pytest.mark.parametrize("method", ["authserv_id"])
def test_nothing_forged_leaves_and_the_real_tsm_lets_their_own_through_once(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    mine, other = two_tickets(desk, smtp_server)
    places = {
        "plain": desk.address.partition("@")[0],
        "clients": str(sent_to(smtp_server, CLIENT)[0]["Reply-To"]),
        "other": str(other["Reply-To"]).replace("+t2.", "+t1."),
    }
    letters = [
        from_lead(
            mine,
            f"/close\nForged {place}.",
            **{name: value.format(**places) for name, value in fields.items()},
            In_Reply_To="<bea@client.example>",
        )
        for place, fields in enumerate(FORGED.values())
    ]
    spoofed = from_lead(mine, "/close\nForged name.", From=f'"{LEAD}" <{MALLORY}>', Authentication_Results="")
    desk.take_turn(*letters[:9], a_tap(mine, "spam", Message_ID="<forwarded@example.org>"), *letters[9:], spoofed)
    assert [mail["Subject"] for mail in sent_to(smtp_server, CLIENT)[1:]] == []
    statuses = rows(database_url, "SELECT id, status FROM tickets WHERE id < 3 ORDER BY id")
    assert "closed" not in {status for _, status in statuses}
    asked = titled(smtp_server, "Please confirm")
    # Mallory's is a stranger's mail, not one in the name of the lead; the others were asked about, ten an hour at most.
    assert len(asked) == 10
    assert "one tap on /spam" in text_of(asked[-1])
    assert all(list(mail.get_all("To", [])) == [mail["To"]] and LEAD in mail["To"] for mail in asked)
    first = next(mail for mail in asked if "Forged 0." in text_of(mail))
    desk.take_turn(a_tap(first, "release"), a_tap(first, "release", Message_ID="<again@example.org>"))
    desk.take_turn()
    relayed = [text_of(mail) for mail in sent_to(smtp_server, CLIENT)[1:]]
    assert ["Forged 0." in words for words in relayed] == [True]
    assert rows(database_url, "SELECT status FROM tickets WHERE id = 1") == [("closed",)]


@pytest.mark.parametrize("method", ["authserv_id"])
def test_a_key_that_is_rotated_and_a_tsm_who_has_left(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    mine, _ = two_tickets(desk, smtp_server)
    team = desk.folder / "team.toml"
    team.write_text(team.read_text().replace("lead@example.org", "boss@example.org"))
    desk.rest()
    desk.take_turn(from_lead(mine, "/close\nI was sacked. Your data were never safe here."))
    assert len(sent_to(smtp_server, CLIENT)) == 1
    assert "sacked" in rows(database_url, "SELECT new_text FROM mails WHERE outcome = 'held'")[0][0]
    team.write_text(team.read_text().replace("boss@example.org", "lead@example.org"))
    desk.rest()
    assert desk.run("keys", "rotate").returncode == 0
    desk.take_turn(from_lead(mine, "We are looking into it.", Message_ID="<before-rotation@example.org>"))
    assert [text_of(mail).splitlines()[0] for mail in sent_to(smtp_server, CLIENT)[1:]] == ["We are looking into it."]


@pytest.mark.parametrize("method", ["none"])
def test_a_whole_ticket_where_nothing_vouches_takes_one_confirmation(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    mine, _ = two_tickets(desk, smtp_server)
    unproven = {"Authentication_Results": ""}
    for body in ("Thank you, we look into it.", "/waiting\nWhich version is it?", "/note\nThey are on the old one."):
        desk.take_turn(from_lead(mine, body, **unproven))
    desk.take_turn(an_answer(sent_to(smtp_server, CLIENT)[-1], body="Version 4.\n"))
    desk.take_turn(from_lead(mine, "/update\nWe have found the cause.", **unproven))
    desk.take_turn(from_lead(mine, "/resolve\nThe certificate was renewed.", **unproven))
    assert len(sent_to(smtp_server, CLIENT)) == 4
    (asked,) = titled(smtp_server, "Please confirm")
    desk.take_turn(from_lead(asked, "What is this? The client is a nuisance.", **unproven))
    assert len(sent_to(smtp_server, CLIENT)) == 4
    desk.take_turn(from_lead(asked, "Yes\n\nLead", **unproven))
    desk.take_turn()
    assert "The certificate was renewed." in text_of(sent_to(smtp_server, CLIENT)[-1])
    assert "nuisance" not in "".join(text_of(mail) for mail in sent_to(smtp_server, CLIENT))
    assert len(titled(smtp_server, "Please confirm")) == 1
    assert rows(database_url, "SELECT status FROM tickets WHERE id = 1") == [("resolved",)]


@pytest.mark.parametrize("method", ["authserv_id"])
def test_a_leak_and_a_stranger_in_copy(desk: RunningDesk, smtp_server: SmtpServer, database_url: str) -> None:
    desk.take_turn(a_letter(Cc=f"Mallory <{MALLORY}>"), a_letter(From=CARL, Subject="Printer prints blank pages"))
    (mine,) = titled(smtp_server, "[T-1]")
    desk.take_turn(
        from_lead(mine, "/note\nTheir contract ends in May, and Sales wants to get rid of them before the summer.")
    )
    leaking = (
        "Carl has it, too: c\u00adarl@other.example",
        "Know that your contract ends in May and that Sales wants to get rid of you before the summer.",
    )
    for words in leaking:
        desk.take_turn(from_lead(mine, words, Content_Type="text/plain; charset=utf-8"))
    desk.take_turn(from_lead(mine, "Please restart the router."))
    assert len(titled(smtp_server, "Please look again")) == len(leaking)
    assert [text_of(mail).splitlines()[0] for mail in sent_to(smtp_server, CLIENT)[1:]] == [
        "Please restart the router."
    ]
    assert sent_to(smtp_server, MALLORY) == []
    assert f"/cc add {MALLORY}" in text_of(mine)
    desk.take_turn(a_tap(mine, f"cc {MALLORY}", Authentication_Results=VOUCHED))
    desk.take_turn(from_lead(mine, "Is it well again?"))
    assert [text_of(mail).splitlines()[0] for mail in sent_to(smtp_server, MALLORY)] == ["Is it well again?"]
    whole = "".join(mail.as_string() for mail in (*sent_to(smtp_server, CLIENT), *sent_to(smtp_server, MALLORY)))
    assert LEAD not in whole
    assert rows(database_url, "SELECT count(*) FROM events WHERE event = 'relay_held'") == [(len(leaking),)]
