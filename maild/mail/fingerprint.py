"""What is alike at each delivery of one mail, as one digest."""

from collections.abc import Iterable
from hashlib import sha256

from maild.mail.contents import read_contents
from maild.mail.headers import Headers, read_headers
from maild.mail.tree import build_tree, leaves


def fingerprint(headers: Headers, digests: Iterable[str]) -> str:
    """SHA-256 of From, Date and Subject as written, and of every leaf's decoded octets; trace fields are not in it."""
    total = sha256()
    for name in ("from", "date", "subject"):
        for field in headers.all(name):
            total.update(f"{name}:{' '.join(field.text.split())}\n".encode("utf-8", "replace"))
    for digest in digests:
        total.update(digest.encode())
    return total.hexdigest()


def fingerprint_of(content: bytes) -> str:
    """The same of what maild itself has written, as its copies have it: nothing is checked first."""
    part = build_tree(content)
    return fingerprint(read_headers(part), read_contents(leaves(part)).digests)
