"""The leaves of a mail sorted into text, HTML and attachments."""

import mimetypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from maild.mail.charsets import decode, html_charset
from maild.mail.message import Attachment
from maild.mail.names import safe_name
from maild.mail.pictures import pictures_in
from maild.mail.text import clean, from_enriched, join_flowed, without_armour
from maild.mail.tree import Leaf, Part, leaves
from maild.mail.uuencoded import Uuencoded, find_uuencoded, without_uuencoded
from maild.mail.winmail import is_winmail, open_winmail

PLAIN = frozenset({"text/plain", "text", "text/markdown", "text/x-markdown", "text/enriched"})
HTML = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One part that is read, not opened."""

    text: str
    is_html: bool
    is_covered: bool
    """The same stands beside it as plain text."""

    leaf: Leaf | None = None
    """Where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One part that is opened, not read."""

    attachment: Attachment
    content: bytes
    words: str = ""
    """Those of a file that is no text, as far as they can be read (`readable.words_of`)."""


@dataclass(slots=True, kw_only=True)
class Contents:
    """What a mail holds, in the order in which it stands there."""

    bodies: list[Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    """One a leaf, of decoded octets with plain line ends: a relay's transfer encoding changes nothing."""

    defects: list[str] = field(default_factory=list)


def read_contents(parts: Iterable[Leaf]) -> Contents:
    """Sort the leaves; attachments are named and digested, and their bytes let go."""
    contents = Contents()
    winmails: list[Body] = []
    all_parts = list(parts)
    for leaf in all_parts:
        if is_body(leaf):
            content = leaf.decode()
            if not _is_said_in_plain(leaf):
                contents.bodies.append(_body(leaf, content, contents.defects))
            contents.digests.append(_text_digest(content))
            within = files_within(leaf, content, len(contents.attachments) + 1)
            contents.attachments += [file.attachment for file in within]
            continue
        if _is_for_machines(leaf):
            contents.digests.append(sha256(leaf.decode()).hexdigest())
            continue
        if is_winmail(leaf.media_type, leaf.name):
            winmails += _winmail_bodies(leaf, contents.defects)
        for file in files_of(leaf, len(contents.attachments) + 1):
            contents.attachments.append(file.attachment)
            contents.digests.append(file.attachment.digest)
    if not any(body.text.strip() for body in contents.bodies):
        contents.bodies += winmails or _named_bodies(all_parts, contents.defects)
    return contents


def _named_bodies(parts: Iterable[Leaf], defects: list[str]) -> list[Body]:
    """The text of a mail that has none but a file to be shown: some programs give its body a name. It stays a file too."""
    texts = (leaf for leaf in parts if leaf.media_type in PLAIN | HTML and leaf.disposition != "attachment")
    first = next(texts, None)
    return [_body(first, first.decode(), defects)] if first else []


def all_files(part: Part) -> Iterator[File]:
    """Every attachment with its content, named as `read_contents` names it."""
    position = 1
    for leaf in (leaf for leaf in leaves(part) if not _is_for_machines(leaf)):
        for file in files_within(leaf, leaf.decode(), position) if is_body(leaf) else files_of(leaf, position):
            position += 1
            yield file


def whole_texts(part: Part) -> Iterator[File]:
    """The texts of the mail itself, each as a file."""
    return (whole_text(leaf) for leaf in leaves(part) if is_body(leaf) or is_winmail(leaf.media_type, leaf.name))


def whole_text(leaf: Leaf) -> File:
    """A text as a file, for those who must read all of it."""
    ending = ".html" if leaf.media_type in HTML else ".txt"
    name = leaf.name if is_winmail(leaf.media_type, leaf.name) else f"message{ending}"
    file = _file(name, leaf.media_type, 1, leaf.decode(), is_inline=False)
    return replace(file, attachment=replace(file.attachment, is_text=True))


def is_body(leaf: Leaf) -> bool:
    """Tell text of the mail from a text file: a file has a name, or says that it is an attachment (RFC 2183)."""
    if leaf.media_type not in PLAIN | HTML or leaf.disposition == "attachment":
        return False
    return leaf.is_only or not leaf.name


def _is_said_in_plain(leaf: Leaf) -> bool:
    """The same stands beside it as plain text, and nobody wants to see it with its commands."""
    return leaf.has_plain_sibling and leaf.media_type != "text/plain" and leaf.media_type not in HTML


def _is_for_machines(leaf: Leaf) -> bool:
    """The same once more, for programs and watches that show it in a way of their own: no file of anybody's.

    Where it does not stand beside plain text, it may be all that its author says.
    """
    is_said_beside = leaf.container == "multipart/alternative" and leaf.has_plain_sibling
    return leaf.media_type in {"text/x-amp-html", "text/watch-html"} and is_said_beside


def files_within(leaf: Leaf, content: bytes, position: int) -> list[File]:
    """What stands within a text itself: pictures in HTML, and uuencoded files."""
    if leaf.media_type in PLAIN:
        return [_uuencoded(found, position + offset) for offset, found in enumerate(find_uuencoded(content))]
    if leaf.media_type not in HTML or b"base64," not in content:
        return []
    return [
        _file("", media_type, position + offset, picture, is_inline=True)
        for offset, (_, media_type, picture) in enumerate(pictures_in(content))
    ]


def _uuencoded(found: Uuencoded, position: int) -> File:
    name = found.name.decode("ascii", "surrogateescape").strip()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _file(name, media_type, position, found.content, is_inline=False)


def files_of(leaf: Leaf, position: int) -> Iterator[File]:
    """The attachment, or what was in it where it is a winmail.dat that opens."""
    content = leaf.decode()
    opened = open_winmail(content) if is_winmail(leaf.media_type, leaf.name) else None
    if opened is None or not (opened.files or opened.text or opened.html):
        yield _file(leaf.name, leaf.media_type, position, content, is_inline=_is_inline(leaf))
        return
    for offset, (name, content) in enumerate(opened.files):
        yield _file(name, "application/octet-stream", position + offset, content, is_inline=False)


def _file(name: str, media_type: str, position: int, content: bytes, *, is_inline: bool) -> File:
    attachment = Attachment(
        name=safe_name(name, media_type, position),
        media_type=media_type[:120],
        size=len(content),
        digest=sha256(content).hexdigest(),
        is_inline=is_inline,
    )
    return File(attachment=attachment, content=content)


def _is_inline(leaf: Leaf) -> bool:
    return leaf.disposition == "inline" or (leaf.disposition is None and leaf.content_id is not None)


def _body(leaf: Leaf, content: bytes, defects: list[str]) -> Body:
    is_html = leaf.media_type in HTML
    content = content if is_html else without_uuencoded(content)
    text, defect = decode(content, leaf.charset, otherwise=html_charset(content) if is_html else None)
    if defect:
        defects.append(defect)
    text = clean(text)
    if leaf.is_flowed and leaf.media_type == "text/plain":
        text = join_flowed(text, deletes_spaces=leaf.deletes_spaces)
    if leaf.media_type == "text/enriched":
        text = from_enriched(text)
    if not is_html:
        text = without_armour(text)
    return Body(text=text, is_html=is_html, is_covered=leaf.has_plain_sibling, leaf=leaf)


def _winmail_bodies(leaf: Leaf, defects: list[str]) -> list[Body]:
    opened = open_winmail(leaf.decode())
    if opened is None:
        defects.append("winmail.dat cannot be opened: kept as an attachment")
        return []
    found = []
    if opened.text.strip():
        found.append(Body(text=clean(opened.text), is_html=False, is_covered=False, leaf=leaf))
    if opened.html.strip():
        found.append(Body(text=clean(opened.html), is_html=True, is_covered=bool(found), leaf=leaf))
    return found


def _text_digest(content: bytes) -> str:
    """Line ends and the blank lines at the end differ between deliveries of one mail."""
    plain = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip()
    return sha256(plain).hexdigest()
