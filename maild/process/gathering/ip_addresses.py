"""IP addresses, versions 4 and 6 (RFC 4291), told apart from version numbers and times of day."""

import re
from collections.abc import Iterator

from maild.loopback import is_ip
from maild.process.gathering.material import Material, Place

_FOUR = re.compile(r"(?<![\w.-])(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?P<port>[:/]\d{1,5})?(?![\w-]|\.\d)")
_SIX = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{3,38}(?![\w:])")
_SAYS_ADDRESS = re.compile(
    r"(?:\bip|addr\w*|adress\w*|direcci[oó]n|dns|ping\w*|gateway|passerelle|puerta|router|subnet|netmask|nameserver"
    r"|connect\w* to|server|serveur|servidor|from|host)\W{1,6}(?:\w{1,9}\W{1,3})?$",
    re.IGNORECASE,
)
_PRIVATE_OR_LOCAL = ("10.", "127.", "172.", "192.168.", "169.254.")
_LARGE = 100
"""A part of this size is rare in a version number."""


def find_ip_addresses(material: Material, /) -> Iterator[Place]:
    """Give each in the order of the text."""
    places = [*_find_four(material.text), *_find_six(material.text)]
    yield from sorted(places, key=lambda place: place.start)


def is_ip_address(dotted: str, before: str) -> bool:
    """Whether four numbers are an address: by their size, or by the words that stand before them."""
    if not is_ip(dotted):
        return False
    is_large = any(int(part) >= _LARGE for part in dotted.split("."))
    return is_large or dotted.startswith(_PRIVATE_OR_LOCAL) or _SAYS_ADDRESS.search(before) is not None


def _find_four(text: str) -> Iterator[Place]:
    for found in _FOUR.finditer(text):
        before = text[max(0, found.start() - 30) : found.start()]
        if is_ip_address(found["ip"], before) or (found["port"] and is_ip(found["ip"])):
            yield Place(found["ip"], found.start("ip"), found.end("ip"))


def _find_six(text: str) -> Iterator[Place]:
    for found in _SIX.finditer(text):
        value = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
        groups = [group for group in value.split(":") if group]
        # Two groups are the scope operator of a programming language as often as not.
        if len(groups) > 2 and is_ip(value):  # noqa: PLR2004 - see above
            yield Place(value, found.start(), found.start() + len(value))
