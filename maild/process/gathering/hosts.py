"""Names of hosts (RFC 1123) outside of URLs and addresses, and names that a house gives its machines."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_ENDINGS = (
    "com|org|net|edu|gov|int|mil|info|biz|eu|de|at|ch|fr|be|lu|es|pt|it|uk|ie|nl|us|ca|mx|ar|cl|co|br|au|nz|in|jp|cn|pl|ro|cz"
    "|se|no|dk|fi|cloud|app|dev|online|shop|local|lan|internal|intranet|corp|home|example|test|localdomain"
)
"""Common top-level domains, and the private ones that houses use; a file's ending must not look like a host."""

_NAME = re.compile(
    rf"(?<![\w@/.:$\\#-])(?:\*\.)?(?P<name>(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.){{1,8}}(?:{_ENDINGS}))"
    r"(?![\w@(/-]|\.[\w])(?::\d{1,5})?"
)
_HAS_NAME = re.compile(r"[A-Za-z0-9-]\.[A-Za-z]")
_HAS_NUMBER = re.compile(r"\d")
"""What the patterns find has that; a text without it need not be searched."""

_CODE = re.compile(r"(?:java|javax|org|com|net|io|sun|system|window|document|this|self)\.", re.IGNORECASE)
"""How names inside programs begin."""

_MACHINE = re.compile(
    r"(?<![\w-])(?P<name>(?:SRV|SVR|SERVER|WEB|SQL|APP|DC|FS|VM|PC|NB|LT|LAP|WS|WKS|ESX|HOST|PRN|MAIL|DB)[A-Z0-9]{0,12}-?[A-Z0-9-]{0,20}\d{1,5})(?![\w-])"
    r"|\b(?i:server|host(?:name)?|rechner|serveur|servidor|equipo)[ \t]{0,2}(?i:is|ist|name|named|namens|nommé|llamado)?[ \t]{0,2}[:=]?[ \t]{0,2}"
    r"[\"“„«']?(?P<said>[A-Za-z][A-Za-z0-9]{0,20}(?:-[A-Za-z0-9]{1,20}){0,3}\d)(?![\w.-])"
)


def find_hosts(material: Material, /) -> Iterator[Place]:
    """Give each in the order of the text."""
    text = material.text
    found = _NAME.finditer(text) if _HAS_NAME.search(text) else ()
    names = (m for m in found if not _CODE.match(m["name"]) and not m["name"].startswith("www."))
    places = [Place(match["name"], *match.span("name")) for match in names]
    for match in _MACHINE.finditer(text) if _HAS_NUMBER.search(text) else ():
        group = match.lastgroup or 0
        places.append(Place(match[group], *match.span(group)))
    yield from sorted(places, key=lambda place: place.start)
