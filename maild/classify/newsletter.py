"""Is it a newsletter whose header fields do not say so? What such mails carry at their ends, in four languages."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from maild.classify.verdict import Verdict
from maild.mail.marks import is_forwarded
from maild.mail.message import Mail

_LEAST_SIGNS = 2
"""One stands in many an honest mail: "how do I unsubscribe from the alerts?"."""

_LIMIT = 30_000
"""Characters that are searched, half of them at each end of the mail."""

_SIGNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "how to leave": re.compile(
            r"\bunsubscribe\b|\bopt[- ]out of (?:these|future)|\bno longer (?:wish|want) to receive (?:these|our|this|further)"
            r"|\bremove(?:d)? (?:yourself |your address )?from (?:our|this|the) (?:mailing )?list"
            r"|\b(?:newsletter|verteiler|abo)\w* (?:abmelden|abbestellen|austragen)|\bhier abmelden\b|\babmeldelink\b"
            r"|\bse désabonner|\bdésabonnez-vous|\bdésinscri\w+|\bne plus recevoir (?:nos|ces|cette)"
            r"|\bdarse de baja|\bdarte de baja|\bcancelar (?:la|su|tu) suscripción|\bdesuscri\w+|\bno desea recibir más"
        ),
        "the way to a web page": re.compile(
            r"\bview (?:it |this |the )?(?:e-?mail |message |newsletter )?(?:online|in (?:your|a|the) (?:web )?browser)"
            r"|\b(?:trouble|problems|difficulty) (?:viewing|reading|seeing) this (?:e-?mail|message|newsletter)"
            r"|\bread (?:this|it) online\b|\bweb version\b"
            r"|\bim browser (?:ansehen|anzeigen|öffnen|betrachten)|\bonline[- ](?:version|ansicht)\b|\bwird nicht richtig (?:dar|an)ge"
            r"|\bversion en ligne\b|\b(?:afficher|voir|consulter|lire) (?:cet e-?mail |ce message |la newsletter )?(?:en ligne|dans (?:votre|le) navigateur)"
            r"|\bver (?:este |el )?(?:correo |mensaje |e-?mail )?(?:en línea|en (?:su|tu|el) navegador|online)\b|\bversión (?:web|en línea|online)\b"
        ),
        "why it comes": re.compile(
            r"\byou(?: are|'re) receiving this (?:e-?mail|message|newsletter) because|\byou(?:'ve| have)? received this (?:e-?mail|message|newsletter) because"
            r"|\bthis (?:e-?mail|message|newsletter) was sent to .{3,80}? because|\byou (?:signed up|subscribed|opted in) (?:for|to|at|on)\b"
            r"|\bsie (?:erhalten|bekommen) (?:diese[nrs]?|unseren) (?:e-?mail|newsletter|nachricht)[^.]{0,60}\b(?:weil|da|als)\b|\bsie haben sich .{0,60} angemeldet\b"
            r"|\bvous (?:recevez|avez reçu) (?:cet e-?mail|ce message|ce mail|cette newsletter|ce courriel) (?:car|parce)"
            r"|\b(?:ha recibido|recibe|recibes|has recibido) este (?:correo|mensaje|e-?mail|boletín) porque"
        ),
        "what one wants to get": re.compile(
            r"\b(?:update|manage|change|edit) (?:your |my )?(?:e-?mail |subscription |newsletter |communication )?(?:preferences|subscriptions?)\b|\bprivacy policy\b.{0,200}\bunsubscribe"
            r"|\b(?:e-?mail|newsletter)-?einstellungen (?:ändern|anpassen|verwalten)|\bprofil (?:ändern|aktualisieren)\b"
            r"|\b(?:gérer|modifier|mettre à jour) (?:vos|mes) préférences\b"
            r"|\b(?:actualizar|gestionar|modificar|cambiar) (?:sus|tus|mis) preferencias\b"
        ),
        "for friends": re.compile(
            r"\bforward (?:this )?(?:e-?mail )?to a friend\b|\badd .{3,60} to your address book\b|\ban einen freund weiterleiten\b"
            r"|\b(?:transférer|faire suivre) à un ami\b|\b(?:reenviar|enviar) a un amigo\b"
        ),
    }
)

_HINTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "how to leave": (
            *("unsubscribe", "opt out", "opt-out", "no longer", "remove", "abmeld", "abbestell", "austragen"),
            *(
                "désabonn",
                "désinscri",
                "ne plus recevoir",
                "darse de baja",
                "darte de baja",
                "cancelar",
                "desuscri",
                "no desea",
            ),
        ),
        "the way to a web page": (
            *("online", "browser", "viewing", "reading", "seeing", "web version", "wird nicht richtig"),
            *("en ligne", "navigateur", "en línea", "navegador", "versión"),
        ),
        "why it comes": (
            *(
                "receiving",
                "received",
                "was sent to",
                "signed up",
                "subscribed",
                "opted in",
                "sie erhalten",
                "sie bekommen",
            ),
            *(
                "sie haben sich",
                "vous recevez",
                "vous avez reçu",
                "este correo",
                "este mensaje",
                "este e",
                "este boletín",
            ),
        ),
        "what one wants to get": (
            "preferences",
            "subscription",
            "privacy policy",
            "einstellungen",
            "profil ",
            "préférences",
            "preferencias",
        ),
        "for friends": ("a friend", "address book", "einen freund", "un ami", "un amigo"),
    }
)
"""Words of which each sign has at least one: to find that none is there takes a tenth of the time of the expressions."""


def newsletter(mail: Mail) -> Verdict | None:
    """Recognise what was sent to many by what stands around its text. No accuracy is claimed for any language."""
    if is_forwarded(mail.subject):
        return None  # whoever forwards a newsletter asks about it
    text = mail.text if len(mail.text) <= _LIMIT else f"{mail.text[: _LIMIT // 2]} {mail.text[-_LIMIT // 2 :]}"
    plain = " ".join(text.split()).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    hinted = (name for name, words in _HINTS.items() if any(word in plain for word in words))
    found = {name: match.group() for name in hinted if (match := _SIGNS[name].search(plain))}
    if len(found) < _LEAST_SIGNS:
        return None
    named = ", ".join(f"{name}: “{words[:60]}”" for name, words in found.items())
    return Verdict(question="kind", label="bulk", confidence=None, because=f"reads like a newsletter: {named}")
