"""An incident, whole: many clients write the same, the lead taps once, and each client hears of it in their own thread."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import pytest

from maild.daemon.running import system_clock
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.support.relays import html_of, text_of

TRUST = '\n[trust]\nmethod = "header"\nvalue = "X-Vouched: yes"\n'
WRITTEN = {
    "bea@bea.example": "Since this morning our VPN gateway refuses every connection with error 809.",
    "carl@carl.example": "The VPN gateway refuses connections, error 809, nobody here can work.",
    "dora@dora.example": "Error 809: VPN connections to the gateway are refused for all of us.",
    "emil@emil.example": "The gateway refuses our VPN connections since today, it says error 809.",
}
FOREIGN = {
    "gerd@gerd.example": "Guten Tag, seit heute früh kommen wir nicht mehr ins VPN, das Gateway lehnt jede Verbindung ab.",
    "fleur@fleur.example": "Bonjour, depuis ce matin la passerelle refuse toutes les connexions de notre VPN, rien ne marche.",
    "sara@sara.example": "Hola, desde esta mañana la pasarela rechaza todas las conexiones de nuestra VPN y no podemos trabajar.",
}
GREETINGS = {
    "bea": "Hello Bea Kunde,",
    "gerd": "Guten Tag Gerd Kunde,",
    "fleur": "Bonjour Fleur Kunde,",
    "sara": "Hola, Sara Kunde:",
}


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        mailbox=TRUST,
    ) as made:
        yield made


def reports(words: dict[str, str]) -> list[bytes]:
    return [
        a_letter(From=f"{client.partition('@')[0].title()} Kunde <{client}>", Subject="VPN", body=f"{text}\n")
        for client, text in words.items()
    ]


def newest(server: SmtpServer, address: str, subject: str) -> EmailMessage:
    return [mail for mail in sent_to(server, address) if subject in str(mail["Subject"])][-1]


def vouched(to: EmailMessage, text: str) -> bytes:
    return an_answer(to, From=f"Lea Lead <{LEAD}>", X_Vouched="yes", body=text)


def tapped(mail: EmailMessage, word: str) -> bytes:
    links = re.findall(r'href="mailto:([^"?]+)\?subject=([^"]+)"', html_of(mail))
    address, subject = next((unquote(to), unquote(about)) for to, about in links if about.endswith(word))
    return a_letter(From=LEAD, To=address, Subject=subject, X_Vouched="yes", body="\n")


def last_words(server: SmtpServer, client: str) -> str:
    return text_of(sent_to(server, client)[-1])


def listed(desk: RunningDesk) -> list[dict[str, object]]:
    found = desk.run("incidents", "--json")
    assert found.returncode == 0, found.stderr
    return list(json.loads(found.stdout))


def test_an_incident_from_the_first_mails_to_the_verification(desk: RunningDesk, smtp_server: SmtpServer) -> None:
    desk.take_turn(*reports(WRITTEN))
    proposal = newest(smtp_server, LEAD, "One incident?")
    assert "vpn" in text_of(proposal)
    desk.take_turn(tapped(proposal, "declare"))
    declared = newest(smtp_server, LEAD, "Incident:")
    late = {"fay@fay.example": "Our VPN gateway refuses all connections as well: error 809."}
    desk.take_turn(*reports(late))
    assert "Others have reported it too" in " ".join(last_words(smtp_server, "fay@fay.example").split())
    heard = desk.run("trace", str(sent_to(smtp_server, "fay@fay.example")[0]["In-Reply-To"]), "--json")
    reasons = {verdict["question"]: verdict["because"] for verdict in json.loads(heard.stdout)["verdicts"]}
    assert all("4 other clients within an hour" in reasons[question] for question in ("urgency", "impact"))
    desk.take_turn(*reports(FOREIGN))
    others = [mail for mail in sent_to(smtp_server, LEAD) if re.search(r"\[T-[678]\]", str(mail["Subject"]))]
    assert len(others) == len(FOREIGN)
    desk.take_turn(*(vouched(mail, "/incident join T-1\n") for mail in others))
    desk.take_turn(vouched(declared, "The gateway is being replaced; we expect it to work again by noon.\n"))
    clients = [*WRITTEN, *late, *FOREIGN]
    for client in clients:
        relayed = sent_to(smtp_server, client)[-1]
        assert "is being replaced" in text_of(relayed)
        assert [other for other in clients if other in relayed.as_string()] == [client]
        assert str(relayed["References"]).count("letter-") == 1
    for name, greeting in GREETINGS.items():
        assert last_words(smtp_server, f"{name}@{name}.example").startswith(greeting)
    (line,) = listed(desk)
    assert (line["number"], line["standing"], line["clients"], line["late"]) == ("T-1", "declared", 8, 1)
    desk.take_turn(vouched(declared, "/resolve\nThe gateway has been replaced.\n"))
    told = desk.run("tickets", "--json")
    assert {(each["status"], each["incident"]) for each in json.loads(told.stdout)} == {("resolved", "T-1")}
    assert [client for client in clients if "has been replaced" not in last_words(smtp_server, client)] == []
    assert listed(desk)[0]["standing"] == "resolved"
    assert "T-1" in desk.run("show", "T-4").stdout


def test_a_thousand_forged_mails_of_one_domain_are_no_incident(desk: RunningDesk, smtp_server: SmtpServer) -> None:
    texts = list(WRITTEN.values())
    forged = {f"user{number}@forged.example": texts[number % 4] for number in range(40)}
    desk.take_turn(*reports(forged))
    assert listed(desk) == []
    assert not [mail for mail in sent_to(smtp_server, LEAD) if "One incident?" in str(mail["Subject"])]


def test_what_forgers_of_many_domains_write_is_shown_as_what_it_is(desk: RunningDesk, smtp_server: SmtpServer) -> None:
    texts = list(WRITTEN.values())
    desk.take_turn(*reports({f"user@forged{number}.example": texts[number % 4] for number in range(20)}))
    proposal = " ".join(text_of(newest(smtp_server, LEAD, "One incident?")).split())
    assert "vouches for 0 of these" in proposal
    desk.clock = lambda: system_clock() + timedelta(hours=1)
    desk.take_turn(tapped(newest(smtp_server, LEAD, "One incident?"), "dismiss"))
    desk.take_turn(*reports({f"user@other{number}.example": texts[number % 4] for number in range(20)}))
    assert [each["standing"] for each in listed(desk)] == ["dismissed"]
