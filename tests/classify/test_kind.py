"""Who or what wrote a mail: each rule has a mail that it claims and one that it must not."""

from dataclasses import replace
from typing import Any

import pytest

from maild.classify.automatic import automatic
from maild.classify.bounce import bounce
from maild.classify.bulk import bulk
from maild.classify.kind import KINDS, kind
from maild.classify.spam import spam
from maild.mail.message import Address, BounceReport, Facts, Mail


def a_mail(**difference: Any) -> Mail:
    mail = Mail(
        digest="0" * 64, fingerprint="1" * 64, message_id="<a@b.example>", in_reply_to=(), references=(),
        author=Address(address="ana@client.example", name="Ana"), reply_to=(), to=(), cc=(), delivered_to=(),
        subject="VPN", written_at=None, new_text="It does not connect.", text="It does not connect.",
        attachments=(), language="en", facts=Facts(), bounce=None, authentication=(), headers=(), defects=(),
    )  # fmt: skip
    return replace(mail, **difference)


def with_facts(**facts: Any) -> Mail:
    return a_mail(facts=Facts(**facts))


def test_a_mail_without_any_sign_is_a_persons() -> None:
    assert kind(a_mail(), ()).label == "person"


def test_auto_submitted_no_is_a_person() -> None:
    assert kind(with_facts(auto_submitted="no"), ()).label == "person"


@pytest.mark.parametrize("keyword", ["auto-replied", "auto-generated", "auto-notified", "something-new"])
def test_any_other_auto_submitted_is_automatic(keyword: str) -> None:
    verdict = kind(with_facts(auto_submitted=keyword), ())
    assert verdict.label == "automatic"
    assert keyword in verdict.because


@pytest.mark.parametrize("suppress", [("all",), ("dr", "oof", "autoreply")])
def test_asking_for_no_automatic_answer_does_not_make_a_mail_automatic(suppress: tuple[str, ...]) -> None:
    assert automatic(with_facts(suppress=suppress), ()) is None


def test_a_null_return_path_is_automatic_and_not_a_bounce() -> None:
    mail = with_facts(return_path="")
    assert bounce(mail) is None
    assert kind(mail, ()).label == "automatic"


def test_a_missing_return_path_says_nothing() -> None:
    assert automatic(with_facts(return_path=None), ()) is None


def test_a_delivery_report_is_a_bounce_though_it_is_automatic_too() -> None:
    facts = {"report_type": "delivery-status", "auto_submitted": "auto-replied", "return_path": ""}
    assert kind(with_facts(**facts), ()).label == "bounce"


def test_a_bounce_of_an_older_form_is_a_bounce() -> None:
    report = BounceReport(
        is_final=True, recipients=("x@y.example",), status="5.1.1", diagnostic="no such user", original_message_id=None
    )
    verdict = kind(a_mail(bounce=report), ())
    assert verdict.label == "bounce"
    assert "no such user" in verdict.because


def test_a_read_receipt_is_automatic_and_not_a_bounce() -> None:
    assert kind(with_facts(report_type="disposition-notification"), ()).label == "automatic"


RECEIPTS = (
    "Your message\n\n   To: Desk\n   Subject: Re: VPN\n   Sent: Monday, March 2, 2026 9:00 AM\n\nwas read on Monday, March 2, 2026 9:05 AM.\n",
    "Your message\n\n   To: Desk\n   Subject: Re: VPN\n   Sent: 3/2/2026\n\nwas deleted without being read on 3/2/2026 9:05 AM.",
    "Ihre Nachricht\n\n   An: Desk\n   Betreff: AW: VPN\n   Gesendet: 02.03.2026 09:00\n\nwurde am 02.03.2026 09:05 gelesen.",
    "Votre message\n\n   À : Desk\n   Objet : VPN\n   Envoyé : 02/03/2026\n\na été lu le lundi 2 mars 2026 09:05.",
    "Su mensaje\n\n   Para: Desk\n   Asunto: VPN\n   Enviado: 02/03/2026\n\nse leyó el lunes 2 de marzo de 2026 9:05.",
)


@pytest.mark.parametrize("text", RECEIPTS)
def test_a_receipt_of_which_a_server_has_made_plain_text_is_automatic(text: str) -> None:
    assert kind(a_mail(text=text, new_text=text), ()).label == "automatic"
    assert kind(a_mail(text=f"Why do I get this?\n\n{text}", new_text=text), ()).label == "person"
    assert kind(a_mail(text=f"{text}\nAnd it still fails.", new_text=text), ()).label == "person"


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: [T-17] VPN",
        "Out of Office: back on Monday",
        "Abwesenheitsnotiz: Ihr Ticket",
        "Automatische Antwort: VPN",
        "Réponse automatique : VPN",
        "Respuesta automática: VPN",
        "Risposta automatica: VPN",
        "Resposta automática: VPN",
        "Automatisch antwoord: VPN",
        "Autosvar: VPN",
        "Odpowiedź automatyczna: VPN",
        "Automatická odpověď: VPN",
        "Automatikus válasz: VPN",
        "Otomatik yan\u0131t: VPN",
        "自動返信: VPN",
        "自动答复: VPN",
        "자동 회신: VPN",
        "Out of Office AutoReply: VPN",
        "Automated Response: Re: VPN",
        "Automatische Antwort auf Ihre Anfrage",
        "Abwesend bis 9. März",
        "Abwesenheitsassistent: VPN",
        "Abwesend vom 12.12. bis 3.1.",
        "Abwesenheitsnotiz ab 12.3.",
        "Abwesend am Montag",
        "Out of Office 24.12. - 2.1.",
        "Out of office today",
        "Out of the office this week",
        "Out of office on Friday",
        "Fuera de la oficina del 3 al 5",
        "Out of office until further notice",
        "Abwesend vom 3. bis einschließlich 5. März: Ihr Ticket",
        "Out of Office 3rd - 5th of May (was: VPN)",
        "Réponse automatique de Zoé Martin",
        "Absence du bureau du 3 au 5 août",
    ],
)
def test_out_of_office_notes_are_automatic_in_many_languages(subject: str) -> None:
    assert kind(a_mail(subject=subject), ()).label == "automatic"


@pytest.mark.parametrize(
    "subject",
    [
        "Please set up an automatic reply for my mailbox",
        "Re: Out of Office does not work",
        "Abwesenheit eintragen: wie?",
        "Automatic reply does not work",
        "Out of office message cannot be changed",
        "Abwesenheitsnotiz lässt sich nicht einrichten",
        "Automatic reply 2.0 does not work",
        "Out of office on my phone is wrong",
        "Out of office today, and the VPN is down",
        "Out of office 3 users cannot set it up",
        "Automatic reply on Monday was not sent",
        "Automatic reply from our shop never arrives",
        "Out of office until Friday is ignored by Teams",
        "Abwesend von Montag an wird nicht angezeigt",
        "Réponse automatique du serveur en panne",
        "Out of office: does not work",
        "Out of office: doesn\u2019t work",
        "Automatic reply - does not work",
        "Automatic reply: cannot be turned off",
        "Out of Office - I can't switch it off",
        "Abwesenheitsnotiz: geht nicht",
        "Abwesenheitsnotiz: lässt sich nicht ausschalten",
        "Automatische Antwort - kann ich nicht ausschalten",
        "Réponse automatique : ne fonctionne plus",
        "Réponse automatique - impossible de la désactiver",
        "Respuesta automática: no funciona",
        "Fuera de la oficina - no se puede desactivar",
        "Out of office: not working",
        "Out of Office - unable to turn off",
        "Automatic reply: how do I switch it off?",
        "Out of office: keeps replying",
        "Automatic reply: error",
        "Abwesenheitsnotiz: Fehler",
        "Abwesenheitsnotiz: wird nicht gesendet",
        "Abwesenheitsnotiz - wie kann ich sie ausschalten?",
        "Abwesenheitsassistent: läßt sich nicht abschalten",
        "Réponse automatique : erreur",
        "Message d'absence : n'est pas envoyé",
        "Réponse automatique - je n\u2019arrive pas à la désactiver",
        "Respuesta automática: no se envía",
        "Respuesta automática: problema",
        "Fuera de la oficina: no puedo desactivarlo",
    ],
)
def test_a_question_about_automatic_replies_is_a_persons(subject: str) -> None:
    assert kind(a_mail(subject=subject), ()).label == "person"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Out of office", "Hello,\nmy out of office reply is not being sent to anybody outside."),
        ("Out of Office: not working", "I am out of office from Monday on and my automatic reply does not work."),
        ("Abwesenheitsnotiz", "Guten Tag, meine Abwesenheitsnotiz lässt sich nicht mehr ausschalten."),
        ("Réponse automatique", "Bonjour, ma réponse automatique n'est plus envoyée."),
        ("Respuesta automática", "Hola, no puedo desactivar mi respuesta automática."),
        ("out of office", "I am ill and forgot it. Could you please switch it on for me?"),
        ("Out of office", "Could you turn on my out of office from home?"),
        ("Out of office", "I am ill and forgot it. Would you please switch it on?"),
        ("Absence du bureau", "Merci de désactiver mon message d'absence."),
        ("Message d'absence", "Je suis rentrée. Merci de l'arrêter."),
        ("Fuera de la oficina", "Por favor, desactiven mi respuesta automática."),
        ("Fuera de la oficina", "Estoy enferma. ¿Puede activar mi respuesta automática?"),
        ("Abwesenheitsnotiz", "Ich bin krank. Könnten Sie sie bitte für mich einschalten?"),
        ("Message d'absence", "Je suis malade. Pourriez-vous l'activer pour moi ?"),
        ("Fuera de la oficina", "Estoy enferma. ¿Podrían activarla por mí?"),
    ],
)
def test_a_text_that_complains_about_such_a_note_is_a_persons(subject: str, text: str) -> None:
    assert kind(a_mail(subject=subject, text=text, new_text=text), ()).label == "person"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatic reply: does not work", "Hello,\nI am currently out of the\noffice until Monday."),
        ("Out of office: cannot reply until Monday", "Back on Monday."),
        ("Automatic reply: Printer does not work", "Back on Monday."),
        ("Automatic reply: Does not work", "I\u2019m out until Monday."),
        ("Automatische Antwort: Funktioniert nicht", "Ich befinde mich bis Freitag im Urlaub."),
        ("Automatic reply: Impossible de se connecter", "Au bureau lundi."),
        ("Automatic reply: Error", "I will be back on Monday."),
        ("Automatic reply: Error 404 in the shop", "Monday."),
        ("Automatic reply", "This is an automatic reply. I am not working on Fridays. Please do not reply."),
        ("Out of office", "I am out of office and cannot be reached. My phone does not work here."),
        ("Abwesenheitsnotiz: Fehler beim Drucken", "Ich bin bis Montag nicht da."),
        ("Abwesenheitsnotiz: Fehler", "Ich bin bis Montag nicht da."),
        ("Abwesenheitsnotiz: Störung", "Wir sind am 24.12. nicht erreichbar. Ihre Mail wird nicht weitergeleitet."),
        ("Réponse automatique : erreur", "Je serai de retour le 5. Votre message n'est pas transféré."),
        ("Respuesta automática: error", "Estoy de vacaciones. Este correo no se reenvía."),
        ("Automatische Antwort: geht nicht", "Vielen Dank für Ihre Nachricht. Ich melde mich."),
        ("Réponse automatique : ne fonctionne pas", "Je suis absente jusqu'au 5."),
        ("Out of office", "I am away. Could you turn to Bea Kunde? You can also call. Mails are switched to her."),
        ("Respuesta automática: no funciona", "Estaré fuera de la oficina hasta el lunes."),
        ("Out of office", "I am away until Monday. Can you please turn on read receipts?"),
        ("Out of office", "I am away until Monday. Would you change the date of our call, please?"),
        ("Message d'absence", "Je suis absente. Merci de modifier votre rendez-vous avec Bea Kunde."),
        ("Abwesenheitsnotiz", "Ich bin im Urlaub. Können Sie den Termin bitte einstellen?"),
        ("Message d'absence", "Je suis absente. Pouvez-vous activer votre compte avec Bea Kunde ?"),
        ("Fuera de la oficina", "Vuelvo el lunes. Puede cambiar su contraseña en el portal."),
    ],
)
def test_a_note_that_quotes_what_fails_is_automatic(subject: str, text: str) -> None:
    assert kind(a_mail(subject=subject, text=text, new_text=text), ()).label == "automatic"


@pytest.mark.parametrize(
    "local_part",
    [
        "noreply",
        "no-reply",
        "do_not_reply",
        "donotreply",
        "MAILER-DAEMON",
        "postmaster",
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e",
        "noreply+tag",
        "LISTSERV",
        "majordomo",
        "owner-news",
        "news-bounces",
        "news-bounces+ana=client.example",
    ],
)
def test_addresses_that_nobody_reads_write_automatic_mail(local_part: str) -> None:
    assert kind(a_mail(author=Address(address=f"{local_part}@a.example")), ()).label == "automatic"


BEA, OFFICE = Address(address="bea@client.example"), Address(address="support@acme.example")


@pytest.mark.parametrize(
    ("writes", "difference"),
    [
        ("noreply@acme.example", {}),
        ("no-reply@www.acme.example", {}),
        ("noreply@acme.example", {"to": ()}),
        ("noreply@forms.example", {"own": ("NoReply@forms.example",)}),
    ],
)
def test_who_writes_into_a_form_of_the_house_is_a_person(writes: str, difference: dict[str, Any]) -> None:
    own = difference.pop("own", ())
    mail = a_mail(**{"author": Address(address=writes), "reply_to": (BEA,), "to": (OFFICE,), **difference})
    assert kind(mail, own, ("acme.example",)).label == "person"


@pytest.mark.parametrize(
    ("writes", "answered"),
    [
        ("noreply@shop.example", (BEA,)),
        ("noreply@acme.example", ()),
        ("noreply@acme.example", (Address(address="office@acme.example"),)),
        ("noreply@acme.example", (Address(address="no-reply@shop.example"),)),
        ("noreply@acme.example", (BEA, Address(address="carl@client.example"))),
        ("mailer-daemon@acme.example", (BEA,)),
    ],
)
def test_other_mail_of_machines_stays_a_machines(writes: str, answered: tuple[Address, ...]) -> None:
    mail = a_mail(author=Address(address=writes), reply_to=answered, to=(OFFICE,))
    assert kind(mail, (), ("acme.example",)).label == "automatic"


@pytest.mark.parametrize("domains", [("acme.example",), ()])
def test_a_stranger_does_not_make_their_own_domain_the_houses_by_writing_to_it(domains: tuple[str, ...]) -> None:
    to = (OFFICE, Address(address="anybody@shop.example"))
    mail = a_mail(
        author=Address(address="no-reply@shop.example"),
        reply_to=(BEA,),
        to=to,
        cc=to,
        delivered_to=("x@shop.example", "x@www.no-reply.shop.example"),
    )
    assert kind(mail, (), domains).label == "automatic"


@pytest.mark.parametrize(
    "local_part", ["norbert", "post", "replyson", "noreplyman", "ana.noreply", "owner", "listserver"]
)
def test_people_with_similar_addresses_are_people(local_part: str) -> None:
    assert kind(a_mail(author=Address(address=f"{local_part}@a.example")), ()).label == "person"


def test_a_list_is_bulk() -> None:
    assert kind(with_facts(list_id="news.shop.example"), ()).label == "bulk"
    assert kind(with_facts(list_fields=("list-unsubscribe",)), ()).label == "bulk"


@pytest.mark.parametrize("precedence", ["bulk", "junk", "list"])
def test_precedence_of_many_is_bulk(precedence: str) -> None:
    assert kind(with_facts(precedence=precedence), ()).label == "bulk"


@pytest.mark.parametrize("precedence", ["normal", "first-class", "special-delivery", "urgent"])
def test_any_other_precedence_says_nothing(precedence: str) -> None:
    assert kind(with_facts(precedence=precedence), ()).label == "person"


def test_precedence_auto_reply_is_automatic() -> None:
    assert kind(with_facts(precedence="auto_reply"), ()).label == "automatic"


def test_feedback_id_alone_is_not_bulk_because_one_mail_service_puts_it_on_everything() -> None:
    assert bulk(with_facts(list_fields=("feedback-id",)), ()) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"list_id": "support.acme.example", "list_fields": ("list-unsubscribe",), "precedence": "list"},
        {"list_post": "support@acme.example", "list_id": "x.acme.example"},
    ],
)
def test_our_own_group_is_not_bulk(facts: dict[str, Any]) -> None:
    assert kind(with_facts(**facts), ("Support@acme.example",)).label == "person"
    assert kind(with_facts(**facts), ()).label == "bulk"


def test_an_out_of_office_note_through_our_own_group_is_automatic_all_the_same() -> None:
    facts = {"list_id": "support.acme.example", "auto_submitted": "auto-replied"}
    assert kind(with_facts(**facts), ("support@acme.example",)).label == "automatic"


def test_spam_is_what_our_own_server_calls_spam() -> None:
    assert spam(a_mail(subject="You have won")) is None
    verdict = kind(with_facts(spam_flag="X-Spam-Flag: YES"), ())
    assert verdict.label == "spam"
    assert "X-Spam-Flag: YES" in verdict.because


def test_a_mail_without_an_author_has_a_kind() -> None:
    assert kind(a_mail(author=None), ()).label in KINDS
