"""One-tap actions as links: `mailto:` with the action's token in the address, or in the subject (RFC 6068)."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from maild.process.token import action_part, action_tag
from maild.replies.plain import one_line
from maild.replies.reply import Occasion, Offer
from maild.replies.voice import Voice

LIMIT = 500
"""Octets of a link: longer ones are cut by mail clients."""

OFFERED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "release": {
            "en": "It was me: send it",
            "de": "Das war ich: absenden",
            "fr": "C\N{RIGHT SINGLE QUOTATION MARK}est bien moi : envoyer",
            "es": "Fui yo: enviar",
        },
    }
)
"""Word of an offer to language to what the link says; the word itself stands in the mail that the tap opens."""


def offer_lines(occasion: Occasion, voice: Voice, language: str) -> list[str]:
    """Each offer as a line of a template's block of offers: what it does, and its link."""
    return [f"{_label(offer, language)} = {_link(offer, occasion, voice)}" for offer in occasion.offers]


def _label(offer: Offer, language: str) -> str:
    names = OFFERED[offer.word]
    return f"{names.get(language, names['en'])} {one_line(offer.detail, 60)}".rstrip()


def _link(offer: Offer, occasion: Occasion, voice: Voice) -> str:
    desk, number = voice.desk, occasion.ticket.number
    words = f"{offer.word} {offer.detail}".strip().encode("ascii", "ignore").decode()
    local, _, domain = desk.address.rpartition("@")
    if desk.subaddress:
        address, subject = (
            f"{local}{desk.subaddress}{action_part(number, offer.token)}@{domain}",
            f"{desk.show(number)} {words}",
        )
    else:
        address, subject = desk.address, f"{action_tag(desk.prefix, number, offer.token)} {words}"
    return f"mailto:{quote(address, safe='@+.-_')}?subject={quote(subject, safe='')}"[:LIMIT]
