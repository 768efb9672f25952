"""The bytes of one attachment, found again in its source."""

from itertools import chain

from maild.mail.contents import all_files, whole_texts
from maild.mail.tree import build_tree


def read(source: bytes, digest: str) -> bytes | None:
    """Decode the attachment with this digest (`Attachment.digest`); None when the source holds no such one.

    `source` must have been parsed before: its structure is not checked again.
    """
    part = build_tree(source)
    files = chain(all_files(part), whole_texts(part))
    return next((file.content for file in files if file.attachment.digest == digest), None)
