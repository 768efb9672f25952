"""Devices: by what they are called in the four shipped languages, or by make and model.

What only connects or reaches somebody is not the device that the issue is about: a telephone as hotspot, or to call back.
"""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place
from maild.process.gathering.words import any_of, find_words

_NAMES = (
    # English
    *(
        "laptop",
        "laptops",
        "notebook",
        "notebooks",
        "desktop pc",
        "computer",
        "computers",
        "workstation",
        "thin client",
    ),
    *("monitor", "monitors", "second screen", "docking station", "dock", "printer", "printers", "scanner", "copier"),
    *(
        "keyboard",
        "mouse",
        "headset",
        "webcam",
        "smartphone",
        "tablet",
        "router",
        "routers",
        "access point",
        "projector",
    ),
    *(
        "my phone",
        "the phone",
        "new phone",
        "old phone",
        "mobile phone",
        "company phone",
        *("desk phone", "desk phones", "card machine", "card machines", "card terminal", "card terminals"),
        "usb stick",
        "external drive",
    ),
    # German
    *("rechner", "bildschirm", "bildschirme", "drucker", "tastatur", "maus", "handy", "diensthandy", "telefon"),
    *(
        "dockingstation",
        "kopierer",
        "beamer",
        "kamera",
        "lautsprecher",
        "arbeitsplatzrechner",
        "firmenlaptop",
        "kartenterminal",
        "kartenleser",
    ),
    # French
    *("ordinateur", "ordinateurs", "pc portable", "écran", "écrans", "imprimante", "imprimantes", "clavier", "souris"),
    *(
        "téléphone",
        "station d'accueil",
        "casque",
        "tablette",
        "routeur",
        "photocopieur",
        "vidéoprojecteur",
        "terminal de paiement",
    ),
    # Spanish
    *("ordenador", "ordenadores", "computadora", "portátil", "pantalla", "impresora", "impresoras", "teclado", "ratón"),
    *("escáner", "escáneres", "copiadora", "fotocopiadora", "cámara", "altavoz"),
    *(
        "teléfono",
        "móvil",
        "auriculares",
        "tableta",
        "proyector",
        "estación de acoplamiento",
        "terminal de pago",
        "datáfono",
    ),
)
_MODELS = (
    *("thinkpad", "thinkcentre", "thinkvision", "latitude", "optiplex", "precision", "elitebook", "probook", "zbook"),
    *(
        "macbook pro",
        "macbook air",
        "macbook",
        "imac",
        "mac mini",
        "surface pro",
        "surface laptop",
        "surface",
        "iphone",
    ),
    *(
        "ipad",
        "galaxy",
        "pixel",
        "laserjet",
        "officejet",
        "deskjet",
        "designjet",
        "ecosys",
        "bizhub",
        "workforce",
        "xperia",
    ),
    *("fritzbox", "fritz!box", "raspberry pi", "chromebook", "yealink", "jabra"),
)
_NAMED = any_of(_NAMES)
_MODEL = any_of(_MODELS, behind=r"(?:[ -](?:pro|air|plus|max|mini|mfp|gen|se|[a-z]{0,8}\d[\w-]{0,10})){0,4}")
_MAKES = (
    *(
        "dell",
        "hp",
        "lenovo",
        "fujitsu",
        "kyocera",
        "canon",
        "epson",
        "brother",
        "ricoh",
        "xerox",
        "konica minolta",
        "oki",
    ),
    *("lexmark", "sharp", "zebra", "acer", "asus", "benq", "eizo", "iiyama", "viewsonic", "samsung", "lg", "philips"),
    *(
        "logitech",
        "poly",
        "plantronics",
        "snom",
        "grandstream",
        "cisco",
        "zyxel",
        "toshiba",
        "panasonic",
        "sony",
        "datalogic",
    ),
)
_MAKE = any_of(_MAKES, behind=r" [a-z]{1,8}-?[a-z]{0,4}\d[\w-]{0,12}")
"""Only with a model behind it, of letters and digits."""

_NOT_A_DEVICE = re.compile(
    r"(?:log[ -]?in|sign[ -]?in|home|splash|welcome|blue|error|captura de|capture d')[ ]$|(?:pantalla|écran) (?:de inicio|d'accueil)",
    re.IGNORECASE,
)


_PHONE = re.compile(r"phone|handy|telefon|téléphone|teléfono|móvil|tablet|ipad|galaxy|pixel|xperia", re.IGNORECASE)
_LINK = (
    r"(?:(?:personal|mobiler?|mobile[mn]|wi-?fi|wlan)[ -])?"
    r"(?:hot-? ?spots?|tether\w*|modem|router|points? d'accès|partage de connexion|puntos? de acceso|zona wi-?fi)\b"
)
_SMALL = r"(?: (?:to|of|on|from|by|via|with|over|my|our|the|von|vom|mit|über|mein\w*|dem|des|de|du|avec|mon|le|del|con|el|mi))"
_CALLS = r"(?:call\w*|ring|reach|contact|phone|spoke|speak|talk\w*)"
_MEANS_BEFORE = re.compile(
    rf"{_LINK}{_SMALL}{{0,3}} $"
    rf"|\b{_CALLS}(?: \w+){{0,2}} (?:by|on|over|via|at)(?: (?:my|our|the))? $"
    r"|\b(?:numbers?|numéro|número) (?:de|du|del|of)(?: (?:my|our|the))? $",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:am|ans|au|al) t[eé]l\w+$|\b(?:by|per|par|por) (?:mobile phone|smartphone|handy|móvil|t[eé]l\w+)$",
    re.IGNORECASE,
)
"""Somebody speaks; `am Handy` is where something fails."""

_MEANS_BEHIND = re.compile(
    rf"(?:'s)?[ -](?:(?:as|als|comme|como)(?: (?:an?|the|einen?|une?))? )?{_LINK}|(?:'s)? numbers?\b", re.IGNORECASE
)


def find_devices(material: Material, /) -> Iterator[Place]:
    """Give makes and models, and plain names, in the order of the text."""
    places = [found for words in (_MODEL, _MAKE, _NAMED) for found in find_words(words, material)]
    for place in sorted(places, key=lambda place: place.start):
        before = material.text[max(0, place.start - 40) : place.start]
        if not _NOT_A_DEVICE.search(before[-12:]) and not _is_means(place, before, material.text):
            yield place


def _is_means(place: Place, before: str, text: str) -> bool:
    """Whether the telephone is only what the author goes online with, or is called on."""
    if not _PHONE.search(place.value):
        return False
    is_introduced = _MEANS_BEFORE.search(before) or _CALLED.search(before + place.value)
    return bool(is_introduced or _MEANS_BEHIND.match(text, place.end, place.end + 40))
