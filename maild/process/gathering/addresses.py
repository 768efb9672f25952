"""E-mail addresses that the text names (RFC 5322 addr-spec, dot-atoms): mailboxes, accounts, recipients."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_ADDRESS = re.compile(r"(?<![\w.+%/:@-])[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w@-])")


def find_addresses(material: Material, /) -> Iterator[Place]:
    """Give each in the order of the text."""
    for found in _ADDRESS.finditer(material.text) if "@" in material.text else ():
        yield Place(found[0], found.start(), found.end())
