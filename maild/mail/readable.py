"""The words of a file that is no text: an attached mail, or an office document. Others are opened by nobody here."""

import binascii
import quopri
from collections.abc import Iterator

from maild.mail.bodies import read_bodies
from maild.mail.contents import File, all_files, read_contents
from maild.mail.documents import MOST_CHARACTERS, MOST_OCTETS, Allowance, is_document, read_document
from maild.mail.guards import check
from maild.mail.headers import read_headers
from maild.mail.message import Limits
from maild.mail.tree import build_tree, leaves

_DEPTH = 3
"""Mails within mails within the file."""

_SHOWN = frozenset({"from", "to", "cc", "subject", "reply-to", "sender"})


def words_of(file: File, allowance: Allowance, *, depth: int = _DEPTH) -> str:
    """What a reader of the file gets to see, as far as it can be told within limits; empty where it cannot."""
    if len(file.content) > min(MOST_OCTETS, allowance.octets):
        return ""
    if file.attachment.media_type == "message/rfc822" or file.attachment.name.lower().endswith(".eml"):
        allowance.octets -= len(file.content)
        found = dict.fromkeys(_of_mail(source, allowance, depth) for source in _decoded(file.content))
        return "\n".join(found)[:MOST_CHARACTERS]
    return read_document(file.content, allowance) if is_document(file.content) else ""


def _decoded(source: bytes) -> Iterator[bytes]:
    """The mail as it stands there, and what it says where it was encoded, which is not allowed and done (RFC 2046 5.2.1)."""
    yield source
    if (plain := quopri.decodestring(source)) != source:
        yield plain
    try:
        yield binascii.a2b_base64(b"".join(source.split()), strict_mode=True)
    except binascii.Error:
        return


def _of_mail(source: bytes, allowance: Allowance, depth: int) -> str:
    """Its fields and texts, whatever their encoding, and the words of its own files."""
    try:
        check(source, Limits())
        part = build_tree(source)
        fields = [f"{field.name}: {field.text}" for field in read_headers(part).fields if field.name in _SHOWN]
        text = read_bodies(read_contents(leaves(part)), Limits()).text
        inner = list(all_files(part)) if depth else []
        return "\n".join([*fields, text, *(_of_file(file, allowance, depth - 1) for file in inner)])
    except Exception:
        return ""  # too much, or broken: a file stops no mail


def _of_file(file: File, allowance: Allowance, depth: int) -> str:
    media_type = file.attachment.media_type
    words = (
        file.content.decode("utf-8", "replace")
        if media_type.startswith("text/")
        else words_of(file, allowance, depth=depth)
    )
    return f"{file.attachment.name}\n{words[:MOST_CHARACTERS]}"
