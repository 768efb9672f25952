"""Attachments that show what happened: screenshots, and logs."""

import re
from collections.abc import Iterator

from maild.mail.message import Attachment
from maild.process.gathering.material import Material, Place

_TELLING = re.compile(
    r"screen|snip|snag|shot|bildschirm|capture|captura|pantalla|écran|ecran|error|fehler|erreur", re.IGNORECASE
)
_DECORATION = re.compile(r"logo|signature|signatur|banner|icon|facebook|linkedin|twitter|instagram|xing", re.IGNORECASE)
_LOG_NAME = re.compile(
    r"\.(?:log|evtx?|dmp|mdmp|trace|trc|etl|har|pcapng|pcap|cap|err|stackdump)(?:\.\d{1,3})?(?:\.(?:gz|zip|txt|bz2|xz))?$"
    r"|(?<![a-z])(?:sys|event|error|debug|crash|console|server|access|setup|install)?[ _-]?(?:logs?|logfiles?|protokoll|journal|registro|traces?|dump|diagnosti\w{1,4})(?![a-z])",
    re.IGNORECASE,
)
_SMALLEST_SCREEN = 25_000
"""Octets; an inline picture below this is a signature's more often than a screen."""


def find_screenshots(material: Material, /) -> Iterator[Place]:
    """Give the pictures and films that are attached, without a signature's decoration."""
    return (Place(part.name) for part in material.attachments if _is_screenshot(part))


def find_logs(material: Material, /) -> Iterator[Place]:
    """Give the attachments whose name is that of a log, a dump or a capture of the network."""
    return (Place(part.name) for part in material.attachments if not _is_picture(part) and _LOG_NAME.search(part.name))


def _is_picture(part: Attachment) -> bool:
    return part.media_type.startswith(("image/", "video/"))


def _is_screenshot(part: Attachment) -> bool:
    if not _is_picture(part) or _DECORATION.search(part.name):
        return False
    return not part.is_inline or part.size >= _SMALLEST_SCREEN or _TELLING.search(part.name) is not None
