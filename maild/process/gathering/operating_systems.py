"""Operating systems, with the version where one stands behind."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place
from maild.process.gathering.words import find_all

_NUMBER = r"(?:[ :-]?(?:v|version )?\d{1,4}(?:\.\d{1,4}){0,3})?"
_SYSTEM = re.compile(
    r"(?<![\w./-])(?:"
    r"(?:Microsoft |MS )?Windows(?:[ \t-]{1,4}(?:XP|Vista|NT|Server(?: \d{4}(?: R2)?)?|1[01]|[78](?:\.1)?|(?:95|98|2000)))(?: (?:Pro|Home|Enterprise|Education))?(?: \d\dH\d)?"
    r"|(?-i:Windows)(?! (?:and|or|are|open|in|on|of)\b)|windows(?= (?:os\b|up(?:grade|date)|pc\b|server\b|log[io]n|system|rechner|benutzer))|win ?(?:7|8|10|11)"
    rf"|mac ?os(?: x)?(?: (?:sonoma|ventura|monterey|big sur|catalina|sequoia|tahoe))?{_NUMBER}|os x{_NUMBER}"
    rf"|(?-i:iOS){_NUMBER}|ipados{_NUMBER}|android{_NUMBER}|chrome ?os"
    rf"|(?:ubuntu|debian|fedora|centos|rhel|red hat(?: enterprise linux)?|opensuse|suse(?: linux)?|linux mint|arch linux|rocky linux|almalinux|freebsd){_NUMBER}"
    r"(?: lts| (?:trusty|precise|xenial|bionic|focal|jammy|noble|wheezy|jessie|stretch|buster|bullseye|bookworm|trixie))?"
    r"|linux"
    r")(?!\w|\.\w)",
    re.IGNORECASE,
)
_NAMED = "win,mac,os x,ios,ipados,android,chrome,linux,ubuntu,debian,fedora,centos,rhel,red hat,suse,freebsd"
_SIGNS = tuple(_NAMED.split(","))
"""Each match has one of them, in lower case."""


def find_operating_systems(material: Material, /) -> Iterator[Place]:
    """Give each in the order of the text."""
    return find_all(_SYSTEM, material) if any(sign in material.lower for sign in _SIGNS) else iter(())
