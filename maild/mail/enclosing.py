"""The files of a mail, taken out of it to go along with another mail; in the process that has parsed it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain

from maild.mail.contents import HTML, File, all_files, is_body, whole_texts
from maild.mail.documents import Allowance
from maild.mail.message import Attachment, Mail
from maild.mail.pictures import pictures_in
from maild.mail.readable import words_of
from maild.mail.tree import Leaf, Part, build_tree, leaves

DECORATION_OCTETS = 100_000
"""An image of a signature is smaller; one of a quote may have any size."""

NOT_FOR_OTHERS = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-keys",
    }
)
"""Parts that say something about the very mail in which they came."""

_IMAGE = re.compile(rb"""\bsrc\s*=\s*["']?cid:([^"'\s>]{1,300})""", re.IGNORECASE)
_SIGNATURE = re.compile(
    rb"""(?:class|id)\s*=\s*["']?[^"'>]{0,80}(?:gmail_signature|moz-signature|signature\b|_signature|ms-outlook-mobile-signature)""",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    rb"""<blockquote[^>]{0,300}(?:type\s*=\s*["']?cite|gmail_quote)|(?:class|id)\s*=\s*["']?[^"'>]{0,80}"""
    rb"""(?:gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|moz-cite-prefix|mail-editor-reference-message)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Infected:
    """A file in which the virus scanner found something."""

    attachment: Attachment
    virus: str
    """As the scanner calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """The files of one mail, as far as they may go along."""

    files: tuple[File, ...] = ()
    left_out: tuple[Attachment, ...] = ()
    """What would be too much, all files together; it stays in the source."""

    most_octets: int = 0
    """How much all of them may have."""

    infected: tuple[Infected, ...] = ()
    """They are none of `files`."""

    unscanned: tuple[Attachment, ...] = ()
    """Of `files`: those at which a scanner that is configured could not look."""

    @property
    def without_text(self) -> "Enclosed":
        """Without the mail's own text: that holds what its author quotes, and is no file of theirs."""
        files = tuple(file for file in self.files if not file.attachment.is_text)
        left_out = tuple(each for each in self.left_out if not each.is_text)
        return replace(self, files=files, left_out=left_out)

    def holds_all_of(self, attached: Sequence[Attachment]) -> bool:
        """Whether each of these files goes along, but for those that say something about their own mail alone."""
        held = {file.attachment.digest for file in self.files}
        return all(each.digest in held or each.media_type in NOT_FOR_OTHERS for each in attached)


def enclose(source: bytes, mail: Mail, *, most_octets: int) -> Enclosed:
    """Take the files out of a source that has been parsed; the mail's own signatures and decorations are no files."""
    if not mail.attachments:
        return Enclosed(most_octets=most_octets)
    part = build_tree(source)
    passed_by = _decorations(part)
    files: list[File] = []
    left_out: list[Attachment] = []
    octets, allowance = 0, Allowance()
    for file in chain(all_files(part), _whole_texts(part, mail)):
        attachment = file.attachment
        if attachment.digest in passed_by or attachment.media_type in NOT_FOR_OTHERS:
            continue
        if octets + attachment.size > most_octets:
            left_out.append(attachment)
            continue
        octets += attachment.size
        files.append(replace(file, words=words_of(file, allowance)))
    return Enclosed(files=tuple(files), left_out=tuple(left_out), most_octets=most_octets)


def _whole_texts(part: Part, mail: Mail) -> Iterator[File]:
    digests = {each.digest for each in mail.attachments if each.is_text}
    return (file for file in whole_texts(part) if file.attachment.digest in digests) if digests else iter(())


def _decorations(part: Part) -> set[str]:
    """Digests of images that the HTML shows in its signature or in what it quotes, and nowhere else."""
    found = list(leaves(part))
    images = [leaf for leaf in found if leaf.content_id and leaf.media_type.startswith("image/") and not is_body(leaf)]
    html = b"\n".join(leaf.decode() for leaf in found if leaf.media_type in HTML and is_body(leaf))
    pictures = [(place, content) for place, _, content in pictures_in(html)]
    if not images and not pictures:
        return set()
    quote, signature = _start(_QUOTE, html), _start(_SIGNATURE, html)
    contents = ((min(places), image.decode()) for image in images if (places := list(_places(html, image))))
    return {
        sha256(content).hexdigest()
        for place, content in (*contents, *pictures)
        if place > quote or (place > signature and len(content) <= DECORATION_OCTETS)
    }


def _start(pattern: re.Pattern[bytes], html: bytes) -> int:
    found = pattern.search(html)
    return found.start() if found else len(html)


def _places(html: bytes, image: Leaf) -> Iterator[int]:
    """Where the HTML shows the image (RFC 2392)."""
    wanted = (image.content_id or "").strip().strip("<>").encode("utf-8", "replace")
    return (found.start() for found in _IMAGE.finditer(html) if found.group(1) == wanted)
