"""HTML of strangers: to text that can be read, to HTML that can be shown."""

import re
from collections.abc import Sequence
from html import escape, unescape

from maild.mail.message import Limits
from maild.mail.text import clean

_SHOWN = (
    "a abbr b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr "
    "i ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var"
)
TAGS = frozenset(_SHOWN.split())

_DROPPED = "script style title head template noscript object embed iframe form svg math audio video"
SILENCED = frozenset(_DROPPED.split())
"""Dropped with all that stands in them."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})[^<>]{0,4000}>")
_UNNESTED = (
    "area base br col embed hr img input link meta param source track wbr p li dd dt tr td th thead tbody tfoot option "
    "colgroup html body head"
)
_FLAT = frozenset(_UNNESTED.split())
"""Elements that hold none or that end by themselves, so that a missing end tag nests nothing."""

_BLANK_LINES = re.compile(r"\n{3,}")
_QUOTES = ("blockquote#type=cite", "blockquote#class=gmail_quote")
"""How mail clients mark what they quote; other block quotes are used to indent."""

_CLOSE = re.compile(
    r"<p(?=\s[^<>]{0,400}\bclass=[\"']?Mso(?:Normal|PlainText|NoSpacing|ListParagraph)\b)"
    r"(?![^<>]{0,800}(?:margin-(?:top|bottom):\s*[1-9]|display\s*:\s*none|mso-hide))"
    r"(?![^<>]{0,800}>(?:<[^<>]{1,200}>){0,4}\s?(?:&nbsp;|&#160;|\xa0)?\s?(?:<[^<>]{1,200}>){0,4}</p)",
    re.IGNORECASE,
)
"""A line of Outlook's: a paragraph of Word whose style sheet leaves no room around it. An empty one is an empty line."""

_INLINE = re.compile(r"\bdata:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=\s%]{1000,}+", re.IGNORECASE)
"""Images that are written out in the HTML; nobody reads or shows them."""


def cut_html(source: str, limits: Limits) -> str:
    """Keep `html_bytes` characters, and end before a tag that would be cut in two; images written out go before words do."""
    if len(source) > limits.html_bytes:
        source = _INLINE.sub("data:,", source)
    if len(source) <= limits.html_bytes:
        return source
    return source[: max(source.rfind("<", 0, limits.html_bytes), 0)] or source[: limits.html_bytes]


def is_long(source: str, limits: Limits) -> bool:
    """Whether `cut_html` takes more from it than images."""
    return len(source) > limits.html_bytes and len(_INLINE.sub("data:,", source)) > limits.html_bytes


def is_too_deep(source: str, limits: Limits) -> bool:
    """Count open elements: 300 levels silence inscriptis, and 50,000 keep nh3 busy for 20 s."""
    if source.count("<") <= limits.html_depth:
        return False
    depth = 0
    for tag in _TAG.finditer(source):
        if tag.group(2).lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > limits.html_depth:
            return True
    return False


def to_text(source: str, limits: Limits) -> str:
    """Read HTML as a person would see it; `source` within `cut_html`."""
    if not source.strip():
        return ""
    if is_too_deep(source, limits):
        return _tidy(_without_tags(source))
    return _tidy(_inscribed(source)) or _tidy(_selected(source))


def as_text(source: str, limits: Limits) -> str:
    """What is too deep to be shown as it is: its text alone."""
    return f"<pre>{escape(to_text(source, limits))}</pre>"


def to_show(source: str) -> str:
    """Keep structure and links; drop scripts, styles, forms and whatever a reader's client would fetch.

    `source`: not `is_too_deep`.
    """
    import nh3

    return nh3.clean(
        source,
        tags=set(TAGS),
        clean_content_tags=set(SILENCED),
        attributes={"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _inscribed(source: str) -> str:
    from inscriptis import get_annotated_text
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.model.config import ParserConfig

    rules = {element: ["quote"] for element in _QUOTES} if "<blockquote" in source.lower() else {}
    if "Mso" in source:
        source = _CLOSE.sub('<p style="margin-top:0em;margin-bottom:0em"', source)
    try:
        read = get_annotated_text(source, ParserConfig(css=CSS_PROFILES["strict"], annotation_rules=rules))
    except Exception:
        return ""
    return _with_marks(str(read["text"]), [(start, end) for start, end, _ in read["label"]])


def _with_marks(text: str, quoted: Sequence[tuple[int, int]]) -> str:
    """The text with `>` before each quoted line, as plain-text mail has it: without, quotes read as new words."""
    if not quoted:
        return text
    lines, start = [], 0
    for line in text.split("\n"):
        is_quoted = any(begin < start + len(line) and start < end for begin, end in quoted)
        lines.append(f"> {line.strip()}" if is_quoted else line)
        start += len(line) + 1
    return "\n".join(lines)


def _selected(source: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    try:
        tree = LexborHTMLParser(source)
        tree.strip_tags(sorted(SILENCED - {"form"}))
        return tree.body.text(separator="\n") if tree.body else ""
    except Exception:
        return ""


def _without_tags(source: str) -> str:
    """Read what no parser may be given: selectolax too takes quadratic time for depth."""
    kept: list[str] = []
    position = 0
    silenced = ""
    for tag in _TAG.finditer(source):
        name = tag.group(2).lower()
        if not silenced:
            kept.append(source[position : tag.start()])
            silenced = name if name in SILENCED and not tag.group(1) else ""
        elif name == silenced and tag.group(1):
            silenced = ""
        position = tag.end()
    if not silenced:
        kept.append(source[position:])
    return unescape("\n".join(piece for piece in kept if piece.strip()))


def _tidy(text: str) -> str:
    lines = (line.rstrip(" \t\u00a0") for line in clean(text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
