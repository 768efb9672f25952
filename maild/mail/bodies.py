"""The bodies of a mail to its one text, and to its one safe HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from maild.mail.attributes import thin_out
from maild.mail.contents import Body, Contents, whole_text
from maild.mail.html import as_text, cut_html, is_long, is_too_deep, to_show, to_text
from maild.mail.message import Attachment, Limits

_STUB = re.compile(
    r"(?:this|your|please|to view|if you|diese|ihr|bitte|um diese|ce|votre|veuillez|este|su|por favor)\b[^\n]{0,160}\bhtml\b[^\n]{0,80}",
    re.IGNORECASE,
)
"""A plain text that only says that there is HTML beside it: "This message requires an HTML viewer."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """What a person reads."""

    text: str
    defects: tuple[str, ...]

    whole: tuple[Attachment, ...] = ()
    """Files that hold those texts of which only the beginning is in `text`."""


def read_bodies(contents: Contents, limits: Limits) -> Bodies:
    """Join them in order: plain text as it is, HTML read where no plain text says the same."""
    defects: list[str] = []
    cut = [(body, _cut(body, limits, defects) if body.is_html else body) for body in contents.bodies]
    bodies = _without_stubs([body for _, body in cut], limits)
    has_text = any(body.text.strip() for body in bodies if not body.is_html)
    pieces = [_piece(body, limits, is_needed=not (body.is_covered and has_text)) for body in bodies]
    text = "\n\n".join(piece for piece in pieces if piece.strip())
    if len(text) > limits.text_characters:
        defects.append(f"the text has {len(text):,} characters; the first {limits.text_characters:,} are kept")
        text = text[: limits.text_characters]
    if any(is_too_deep(source, limits) for source in _html_sources(bodies)):
        defects.append(f"HTML nested more than {limits.html_depth} deep: shown as text")
    return Bodies(text=text, defects=tuple(defects), whole=_whole(cut, limits, has_text=has_text))


def _without_stubs(bodies: Sequence[Body], limits: Limits) -> Sequence[Body]:
    """Without plain texts that only say that there is HTML, where that has words."""
    stubs = [body for body in bodies if not body.is_html and _STUB.fullmatch(body.text.strip())]
    if stubs and any(body.is_html and body.is_covered and to_text(body.text, limits) for body in bodies):
        return [body for body in bodies if body not in stubs]
    return bodies


def html_to_show(contents: Contents, limits: Limits) -> str | None:
    """Join all HTML, made safe; apart from `read_bodies`, since a mail that is only read need not wait for it."""
    sources = _html_sources([_cut(body, limits, []) for body in contents.bodies if body.is_html])
    shown = (as_text(source, limits) if is_too_deep(source, limits) else to_show(source) for source in sources)
    return "<hr>".join(shown) if sources else None


def _html_sources(bodies: Sequence[Body]) -> list[str]:
    return [body.text for body in bodies if body.is_html and body.text.strip()]


def _whole(cut: Sequence[tuple[Body, Body]], limits: Limits, *, has_text: bool) -> tuple[Attachment, ...]:
    """Of the texts that are read: those that are longer than what is. Pictures within one are files of their own."""
    long = [
        body
        for body, kept in cut
        if (is_long(body.text, limits) if body.is_html else len(body.text) > limits.text_characters)
        and not (kept.is_covered and has_text)
    ]
    return tuple(whole_text(body.leaf).attachment for body in long if body.leaf)


def _cut(body: Body, limits: Limits, defects: list[str]) -> Body:
    cut = cut_html(body.text, limits)
    if len(cut) != len(body.text):
        defects.append(f"an HTML part of {len(body.text):,} characters is cut at {len(cut):,}")
    thin = thin_out(cut)
    if len(thin) != len(cut):
        defects.append("HTML tags with absurdly many attributes lost them")
    return replace(body, text=thin)


def _piece(body: Body, limits: Limits, *, is_needed: bool) -> str:
    if not body.is_html:
        return body.text.strip("\n")
    return to_text(body.text, limits) if is_needed else ""
