"""The finders: what each claims in four languages, and what it must not."""

import time

import pytest

from maild.mail.message import Attachment
from maild.process.gathering.kinds import KINDS
from maild.process.gathering.material import LIMIT, Material, take_material
from tests.support.making import a_mail

CLAIMED = [
    ("version", "It happens with version 7.4.2 only.", "7.4.2"),
    ("version", "Wir nutzen Version 12.", "12"),
    ("version", "Depuis la version 2024.1 plus rien", "2024.1"),
    ("version", "Tenemos la versión 3.2-beta2 instalada", "3.2-beta2"),
    ("version", "Hadoop 3.x does it too", "3.x"),
    ("version", "It came with Java 17.", "17"),
    ("version", "Since release 3.7.7.2 nobody can connect", "3.7.7.2"),
    ("error code", "Windows says 0x80070005", "0x80070005"),
    ("error code", "VPN: Fehlercode 809 beim Verbinden", "809"),
    ("error code", "VPN fails with error 809 on Windows 11", "809"),
    ("error code", "Error 1603 since today", "1603"),
    ("error code", "Fehler 691 seit gestern", "691"),
    ("error code", "PDO says SQLSTATE[HY000] [2002]", "SQLSTATE[HY000]"),
    ("error code", "status 404 on the page", "404"),
    ("error code", "La page donne le statut 500.", "500"),
    ("error code", "The server returns status 503 after the login", "503"),
    ("error code", "We see a status 502 error", "502"),
    ("error message", "Erreur 809 : connexion impossible au VPN", "connexion impossible au VPN"),
    ("error message", "Error 1603: during the installation it stopped", "during the installation it stopped"),
    ("error code", "le code d\N{RIGHT SINGLE QUOTATION MARK}erreur est 49.4C02", "49.4C02"),
    ("error code", "Aparece el código de error: E-203", "E-203"),
    ("error code", "Checkout returns HTTP 500 in production", "500"),
    ("error code", "ORA-12154 from the nightly job", "ORA-12154"),
    ("error code", "the page shows ERR_CONNECTION_RESET", "ERR_CONNECTION_RESET"),
    ("error code", "they get 550 5.7.1 back", "550 5.7.1"),
    ("error message", "It says \N{LEFT DOUBLE QUOTATION MARK}License key refused\N{RIGHT DOUBLE QUOTATION MARK}.", "License key refused"),
    ("error message", "It says \N{LEFT DOUBLE QUOTATION MARK}full\N{RIGHT DOUBLE QUOTATION MARK}.", "full"),
    ("error message", "Fehlermeldung: \N{DOUBLE LOW-9 QUOTATION MARK}Profil nicht geladen\N{LEFT DOUBLE QUOTATION MARK}", "Profil nicht geladen"),
    ("error message", "Le message d'erreur indique \N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK} disque plein \N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}", "disque plein"),
    ("error message", "die Meldung \N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}Pfad fehlt\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}", "Pfad fehlt"),
    ("error message", 'El mensaje dice "usuario desconocido"', "usuario desconocido"),
    ("error message", "Error: could not open the spool file", "could not open the spool file"),
    ("error message", "2024-02-29 10:39:27,369 WARN impl.Helper: the option is too low", "the option is too low"),
    ("error message", "ssh: connect to host db1 port 22: Connection refused", "Connection refused"),
    ("error message", "the export crashes with ValueError since Monday", "ValueError"),
    ("error message", "java.lang.IllegalStateException: pool is closed", "pool is closed"),
    ("error message", "Beim Öffnen kommt Zugriff verweigert.", "Zugriff verweigert"),
    ("error message", 'I get a box saying\n\n  "The index was outside the bounds."\n\nand it closes', "The index was outside the bounds"),
    ("error message", "The import ends with \"Row 1: unexpected column 'ean13'\".", "Row 1: unexpected column 'ean13'"),
    ("error message", "The client says 'Gateway gone away' and that's it", "Gateway gone away"),
    ("error message", 'When I put the key it say "Key is not valid here".', "Key is not valid here"),
    ("error message", "Error in file(con, open): the pipe is closed", "the pipe is closed"),
    ("error message", 'Every login lands on "Unexpected error, reference 12"', "Unexpected error"),
    ("error message", 'Ich bekomme nur "Die Sitzung ist abgelaufen."', "Die Sitzung ist abgelaufen"),
    ("error message", "The site only says that the account is blocked.", "the account is blocked"),
    ("error message", "Die Seite sagt, dass der Link abgelaufen ist.", "der Link abgelaufen ist"),
    ("error message", "Le site dit que le compte est bloqué", "le compte est bloqué"),
    ("error message", "La página dice que el enlace ha caducado", "el enlace ha caducado"),
    ("error message", "Her mails come back with 'no such mailbox'.", "no such mailbox"),
    ("error message", "It closes without any message.", "without any message"),
    ("error message", "No da ningún error, solo tarda", "ningún error"),
    ("stack trace", "\tat org.acme.Shop.pay(Shop.java:12)\n\tat org.acme.Main.main(Main.java:3)", "org.acme.Shop.pay"),
    ("stack trace", 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>', "Traceback"),
    ("stack trace", "   at Acme.Shop.Pay(Order order) in C:\\src\\Shop.cs:line 12", "Acme.Shop.Pay"),
    ("url", "See https://shop.acme.example/pay?id=7, please.", "https://shop.acme.example/pay?id=7"),
    ("url", "on www.acme.example it works", "www.acme.example"),
    ("ip address", "ping 8.8.8.8 works", "8.8.8.8"),
    ("ip address", "der Drucker 10.1.20.33 antwortet nicht", "10.1.20.33"),
    ("ip address", "from 2001:db8:0:1::17 too", "2001:db8:0:1::17"),
    ("host", "mail.acme.example cannot be reached", "mail.acme.example"),
    ("host", "Der Server SRV-DB01 hängt", "SRV-DB01"),
    ("host", "port 8443 to db7.corp.local", "db7.corp.local"),
    ("path", "The folder S:\\Projects\\Harbour is gone", "S:\\Projects\\Harbour"),
    ("path", "unter \\\\files\\team\\plan.xlsx", "\\\\files\\team\\plan.xlsx"),
    ("path", "Please restore Plans\\2025\\Bids for me", "Plans\\2025\\Bids"),
    ("path", "my T: drive is empty", "T: drive"),
    ("path", "it stands in Scans\\2026\\12 there", "Scans\\2026\\12"),
    ("since when", "It all started with a new dock", "It all started with a new dock"),
    ("since when", "These errors began with the rollout", "errors began with the rollout"),
    ("path", "Ich komme nicht auf das Laufwerk P:", "Laufwerk P"),
    ("path", "look at /var/log/maild.log.", "/var/log/maild.log"),
    ("address", "the mailbox sales@acme.example is full", "sales@acme.example"),
    ("device", "My ThinkPad T14 stays black", "ThinkPad T14"),
    ("device", "Der Drucker im zweiten Stock", "Drucker"),
    ("device", "My phone does not connect to the hotspot", "My phone"),
    ("device", "a noise made by the phone", "the phone"),
    ("device", "Am Handy geht Outlook nicht", "Handy"),
    ("device", "It fails on my iPhone 13, on the laptop as well", "iPhone 13"),
    ("device", "The router as access point drops us", "router"),
    ("device", "Nobody hears me on the desk phone", "desk phone"),
    ("device", "Mi móvil se apaga", "móvil"),
    ("device", "El escáner no coge las hojas", "escáner"),
    ("device", "It is a Fujitsu fi-7160 in the hall", "Fujitsu fi-7160"),
    ("device", "Unser Kyocera M5526 druckt Streifen", "Kyocera M5526"),
    ("device", "My Jabra Evolve2 40 crackles", "Jabra Evolve2 40"),
    ("device", "Mon imprimante ne répond plus", "imprimante"),
    ("device", "El portátil no arranca", "portátil"),
    ("operating system", "I use Windows 11 Pro 23H2", "Windows 11 Pro 23H2"),
    ("operating system", "auf Ubuntu 24.04 LTS", "Ubuntu 24.04 LTS"),
    ("operating system", "sous macOS Sonoma", "macOS Sonoma"),
    ("application", "Outlook 2019 asks for my password", "Outlook 2019"),
    ("application", "in Google Chrome only", "Google Chrome"),
    ("since when", "Nobody can log in since this morning.", "since this morning"),
    ("since when", "It stopped working last night", "stopped working last night"),
    ("since when", "Seit Montag geht nichts mehr", "Seit Montag"),
    ("since when", "seit heute Morgen geht nichts", "seit heute Morgen"),
    ("since when", "Since yesterday evening it is slow", "Since yesterday evening"),
    ("since when", "depuis lundi matin rien ne va", "depuis lundi matin"),
    ("since when", "desde ayer por la tarde no va", "desde ayer por la tarde"),
    ("since when", "vor zwei Stunden ausgefallen", "vor zwei Stunden"),
    ("since when", "nach dem letzten Update", "nach dem letzten Update"),
    ("since when", "Depuis hier plus de réseau", "Depuis hier"),
    ("since when", "il y a trois jours", "il y a trois jours"),
    ("since when", "Desde el lunes no funciona", "Desde el lunes"),
    ("since when", "hace dos semanas que falla", "hace dos semanas"),
    ("since when", "No line since the storm.", "since the storm"),
    ("since when", "seit dem Gewitter, leider", "seit dem Gewitter"),
    ("since when", "The mark has been red for days now", "for days now"),
    ("since when", "The shop won't let anyone in today", "today"),
    ("since when", "It began when they moved the printer.", "began when they moved the printer"),
    ("since when", "Angefangen hat es, als wir umgezogen sind", "als wir umgezogen sind"),
    ("since when", "I deleted it just now", "just now"),
    ("since when", "It made an update on Tuesday", "update on Tuesday"),
    ("serial number", "A sticker says A-20817", "A-20817"),
    ("serial number", "Serial number: PF2ABC12", "PF2ABC12"),
    ("serial number", "Seriennummer 5CG1234XYZ", "5CG1234XYZ"),
    ("customer number", "my account number is 5469", "5469"),
    ("customer number", "Kundennummer: 10-4711", "10-4711"),
    ("order number", "When will purchase order 4500098 come?", "4500098"),
    ("order number", "notre commande n\N{DEGREE SIGN} 2024-118", "2024-118"),
    ("order number", "el pedido número 99812", "99812"),
    ("invoice number", "Invoice 2024-1187 was debited twice.", "2024-1187"),
    ("invoice number", "die Rechnung Nr. RE-2024-0815", "RE-2024-0815"),
    ("invoice number", "la facture F2024/77", "F2024/77"),
    ("invoice number", "la factura 2024/118", "2024/118"),
    ("amount", "You charged 1,299.00 EUR", "1,299.00 EUR"),
    ("amount", "es fehlen 49,90 \N{EURO SIGN}", "49,90 \N{EURO SIGN}"),
]  # fmt: skip

NOT_CLAIMED = [
    ("version", "We met on 12.10.2026 at 10.30 in room 4."),
    ("version", "ping 10.1.20.33 and 192.168.1.1"),
    ("version", "Ubuntu 24.04 is a system, https://acme.example/v/1.2.3/x an address"),
    ("version", "they get 550 5.7.1 back, and it took 3.5 seconds. The 3.5 hours, EUR 480.00"),
    ("error code", "The error happened 404 times on 3 machines; error 5 times, order 0815"),
    ("error code", "an error in 2024; we had error 12 in 40 rows, error 200 of 400"),
    (
        "error code",
        "status 404 items are open, status 4040, the status of 500 orders, orderstatus 404, order status 404",
    ),
    ("error code", "Delivery status 450, please update. Inventory status: 420."),
    ("error code", "payment status 401 from accounting; der Status 500 auf der Rechnung"),
    ("error message", "erreur 809 sur le VPN depuis ce matin, merci"),
    ("error message", "Error 809 al conectar a la VPN de la oficina"),
    ("error message", "Error 809 on Windows, on all laptops"),
    ("error message", "Fehler 691 seit gestern auf allen Rechnern"),
    ("error message", "Fehlermeldung beim Jahresabschluss"),
    ("error message", "Erreur à l'import des relevés"),
    ("error message", "Error al generar el modelo 303"),
    ("error message", "Error in the gate app\nErrors when exporting to PDF"),
    (
        "error message",
        "Step 4 of the article says click \"Advanced\", and there is no such button. It doesn't say so: 'it' isn't 'there'.",
    ),
    ("version", "Zimmer 2.14, Raum 3.07, Room 3.12, Desk 4.17, Salle 2.05, Sala 1.10, in accordance with Clause 14.2"),
    ("device", "Dell called. HP 15 minutes ago. Brother and I, Canon, Sony 2026, sharp at 10"),
    ("error message", "Please call me back. I have a question about the message that you sent."),
    ("error message", "My boss says that you can help. It says on your site where to write. She said yes."),
    ("error message", 'I get "Weekly numbers" from you, but no message from Bea.'),
    ("error message", "Je ne reçois aucun message depuis lundi. No recibo ningún mensaje desde ayer."),
    ("error message", "I get no messages since Monday. No message was sent to Bea. The mail says I should ask you."),
    ("error message", "Le site dit que rien ne marche."),
    ("error message", "RetryInvocationHandler logs exceptions"),
    ("error message", "It says \N{LEFT DOUBLE QUOTATION MARK}off\N{RIGHT DOUBLE QUOTATION MARK}."),
    ("stack trace", "We look at (almost) everything at home (in Berlin)."),
    ("url", "http and https are protocols: //"),
    ("ip address", "version 3.7.7.2 of 300.1.2.3 at 22:38:13 in Vector::push_back, mac 00:1A:2B:3C:4D:5E"),
    ("host", "e.g. report.pdf, org.apache.hadoop.ipc.Client, i.e. nothing. me@acme.example, options.c"),
    ("path", "The folder in Google Drive B is empty since 01\\12\\2026."),
    ("since when", "We started with a new supplier, and began with two people."),
    ("error message", 'I got a message with the subject "Your account is closing".'),
    ("path", "I drive to work, a drive, ACME\\bea signs in, the USB drive"),
    ("path", "and/or 1/2, n/a, http://acme.example/a/b/c, 24/7"),
    ("address", "@home or user@ or a@b"),
    (
        "device",
        "I use my phone as hotspot, tethered to the phone. Or over my phone's hotspot, the hotspot on my iPhone.",
    ),
    ("device", "Call me on my mobile phone, or by smartphone; my phone number is on record, I am not on record."),
    ("device", "Mein Handy als Hotspot, der mobile Hotspot vom Handy. Per Telefon, am Telefon, ans Telefon."),
    ("device", "Avec mon téléphone comme point d'accès, le partage de connexion du téléphone, par téléphone."),
    ("device", "El móvil como punto de acceso; por teléfono, al teléfono, número de teléfono."),
    ("device", "the login screen is grey, she monitored everything, and her e-mail is dom@laptop.example"),
    ("operating system", "two windows are open, the cities of Paris"),
    ("application", "I excelled in my outlookless word, and teams are fine"),
    (
        "since when",
        "Since it is free, I bought it for you. Desde la oficina. She starts on Thursday. Seit wann? Depuis Paris. Since the manager is away, ask me. Since this is urgent, call me. Since I got no answer, I write again. Je travaille depuis la maison. Impossible depuis le portable. Entro desde el móvil, como siempre. For days off, please fix it today.",
    ),
    ("serial number", "a series of 3 assets"),
    ("customer number", "our client 24 hours ago, the account of 2024, contract 2026"),
    ("order number", "in order 3 to 5, order 2026, please order ten keyboards"),
    ("invoice number", "the invoice of 2024 and invoice 12 EUR"),
    ("amount", "500 users, 12.5 %, room 100"),
]


def values(kind: str, text: str) -> list[str]:
    return [place.value for place in KINDS[kind].find(Material(text=text))]


def attached(kind: str, **differences: object) -> bool:
    fields: dict[str, object] = {"name": "x", "media_type": "application/pdf", "size": 9_000, "digest": "0" * 64}
    part = Attachment(**{**fields, **differences})  # type: ignore[arg-type]
    return any(True for _ in KINDS[kind].find(Material(text="", attachments=(part,))))


@pytest.mark.parametrize(("kind", "text", "value"), CLAIMED)
def test_a_finder_claims_what_is_its_own(kind: str, text: str, value: str) -> None:
    text = take_material(a_mail(subject="", new_text=text)).text
    assert any(value in found for found in values(kind, text)), values(kind, text)


@pytest.mark.parametrize(("kind", "text"), NOT_CLAIMED)
def test_a_finder_leaves_alone_what_is_not(kind: str, text: str) -> None:
    assert values(kind, text) == []


def test_every_kind_has_something_that_it_claims_and_something_that_it_must_not() -> None:
    by_attachment = {"screenshot", "log"}
    assert {kind for kind, _, _ in CLAIMED} == set(KINDS) - by_attachment
    assert {kind for kind, _ in NOT_CLAIMED} == set(KINDS) - by_attachment


def test_what_a_place_says_stands_there() -> None:
    for kind, text, _ in CLAIMED:
        material = take_material(a_mail(subject="", new_text=text))
        for place in KINDS[kind].find(material):
            assert material.text[place.start : place.end] == place.value


@pytest.mark.parametrize(
    "part",
    [
        {"name": "Screenshot 2026-11-23.png", "media_type": "image/png"},
        {"name": "IMG_2041.jpg", "media_type": "image/jpeg"},
        {"name": "image002.png", "media_type": "image/png", "size": 90_000, "is_inline": True},
        {"name": "Bildschirmaufnahme.mp4", "media_type": "video/mp4"},
    ],
)
def test_pictures_and_films_are_screenshots(part: dict[str, object]) -> None:
    assert attached("screenshot", **part)
    assert not attached("log", **part)


@pytest.mark.parametrize(
    "part",
    [
        {"name": "image001.png", "media_type": "image/png", "size": 4_000, "is_inline": True},
        {"name": "acme-logo.png", "media_type": "image/png", "size": 90_000},
        {"name": "contract.pdf"},
    ],
)
def test_a_signatures_pictures_and_papers_are_no_screenshots(part: dict[str, object]) -> None:
    assert not attached("screenshot", **part)


@pytest.mark.parametrize(
    "name", ["server.log", "error_log.txt", "app.log.1.gz", "System.evtx", "crash.dmp", "shop.har"]
)
def test_logs_dumps_and_captures_are_logs(name: str) -> None:
    assert attached("log", name=name, media_type="application/octet-stream")


@pytest.mark.parametrize("name", ["catalogue.pdf", "login.docx", "blog.html", "dialog.txt"])
def test_a_name_with_log_inside_is_no_log(name: str) -> None:
    assert not attached("log", name=name)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        ".",
        ":",
        "1.",
        "a.",
        "A:",
        "/a",
        "a@",
        " ",
        "\n",
        '"',
        "at a.",
        "error ",
        "since ",
        "x: ",
        "1:1:",
        "(",
        "\\\\a",
        "0x",
    ],
)
def test_two_megabytes_of_nonsense_cost_little(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    started = time.process_time()
    material = take_material(a_mail(new_text=text, subject=text))
    for kind in KINDS.values():
        assert sum(1 for _ in kind.find(material)) <= LIMIT
    assert time.process_time() - started < 5
