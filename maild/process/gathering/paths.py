"""Paths of files and folders: Windows drives, shares, and Unix."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_PATH = re.compile(
    r"\"(?P<quoted>(?:[A-Za-z]:\\|\\\\[\w.$-]{1,80}\\)[^\"<>|*?\n]{1,240})\""
    r"|(?<!\w)(?P<drive>[A-Za-z]:\\[^\s\"<>|*?]{1,240})"
    r"|(?<![\w\\])(?P<share>\\\\[\w.$-]{1,80}\\[^\s\"<>|*?]{1,240})"
    r"|(?<![\w/.<>$}:-])(?:file:)?/{0,2}(?P<unix>/(?:[\w.@+~-]{1,80}/){1,20}[\w.@+~-]{0,80})"
    r"|(?<![\w/])(?P<home>~/[\w.@+~/-]{2,200})"
)


def find_paths(material: Material, /) -> Iterator[Place]:
    """Give each without the punctuation of the sentence around it."""
    if "/" not in material.text and "\\" not in material.text:
        return
    for found in _PATH.finditer(material.text):
        group = found.lastgroup or 0
        value = found[group].rstrip(".,;:!?)")
        yield Place(value, found.start(group), found.start(group) + len(value))
