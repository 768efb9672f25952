"""The words of an absence note around a day: do they say that somebody is away, there, or back? Folded, four languages."""

import re
from collections.abc import Iterator

from maild.process.people.note_days import MONTH, START, WEEKDAY

_MONTHS = r"Jan|Feb|M[aä]r|Apr|Mai|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz]"
_NO_LABEL = rf"(?!\s*(?i:{START}))"
"""What has a label belongs to what stands above it."""

_SENTENCE = re.compile(rf"[!?;]|\.{_NO_LABEL}(?=\s+(?!{_MONTHS})[A-ZÀ-Þ])|\n\s{{0,40}}?\n(?!\s{{0,40}}(?i:{START}))")
_PART = re.compile(
    r"[()]|(?:,\s|\s[-\u2013\u2014]\s|\s(?:and|but|und|aber|sondern|et|mais|y|pero)\s)"
    rf"(?!\s*(?:\d|(?:the|den|dem|le|el|al|au|{WEEKDAY})\b|{MONTH}\.?\s+\d))"
)
_NOT = re.compile(
    r"\b(?:not|no|cannot|can't|won't|isn't|aren't|without|nicht|kein\w*|pas|sans|sin|ni|limited|eingeschrankt\w*|limitad\w+|limitee?)\b"
)
_NOT_ENGLISH = re.compile(r"\b(?:not|cannot|can't|won't|isn't|aren't|unavailable|unreachable)\b")
_THERE = re.compile(
    r"\b(?:(?:i|we) work|open|reachable|reach(?:ed)?|available|contact(?:ed)?|valid|offers?|orders?|answer(?:ed)?|respond|reply|in the office|here|"
    r"(?:ich|wir) arbeiten?|erreichbar\w*|erreichen|geoffnet\w*|offen|verfugbar\w*|gultig|besetzt|im buro|f(?:u|ue)r (?:sie|euch|dich) da|ansprechbar|angebot\w*|bestell\w*|"
    r"je travaille|nous travaillons|ouvert\w*|joignables?|joindre|disponibles?|valables?|au bureau|la pour vous|disposition|offre\w*|"
    r"trabajo de|trabajamos|abiert\w+|localizables?|valid[ao]s?|en la oficina|disposicion|ofertas?|contactar\w*)\b"
)
_AWAY = re.compile(
    r"\b(?:away|ooo|out(?= of| until| till| from| on| sick|\W*$)|absent\w*|absence|vacations?|holidays?|leave|travel\w*|trip|"
    r"off(?= until| till| from| work|\W*$)|sick|ill|closed|shut|unavailable|unreachable|"
    r"abwesen\w*|au(?:ß|ss)er haus|urlaub\w*|\w*ferien|\w*reise\w*|krank\w*|elternzeit|mutterschutz|geschlossen\w*|unterwegs|frei|verhindert|weg|"
    r"absence|conges?|vacances|deplacement|arret|ferme\w*|indisponibles?|injoignables?|hors du bureau|"
    r"fuera|ausen\w+|vacaciones|viaj\w+|de baja|permiso|cerrad\w+|indispuest\w+)\b"
)
_I_AM = re.compile(
    r"\b(?:i am|i'm|i will be|i'll be|we are|we're|we will be|we'll be|ich bin|bin ich|wir sind|sind wir|"
    r"je suis|je serai|nous sommes|nous serons|estoy|estare|estamos|estaremos|me encuentro)\b"
)
BACK = re.compile(
    r"(?<!your )(?<!votre )\b(?:back|return(?:ing|s)?|wieder|zuruck|zurueck|ruckkehr|rueckkehr|retour|reviens|reviendrai|rentre|"
    r"vuelta|vuelvo|volvere|regreso|regresare|reincorpor\w+)\b"
)


def sentences(note: str) -> Iterator[tuple[int, int]]:
    """Where they stand in the note as it was written: a full stop ends one before a capital that begins no month."""
    return _between(_SENTENCE, note, 0, len(note))


def part_around(text: str, sentence: tuple[int, int], place: int) -> str:
    """What stands around this place between commas, brackets and conjunctions."""
    return next(text[start:end] for start, end in _between(_PART, text, *sentence) if place <= end)


def _between(mark: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in mark.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def is_there(words: str) -> bool:
    """Whether they say that somebody can be reached, or that something is open or goes on."""
    return _THERE.search(words) is not None and not _NOT.search(words)


def is_back(words: str) -> bool:
    """Whether they say that somebody returns."""
    return BACK.search(words) is not None


def is_away(part: str, sentence: str) -> bool:
    """Whether they say that somebody is not there; what stands nearer decides, and `I am in Rome until` is away, too."""
    for words in (part, sentence):
        if is_there(words):
            return False
        if _AWAY.search(words) or _NOT.search(words):
            return True
    return _I_AM.search(sentence) is not None


def says_away(words: str) -> bool:
    """Whether a word of them says so, whatever else they say."""
    return _AWAY.search(words) is not None


def is_not_before(part: str) -> bool:
    """Whether they are an English `not ... until`, which means from that day on."""
    return _NOT_ENGLISH.search(part) is not None
