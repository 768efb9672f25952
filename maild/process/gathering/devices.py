"""Devices: by what they are called in the four shipped languages, or by make and model."""

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
        "usb stick",
        "external drive",
    ),
    # German
    *("rechner", "bildschirm", "bildschirme", "drucker", "tastatur", "maus", "handy", "diensthandy", "telefon"),
    *("dockingstation", "kopierer", "beamer", "kamera", "lautsprecher", "arbeitsplatzrechner", "firmenlaptop"),
    # French
    *("ordinateur", "ordinateurs", "pc portable", "écran", "écrans", "imprimante", "imprimantes", "clavier", "souris"),
    *("téléphone", "station d'accueil", "casque", "tablette", "routeur", "photocopieur"),
    # Spanish
    *("ordenador", "ordenadores", "computadora", "portátil", "pantalla", "impresora", "impresoras", "teclado", "ratón"),
    *("teléfono", "móvil", "auriculares", "tableta", "proyector", "estación de acoplamiento"),
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
_MODEL = any_of(_MODELS, behind=r"(?:[ -](?:pro|air|plus|max|mini|mfp|gen|se|[a-z]{0,4}\d[\w-]{0,10})){0,4}")
_NOT_A_DEVICE = re.compile(
    r"(?:log[ -]?in|sign[ -]?in|home|splash|welcome|blue|error|captura de|capture d')[ ]$|(?:pantalla|écran) (?:de inicio|d'accueil)",
    re.IGNORECASE,
)


def find_devices(material: Material, /) -> Iterator[Place]:
    """Give makes and models, and plain names, in the order of the text."""
    places = [*find_words(_MODEL, material), *find_words(_NAMED, material)]
    for place in sorted(places, key=lambda place: place.start):
        if not _NOT_A_DEVICE.search(material.text[max(0, place.start - 12) : place.start]):
            yield place
