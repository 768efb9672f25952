"""Closing, whole: in four languages clients are asked whether it works, and say yes, no, in part, something else, or nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.support.relays import html_of, text_of

TRUST = '\n[trust]\nmethod = "header"\nvalue = "X-Vouched: yes"\n'
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LANGUAGES = ("en", "de", "fr", "es")
BRANCHES = ("yes", "bare", "tap", "no", "partly", "new", "unsure", "back", "silence", "quote")

ASKED = {
    "en": "Our VPN client cannot connect to the server since this morning, it says error 809. Please help us.",
    "de": "Seit heute früh kann sich unser VPN nicht mit dem Server verbinden, es meldet Fehler 809. Bitte helfen Sie uns.",
    "fr": "Depuis ce matin notre client VPN ne peut plus se connecter au serveur, il affiche l'erreur 809. Aidez-nous.",
    "es": "Desde esta mañana nuestro cliente VPN no puede conectarse al servidor y muestra el error 809. Ayúdenos por favor.",
}
SAID: Mapping[str, Mapping[str, str]] = {
    "yes": {"en": "It works now, thank you.", "de": "Es funktioniert jetzt, danke.", "fr": "Ça marche maintenant, merci.",
            "es": "Ya funciona, gracias."},
    "bare": {"en": "Yes.", "de": "Ja.", "fr": "Oui.", "es": "Sí."},
    "back": {"en": "Works, thanks!", "de": "Funktioniert, danke!", "fr": "Ça fonctionne, merci !", "es": "¡Funciona, gracias!"},
    "no": {"en": "It still does not work.", "de": "Es funktioniert immer noch nicht.", "fr": "Ça ne marche toujours pas.",
           "es": "Sigue sin funcionar."},
    "partly": {"en": "Partly: one laptop still fails.", "de": "Teilweise: ein Laptop geht noch nicht.",
               "fr": "En partie : un portable ne marche toujours pas.", "es": "En parte: un portátil sigue sin funcionar."},
    "new": {"en": "One more thing: the printer does not print.", "de": "Noch etwas anderes: Der Drucker druckt nicht.",
            "fr": "Autre chose : l'imprimante n'imprime pas.", "es": "Otra cosa: la impresora no imprime."},
    "unsure": {"en": "Hm, hard to say.", "de": "Hm, schwer zu sagen.", "fr": "Hum, difficile à dire.", "es": "Hmm, es difícil decirlo."},
    "quote": {"en": "See below.", "de": "Siehe unten.", "fr": "Voir ci-dessous.", "es": "Vea abajo."},
}  # fmt: skip
THANKS = {"en": "Thank you very much!", "de": "Vielen Dank!", "fr": "Merci beaucoup !", "es": "¡Muchas gracias!"}
BACK = {"en": "It is back.", "de": "Es ist wieder da.", "fr": "C'est revenu.", "es": "El problema ha vuelto."}
GREETED = {"en": "Hello", "de": "Guten Tag", "fr": "Bonjour", "es": "Hola"}
QUESTIONS = {
    "en": "Does it work for you?",
    "de": "Funktioniert es",
    "fr": "fonctionne chez vous",
    "es": "¿Le funciona?",
}


def client(branch: str, language: str) -> str:
    return f"bea@{branch}.{language}.example"


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
        process = made.folder / "process.toml"
        process.write_text(process.read_text().replace("propose = true", "propose = false"))
        made.clock = lambda: BEGIN
        yield made


def everybody(*branches: str) -> list[tuple[str, str]]:
    return [(branch, language) for branch in branches for language in LANGUAGES]


def tapped(mail: EmailMessage, word: str, author: str, **fields: str) -> bytes:
    links = re.findall(r'href="mailto:([^"?]+)\?subject=([^"]+)"', html_of(mail))
    address, subject = next((unquote(to), unquote(about)) for to, about in links if unquote(about).endswith(word))
    return a_letter(From=author, To=address, Subject=subject, body="\n", **fields)


def answered(server: SmtpServer, branch: str, language: str) -> bytes:
    who = client(branch, language)
    asked = sent_to(server, who)[-1]
    if branch == "tap":
        return tapped(asked, "works", who)
    quoted = "\n".join(
        f"> {line}" for line in ["Yes, it works!" if branch == "quote" else "", *text_of(asked).splitlines()]
    )
    body = SAID[branch][language] + ("" if branch == "bare" else f"\n\n{quoted}\n")
    return an_answer(asked, From=f"Bea Kunde <{who}>", body=body)


def tickets(url: str) -> dict[str, list[str]]:
    """Client to the statuses of their tickets, oldest first."""
    found: dict[str, list[str]] = {}
    for who, status in rows(url, "SELECT client, status FROM tickets ORDER BY id"):
        found.setdefault(who, []).append(status)
    return found


def of_branch(url: str, branch: str) -> set[str]:
    return {" ".join(tickets(url)[client(branch, language)]) for language in LANGUAGES}


def told(server: SmtpServer, who: str) -> str:
    return " ".join(text_of(sent_to(server, who)[-1]).split())


def solve_all(desk: RunningDesk, server: SmtpServer) -> None:
    """Everybody writes, and the lead, whose desk it is, says of each that it is solved."""
    desk.take_turn(
        *(
            a_letter(From=f"Bea Kunde <{client(*who)}>", Subject="VPN", body=f"{ASKED[who[1]]}\n")
            for who in everybody(*BRANCHES)
        )
    )
    assignments = sent_to(server, LEAD)
    assert len(assignments) == len(everybody(*BRANCHES))
    words = "/resolve\nThe certificate of the gateway ({}) had expired; we have renewed it.\n"
    desk.take_turn(
        *(
            an_answer(mail, From=LEAD, X_Vouched="yes", body=words.format(place))
            for place, mail in enumerate(assignments)
        )
    )


def test_what_clients_say_closes_reopens_or_begins_something_new(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    solve_all(desk, smtp_server)
    for branch, language in everybody(*BRANCHES):
        asked = sent_to(smtp_server, client(branch, language))[-1]
        assert QUESTIONS[language] in text_of(asked)
        assert "had expired" in text_of(asked)
        assert "OOF" not in str(asked["X-Auto-Response-Suppress"])
    desk.clock = lambda: BEGIN + timedelta(hours=3)
    talking = [branch for branch in BRANCHES if branch != "silence"]
    desk.take_turn(*(answered(smtp_server, *who) for who in everybody(*talking)))
    expected = {"yes": "closed", "bare": "closed", "tap": "closed", "back": "closed", "no": "open", "partly": "open",
                "unsure": "open", "quote": "open", "silence": "resolved"}  # fmt: skip
    assert {branch: of_branch(database_url, branch) for branch in expected} == {b: {s} for b, s in expected.items()}
    assert {each.split()[0] for each in of_branch(database_url, "new")} == {"resolved"}
    assert all(len(each.split()) == 2 for each in of_branch(database_url, "new"))
    for branch, language in everybody("yes", "bare", "tap"):
        assert told(smtp_server, client(branch, language)).startswith(GREETED[language])
    house = [f"{mail['Subject']} {text_of(mail)}" for mail in sent_to(smtp_server, LEAD)]
    for _, language in everybody("no"):
        assert any(SAID["no"][language] in each and "Not solved" in each for each in house)
    later(desk, smtp_server, database_url)


def later(desk: RunningDesk, server: SmtpServer, url: str) -> None:
    """Days go by: thanks, what comes back, a tap of the lead, and silence."""
    desk.clock = lambda: BEGIN + timedelta(days=2)
    written = {who: len(sent_to(server, client(*who))) for who in everybody("yes")}
    thanks = [
        an_answer(sent_to(server, client(*who))[-1], From=client(*who), body=f"{THANKS[who[1]]}\n")
        for who in everybody("yes")
    ]
    back = [
        an_answer(sent_to(server, client(*who))[-1], From=client(*who), body=f"{BACK[who[1]]}\n")
        for who in everybody("back")
    ]
    unclear = [mail for mail in sent_to(server, LEAD) if "Is it solved?" in str(mail["Subject"])]
    taps = [tapped(mail, "solved", LEAD, X_Vouched="yes") for mail in unclear]
    desk.take_turn(*thanks, *back, *taps)
    assert of_branch(url, "yes") == {"closed"}
    assert written == {who: len(sent_to(server, client(*who))) for who in everybody("yes")}
    assert (of_branch(url, "back"), of_branch(url, "unsure")) == ({"open"}, {"closed"})
    listed = desk.run("tickets").stdout
    assert "back within the reopen window: 4 of" in listed
    for day in range(3, 30, 3):
        now = BEGIN + timedelta(days=day)
        desk.clock = partial(max, now, now)
        desk.take_turn()
    assert of_branch(url, "silence") == {"closed"}
    for language in LANGUAGES:
        mails = [text_of(mail) for mail in sent_to(server, client("silence", language))]
        assert len(mails) == 5
        assert mails[-1].startswith(GREETED[language])
