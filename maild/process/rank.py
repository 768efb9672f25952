"""Rank: how much speaks for an author, from what little is known when many write."""

from enum import IntEnum


class Rank(IntEnum):
    """How much speaks for whoever wrote a mail; the smaller, the more."""

    EXPECTED = 0
    """They answer a mail of ours to them, or our own server vouches for somebody whom the desk knows."""

    VOUCHED = 1
    """Our own server vouches for them; the desk does not know them."""

    KNOWN = 2
    """The desk knows whom the mail names, and nothing vouches for that."""

    UNKNOWN = 3
    """Nothing speaks for them: honest strangers, and whoever forges an author."""
