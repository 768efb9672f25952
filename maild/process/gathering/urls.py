"""Addresses of pages and services (RFC 3986), and what begins with `www.`."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_URL = re.compile(
    r"(?<![\w/])(?:(?:https?|ftps?|sftp|s3[an]?|smb|ssh|rdp|ldaps?|wss?|git)://|www\.(?=[\w-]{1,63}\.))"
    r"[^\s<>\"'`|\\^{}\[\]()]{2,500}",
    re.IGNORECASE,
)


def without_urls(text: str) -> str:
    """Blank them out, one space a character, for finders that would read their parts as something else."""
    return _URL.sub(lambda found: " " * len(found[0]), text) if _may_have_url(text) else text


def _may_have_url(text: str) -> bool:
    return "://" in text or "www." in text.lower()


def find_urls(material: Material, /) -> Iterator[Place]:
    """Give each without the punctuation of the sentence around it."""
    for found in _URL.finditer(material.text) if _may_have_url(material.text) else ():
        value = found[0].rstrip(".,;:!?*_")
        yield Place(value, found.start(), found.start() + len(value))
