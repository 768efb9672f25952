"""Amounts of money with their currency."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place
from maild.process.gathering.words import find_all

_NUMBER = r"\d{1,3}(?:[.,' \u00a0]?\d{3}){0,4}(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?:€|\$|£|EUR|USD|GBP|CHF|US\$)[ \u00a0]?{_NUMBER}(?!\w|[.,]\d)"
    rf"|{_NUMBER}[ \u00a0]?(?:€|\$|£|(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds|Franken|Dollar|dólares|francs)(?!\w)))",
    re.IGNORECASE,
)


def find_amounts(material: Material, /) -> Iterator[Place]:
    """Give each in the order of the text."""
    return find_all(_AMOUNT, material)
