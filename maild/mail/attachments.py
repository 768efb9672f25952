"""The bytes of one attachment, found again in its source."""

from maild.mail.contents import all_files
from maild.mail.tree import build_tree


def read(source: bytes, digest: str) -> bytes | None:
    """Decode the attachment with this digest (`Attachment.digest`); None when the source holds no such one.

    `source` must have been parsed before: its structure is not checked again.
    """
    found = (file.content for file in all_files(build_tree(source)) if file.attachment.digest == digest)
    return next(found, None)
