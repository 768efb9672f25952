"""One-tap actions as links: `mailto:` with the action's token in the address, or in the subject (RFC 6068)."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from maild.process.desk import Desk
from maild.process.token import action_part, action_tag
from maild.replies.plain import one_line
from maild.replies.reply import Occasion, Offer
from maild.replies.typography import french
from maild.replies.voice import Voice

LIMIT = 500
"""Octets of a link: longer ones are cut by mail clients."""

OFFERED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "release": {
            "en": "It was me, send it",
            "de": "Das war ich, absenden",
            "fr": french("C'est bien moi, envoyer"),
            "es": "Fui yo, enviar",
        },
        "cc": {
            "en": "Put in copy:",
            "de": "Soll mitlesen:",
            "fr": french("Mettre en copie :"),
            "es": "Poner en copia:",
        },
        "relay": {
            "en": "Checked, send it as it is",
            "de": "Geprüft, so absenden",
            "fr": "Vérifié, envoyer tel quel",
            "es": "Revisado, enviar tal cual",
        },
        "category": {"en": "", "de": "", "fr": "", "es": ""},
        "about": {"en": "It is about:", "de": "Es geht um:", "fr": french("Il s'agit de :"), "es": "Se trata de:"},
        "technical": {
            "en": "Technical",
            "de": "Technisch",
            "fr": "Technique",
            "es": "Técnico",
        },
        "handoff": {"en": "Hand off to", "de": "Abgeben an", "fr": "Remettre à", "es": "Pasar a"},
        "spam": {"en": "Spam", "de": "Spam", "fr": "Spam", "es": "Spam"},
        "raise": {
            "en": "Raise the priority:",
            "de": "Priorität erhöhen:",
            "fr": french("Relever la priorité :"),
            "es": "Subir la prioridad:",
        },
        "back": {
            "en": "It is technical: back to the desk",
            "de": "Es ist technisch: zurück an den Support",
            "fr": french("C'est technique : retour au support"),
            "es": "Es técnico: devolver a soporte",
        },
        "waiting": {
            "en": "Ask the client",
            "de": "Rückfrage an den Kunden",
            "fr": "Poser une question au client",
            "es": "Preguntar al cliente",
        },
        "resolve": {
            "en": "Tell them it is solved",
            "de": "Als gelöst melden",
            "fr": french("Dire que c'est résolu"),
            "es": "Decir que está resuelto",
        },
        "escalate": {
            "en": "Consult engineering",
            "de": "Entwicklung hinzuziehen",
            "fr": french("Consulter l'ingénierie"),
            "es": "Consultar a ingeniería",
        },
        "works": {"en": "It works", "de": "Es funktioniert", "fr": "Cela fonctionne", "es": "Funciona"},
        "fails": {
            "en": "It does not work yet",
            "de": "Es funktioniert noch nicht",
            "fr": "Cela ne fonctionne pas encore",
            "es": "Todavía no funciona",
        },
        "solved": {
            "en": "It works: close the ticket",
            "de": "Funktioniert: Ticket schließen",
            "fr": french("Résolu : clore le ticket"),
            "es": "Resuelto: cerrar el ticket",
        },
        "unsolved": {
            "en": "Not solved: keep working",
            "de": "Nicht gelöst: weiterarbeiten",
            "fr": french("Pas résolu : continuer"),
            "es": "Sin resolver: continuar",
        },
        "other": {
            "en": "Something else: make it a separate ticket",
            "de": "Etwas anderes: eigenes Ticket daraus machen",
            "fr": french("Autre chose : en faire un ticket à part"),
            "es": "Otro asunto: abrir un ticket aparte",
        },
        "claim": {"en": "We take it", "de": "Wir übernehmen", "fr": "Nous le prenons", "es": "Nos encargamos"},
        "declare": {
            "en": "Yes, it is one incident",
            "de": "Ja, eine gemeinsame Störung",
            "fr": french("Oui, c'est un seul incident"),
            "es": "Sí, es una sola incidencia",
        },
        "dismiss": {
            "en": "No, they have nothing in common",
            "de": "Nein, sie haben nichts gemeinsam",
            "fr": french("Non, ils n'ont rien en commun"),
            "es": "No, no tienen nada en común",
        },
        "take_out": {
            "en": "Take it out of the incident",
            "de": "Aus der Störung herausnehmen",
            "fr": french("Le retirer de l'incident"),
            "es": "Sacarlo de la incidencia",
        },
        "same": {"en": "Same as", "de": "Dasselbe wie", "fr": "Le même que", "es": "Lo mismo que"},
        "related": {"en": "Link with", "de": "Verweisen auf", "fr": "Renvoyer à", "es": "Remitir a"},
        "merge": {
            "en": "Merge into",
            "de": "Zusammenführen mit",
            "fr": "Fusionner avec",
            "es": "Unir a",
        },
        "nothing": {
            "en": "Nothing to learn",
            "de": "Nichts zu lernen",
            "fr": "Rien à apprendre",
            "es": "Nada que aprender",
        },
        "return": {"en": "Not for us", "de": "Nicht für uns", "fr": "Pas pour nous", "es": "No es para nosotros"},
    }
)
"""Word of an offer to language to what the link says; the word itself stands in the mail that the tap opens."""

_OF_CATEGORY = frozenset({"category", "about"})
"""Words whose detail is the name of a category, to be shown by its title."""


def offer_lines(occasion: Occasion, voice: Voice, language: str) -> list[str]:
    """Each offer as a line of a template's block of offers: what it does, its link, and the reply that does the same."""
    return [" = ".join(filter(None, _parts(offer, occasion, voice, language))) for offer in occasion.offers]


def _parts(offer: Offer, occasion: Occasion, voice: Voice, language: str) -> tuple[str, str, str]:
    names = OFFERED[offer.word]
    category = voice.categories.get(offer.detail) if offer.word in _OF_CATEGORY else None
    detail = category.title or offer.detail if category else offer.detail
    label = f"{names.get(language, names['en'])} {one_line(detail, 60)}".strip()
    return _one_part(label), _link(offer, occasion, voice), _one_part(one_line(offer.answer, 80))


def _one_part(words: str) -> str:
    return words.replace(" = ", " - ")


def _link(offer: Offer, occasion: Occasion, voice: Voice) -> str:
    return action_link(voice.desk, occasion.ticket.number, offer)


def action_link(desk: Desk, number: int, offer: Offer) -> str:
    """The `mailto:` of a tap; `number` 0 where it is about no ticket."""
    words = f"{offer.word} {offer.detail}".strip().encode("ascii", "ignore").decode()
    local, _, domain = desk.address.rpartition("@")
    if desk.subaddress:
        address = f"{local}{desk.subaddress}{action_part(number, offer.token)}@{domain}"
        subject = f"{desk.show(number)} {words}" if number else words
    else:
        address, subject = desk.address, f"{action_tag(desk.prefix, number, offer.token)} {words}"
    return f"mailto:{quote(address, safe='@+.-_')}?subject={quote(subject, safe='')}"[:LIMIT]
