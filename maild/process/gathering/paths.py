"""Paths of files and folders: Windows drives, shares, and Unix; a drive by its letter, too."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_PATH = re.compile(
    r"\"(?P<quoted>(?:[A-Za-z]:\\|\\\\[\w.$-]{1,80}\\)[^\"<>|*?\n]{1,240})\""
    r"|(?<!\w)(?P<drive>[A-Za-z]:\\[^\s\"<>|*?]{1,240})"
    r"|(?<![\w\\])(?P<share>\\\\[\w.$-]{1,80}\\[^\s\"<>|*?]{1,240})"
    r"|(?<![\w/.<>$}:-])(?:file:)?/{0,2}(?P<unix>/(?:[\w.@+~-]{1,80}/){1,20}[\w.@+~-]{0,80})"
    r"|(?<![\w/])(?P<home>~/[\w.@+~/-]{2,200})"
    r"|(?<![\w\\/.:$@-])(?P<relative>(?!\d{1,4}(?:\\\d{1,4}){2}(?![\w\\]))\w[\w.&+$-]{0,60}(?:\\[\w.&+$-]{1,60}){2,20})"
)
_DRIVE = re.compile(
    r"(?<![\w:\\/-])(?<!(?i:google) )(?:(?i:drive|laufwerk|lecteur|disque|unidad)[ \t](?:[A-Z]:(?!\\)|[B-HJ-Z]\b(?![:'-]))|(?:[A-Z]:|[B-HJ-Z])[ -](?i:drive|laufwerk)\b)"
)
"""`I drive`, `a drive` and Google's have no letter of a drive."""


def find_paths(material: Material, /) -> Iterator[Place]:
    """Give each without the punctuation of the sentence around it."""
    has_path = "/" in material.text or "\\" in material.text
    found = [*(_PATH.finditer(material.text) if has_path else ()), *_DRIVE.finditer(material.text)]
    for one in sorted(found, key=lambda one: one.start()):
        group = one.lastgroup or 0
        value = one[group].rstrip(".,;:!?)")
        yield Place(value, one.start(group), one.start(group) + len(value))
