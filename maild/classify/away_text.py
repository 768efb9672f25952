"""The text of out-of-office notes, by what nearly all of them say."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Of one language: the alternatives of patterns."""

    who: str
    where: str
    """Behind that, within one sentence or two."""

    courtesies: str
    """For the mail that is answered."""


_WORDS = {
    "english": _Words(
        who="i am|i'm|i will be|we are|we will be",
        where=r"out of (?:the )?office|away|on (?:\w+ )?(?:leave|vacation|holiday)|out until|back (?:on|in the office)",
        courtesies=r"thank(?:s| you) for (?:your (?:e-?mail|mail|message)|contacting)",
    ),
    "german": _Words(
        who="ich bin|wir sind|bin ich|ich befinde mich",
        where="abwesend|nicht erreichbar|nicht da|im urlaub|nicht im (?:b[üu]ro|haus)",
        courtesies="danke? f[üu]r (?:ihre|deine|die) (?:e-?mail|mail|nachricht)",
    ),
    "french": _Words(
        who="je suis|je serai|nous sommes",
        where="absente?|en (?:cong[ée]s?|vacances)|de retour le",
        courtesies="merci (?:pour|de) votre (?:e-?mail|mail|message|courriel)",
    ),
    "spanish": _Words(
        who="me encuentro|estoy|estar[ée]|estamos",
        where="de vacaciones|en vacaciones|fuera de|ausente",
        courtesies="gracias por (?:su|tu) (?:correo|mensaje|e-?mail)",
    ),
}

_SAYS_AWAY = re.compile(
    "|".join(rf"\b(?:{of.who})\b.{{0,60}}?\b(?:{of.where})\b|\b{of.courtesies}" for of in _WORDS.values()),
    re.IGNORECASE,
)


def says_away(text: str) -> bool:
    """Whether its author says that they are away, or thanks for a mail as notes do."""
    return _SAYS_AWAY.search(" ".join(text.split()).replace("\u2019", "'")) is not None
