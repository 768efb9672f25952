"""Attributes of HTML tags, thinned out where there are absurdly many: every parser compares each with all before it.

100,000 in one tag keep nh3, inscriptis and selectolax alike busy for a minute.
"""

import re
from collections.abc import Iterator

MOST_ATTRIBUTES = 200
"""Of one tag; those of all html and body tags count as one tag's, because parsers merge them."""

_MERGED = frozenset({"html", "body"})

_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_SILENT = "script|style|textarea|title|xmp|iframe|noembed|noframes"
_TOKEN = re.compile(
    rf"""
      <!--.*?(?:--!?>|\Z) | <[!?][^>]*+
    | <(?P<raw>{_SILENT})(?=[\s/>])(?P<of_raw>(?:{_ATTRIBUTE})*+)[\s/]*+>.*?(?=</(?P=raw)|\Z)
    | </?(?P<tag>[a-z][^\s/>]*+)(?P<of_tag>(?:{_ATTRIBUTE})*+)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""A comment, an element whose content is no markup, or a tag with its attributes, as HTML's own tokenizer cuts them."""


def thin_out(source: str) -> str:
    """Give the HTML without the attributes of tags that have too many; linear in its length."""
    kept: list[str] = []
    position = 0
    for start, end in _crowded(source):
        kept.append(source[position:start])
        position = end
    return "".join([*kept, source[position:]]) if kept else source


def _crowded(source: str) -> Iterator[tuple[int, int]]:
    """Find where too many attributes stand."""
    merged = 0
    for token in _TOKEN.finditer(source):
        group = "of_tag" if token["tag"] else "of_raw"
        start, end = token.span(group)
        if (token["tag"] or "").lower() in _MERGED:
            merged += _number(source, start, end)
            if merged > MOST_ATTRIBUTES:
                yield start, end
        # an attribute takes two characters at least, its separator included
        elif end - start > 2 * MOST_ATTRIBUTES and _number(source, start, end) > MOST_ATTRIBUTES:
            yield start, end


def _number(source: str, start: int, end: int) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(source, start, end))
