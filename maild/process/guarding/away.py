"""Away: what a mail server writes in the name of somebody who is not there, without a mark that it does. Pure."""

import re

_MOST_WORDS = 200
"""Of such a note; whoever tells more has written it for the reader."""

_SOON = r"(?:[^.!?]|(?<=\d)\.){0,60}?"
_AWAY = re.compile(
    # English
    rf"\bi(?: am|'m|'ll be| will be)\b{_SOON}\b(?:out of (?:the )?office|away from (?:the office|my desk)|not in the office|on (?:\w+ )?(?:leave|vacation|holidays?)"
    r"|away (?:until|till|from|on)\b|out until\b)"
    r"|\b(?:i have|with) (?:limited|no) access to (?:my )?e-?mails?\b"
    # German
    rf"|\bich (?:bin|befinde mich)\b{_SOON}\b(?:nicht im (?:büro|haus|hause)|außer haus|abwesend|im urlaub|in elternzeit|nicht (?:erreichbar|am platz))\b"
    rf"|\b(?:bin|befinde) ich\b{_SOON}\b(?:nicht im (?:büro|haus|hause)|außer haus|abwesend|im urlaub|in elternzeit|nicht erreichbar)\b"
    r"|\b(?:meine|ihre) (?:e-?)?mails? (?:wird|werden) nicht (?:automatisch )?(?:weitergeleitet|gelesen)\b"
    # French
    rf"|\bje (?:suis|serai)\b{_SOON}\b(?:absente?|en congés?|en vacances|en déplacement|hors du bureau)\b"
    # Spanish
    rf"|\b(?:estoy|estaré|me encuentro)\b{_SOON}\b(?:fuera de la oficina|de vacaciones|ausente|de baja|de permiso)\b"
    # Italian, Portuguese, Dutch, Polish
    rf"|\b(?:sono|sarò)\b{_SOON}\b(?:fuori (?:ufficio|sede)|in ferie|assente)\b"
    rf"|\b(?:estou|estarei)\b{_SOON}\b(?:ausente|de férias|fora do escritório)\b"
    rf"|\bik ben\b{_SOON}\b(?:afwezig|niet (?:aanwezig|op kantoor)|op vakantie|met verlof)\b"
    r"|\b(?:przebywam na urlopie|jestem (?:nieobecn[ya]|na urlopie))\b"
)
_BESIDE = re.compile(
    r"\b(?:until|till|through|return(?:ing)?|back (?:on|in)|upon my return|bis|zurück|wieder (?:da|im|erreichbar)|retour|jusqu|hasta|vuelvo|regreso|"
    r"fino al|torno|rientro|até|tot|terug|do dnia|wracam)\b"
    r"|\b(?:urgent|emergency|dringend\w*|notfall|urgence|urgentes?|urgencia|urgenza|urgenti|pilne|spoedeisend)\b"
    r"|\bthank(?:s| you) for your (?:e-?mail|message|mail)\b|\bvielen dank für ihre (?:nachricht|e-?mail|mail)\b"
    r"|\bmerci (?:de|pour) votre (?:message|mail|e-mail|courriel)\b|\bgracias por su (?:mensaje|correo)\b"
)


def reads_like_absence(words: str) -> str | None:
    """Why the words, below which nothing is quoted, may be an out-of-office note; None: they are none.

    It takes that somebody says that they are away, and what such notes say beside it. No accuracy is claimed.
    """
    said = " ".join(words.casefold().replace("\u2019", "'").split())
    if len(said.split()) > _MOST_WORDS or not (_AWAY.search(said) and _BESIDE.search(said)):
        return None
    return "it reads like an out-of-office note, which a mail server may have written by itself"
