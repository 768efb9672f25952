"""The fingerprint of a mail of our own, as its copies have it."""

from maild.mail.contents import read_contents
from maild.mail.fingerprint import fingerprint
from maild.mail.headers import read_headers
from maild.mail.tree import build_tree, leaves


def fingerprint_of(content: bytes) -> str:
    """As `Mail.fingerprint`; only for what maild itself has written: nothing is checked first."""
    part = build_tree(content)
    return fingerprint(read_headers(part), read_contents(leaves(part)).digests)
