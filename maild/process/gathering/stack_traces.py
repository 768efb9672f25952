"""Stack traces of Java, .NET, JavaScript, Python, PHP and native programs."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_FRAME = re.compile(
    r"(?P<java>\bat (?:async |new )?(?:[\w$<>/-]{1,80}\.){1,14}[\w$<>`]{1,80}\([^()\n]{0,120}\)(?: in [^\n]{1,160})?)"
    r"|(?P<script>^\s{0,12}at [^\n(]{1,100} \([^()\n]{3,200}:\d{1,6}:\d{1,6}\))"
    r"|(?P<python>Traceback \(most recent call last\)|^[ \t]{0,12}File \"[^\"\n]{1,200}\", line \d{1,6})"
    r"|(?P<php>^[ \t]{0,12}#\d{1,3} [^\n:]{1,200}\(\d{1,6}\): )"
    r"|(?P<native>^[ \t]{0,12}#\d{1,3}[ \t]{1,4}0x[0-9a-fA-F]{4,16} in )",
    re.MULTILINE,
)
_NEAR = 400
"""Characters between two frames of one trace."""


def find_stack_traces(material: Material, /) -> Iterator[Place]:
    """Give the first frame of each trace."""
    reached = -_NEAR
    for found in _FRAME.finditer(material.text) if _may_have_frame(material.text) else ():
        if found.start() >= reached + _NEAR:
            yield Place(found[0].strip(), found.start(), found.end())
        reached = found.end()


def _may_have_frame(text: str) -> bool:
    return ("(" in text and "at " in text) or any(sign in text for sign in ("Traceback", 'File "', "#"))
