"""Version numbers: named as one, behind a product's name, or with two dots and more."""

import re
from collections.abc import Iterator
from itertools import chain

from maild.process.gathering.ip_addresses import is_ip_address
from maild.process.gathering.material import Material, Place
from maild.process.gathering.urls import without_urls

_TAIL = r"(?:[.-](?:x|[A-Za-z]{1,10}\d{0,4}))?"
_NAMED = re.compile(
    r"\b(?:versi[oó]n|version|release|ver\.?|build|firmware|patch|v)[ \t]{0,3}"
    r"(?:(?:is|ist|est|es|number|nummer|nr\.?|num[ée]ro)[ \t]){0,2}[:=]?[ \t]{0,3}v?"
    rf"(?P<version>\d{{1,6}}(?:\.\d{{1,6}}){{0,4}}{_TAIL})(?!\w)"
)
_DOTTED = re.compile(
    rf"(?<![\w.,/@%])[vV]?(?P<version>\d{{1,4}}(?:(?:\.\d{{1,6}}){{2,4}}{_TAIL}|\.\d{{1,4}}\.x))\+?(?![\w%]|\.\d)"
)
_PLACES = (
    "Room|Desk|Floor|Suite|Building|Chapter|Section|Step|Page|Figure|Table|Clause|Article|Paragraph"
    "|Raum|Zimmer|Büro|Saal|Stock|Etage|Platz|Gebäude|Kapitel|Abschnitt|Schritt|Seite|Abbildung|Tabelle|Absatz|Artikel|Punkt"
    "|Salle|Bureau|Étage|Bâtiment|Chapitre|Étape|Point|Clause|Sala|Despacho|Planta|Oficina|Edificio|Capítulo|Sección|Paso|Página|Cláusula|Artículo"
)
"""In a house or in a document: their numbers have points, too."""

_PRODUCT = re.compile(
    rf"(?<![\w.@/])(?!(?:{_PLACES})[ \t])"
    r"(?:(?!(?:EUR|USD|GBP|CHF|The|Our|An|In|On|At|For|From|To|Of|And|Or|Is|It|By|About|After|Der|Die|Das|Ein|Um|Ab|Les?|La|Une?|El|Los|Las)[ \t])[A-Z][\w+#]{1,30}(?:[ \t]|-)|[a-z][\w+#]{1,30}-|[a-z][\w+#]{1,30}[ \t](?=\d{1,4}\.x|v\d))"
    r"v?(?P<version>\d{1,4}\.(?:\d{1,4}|x))(?![\w%]|[.,]\d)(?![ \t]{0,2}(?:[kKMGT]i?[Bb]\b|€|\$|%|[GM]Hz|EUR|USD))"
)
_CHANGED = re.compile(
    r"\b(?:updat|upgrad|aktualisier|actualiz|mis(?:e)? à (?:jour|niveau)|downgrad)\w{0,8}[^\n.;!?\d]{0,30}"
    r"(?P<version>\d{1,4}\.\d{1,4})(?![\w%]|[.,]\d)"
)
_WHOLE = re.compile(
    r"(?<![\w.])(?:java|jdk|jre|php|python|node(?:\.?js)?|\.net|tomcat|office|firefox|chrome|safari|edge|outlook|excel|word"
    r"|acrobat|autocad|sap|oracle|mysql|postgres(?:ql)?|exchange|sharepoint|sql server|vmware workstation|hadoop)"
    r"[ \t-]?(?P<version>(?:\d{1,2}|20\d\d)(?:\.\d{1,4}){0,2})(?![\w%]|[.,]\d)"
)

_HAS_DOTTED = re.compile(r"\d\.[\dx]")
"""Without that, only two of the patterns can find anything, and few mails have it."""

_DATE = re.compile(r"(?:[0-3]?\d\.[01]?\d\.(?:19|20)\d\d|(?:19|20)\d\d\.[01]?\d\.[0-3]?\d)$")
_MAIL_STATUS = re.compile(r"\b[245]\d\d[ -]{1,2}$")
"""Before an enhanced status code of a mail server (RFC 3463), which looks like a version."""

_SYSTEM = re.compile(
    r"(?:windows|ubuntu|debian|fedora|centos|rhel|mac ?os(?: x)?|os x|ios|android)[ :-]$", re.IGNORECASE
)


def find_versions(material: Material, /) -> Iterator[Place]:
    """Give each once where several patterns see it; a system's version belongs to the system."""
    places: dict[int, Place] = {}
    text, lower = without_urls(material.text), without_urls(material.lower)
    searched = [(_NAMED, lower), (_WHOLE, lower)]
    if _HAS_DOTTED.search(text):
        searched = [(_NAMED, lower), (_DOTTED, text), (_PRODUCT, text), (_CHANGED, lower), (_WHOLE, lower)]
    for found in chain.from_iterable(pattern.finditer(where) for pattern, where in searched):
        place = Place.of(material, found.span("version"))
        if _is_version(place.value, text[max(0, place.start - 30) : place.start]):
            places.setdefault(place.start, place)
    yield from _without_inner(sorted(places.values(), key=lambda place: (place.start, -place.end)))


def _is_version(number: str, before: str) -> bool:
    if _DATE.match(number) or _MAIL_STATUS.search(before) or _SYSTEM.search(before):
        return False
    return not is_ip_address(number, before)


def _without_inner(places: list[Place]) -> Iterator[Place]:
    reached = 0
    for place in places:
        if place.start >= reached:
            yield place
            reached = place.end
