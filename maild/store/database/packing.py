"""Bytes as the database keeps them: compressed by Zstandard, which takes a fifth of zlib's time for as few octets (measured).

What was kept before is zlib's, and is read as such: the two begin differently.
"""

import sys
import zlib
from collections.abc import Mapping

from maild.errors import Unreadable

if sys.version_info >= (3, 14):
    from compression.zstd import CompressionParameter, ZstdCompressor, ZstdDecompressor, ZstdError, decompress
else:
    from backports.zstd import CompressionParameter, ZstdCompressor, ZstdDecompressor, ZstdError, decompress

# Mail shrinks to a half by any level; the first one costs least. The checksum shows damage, as zlib's did.
_OPTIONS: Mapping[int, int] = {CompressionParameter.compression_level: 1, CompressionParameter.checksum_flag: 1}

START = 31_000
"""Octets that stand in a block of their own, so that they can be had from the first 32,000 that are kept."""

CURE = "Look at the disk, and have the mail again from a backup that is older than the damage (`maild restore`) or from its author."


class Damaged(Unreadable):
    """What was packed cannot be read any more: trouble of this one mail, and of no other."""


_MAGIC = b"\x28\xb5\x2f\xfd"

NOTHING = zlib.compress(b"", 1)
"""What stands in place of a rendered mail that was erased; as it always was, since rows are looked for by it."""


def pack(content: bytes) -> bytes:
    """Compress."""
    compressor = ZstdCompressor(options=_OPTIONS)
    if len(content) <= START:
        return compressor.compress(content, ZstdCompressor.FLUSH_FRAME)
    start = compressor.compress(content[:START], ZstdCompressor.FLUSH_BLOCK)
    return start + compressor.compress(content[START:], ZstdCompressor.FLUSH_FRAME)


def unpack(packed: bytes) -> bytes:
    """Give the very bytes that were packed. Raises Damaged."""
    try:
        return decompress(packed) if packed.startswith(_MAGIC) else zlib.decompress(packed)
    except (ZstdError, zlib.error) as error:
        raise Damaged(f"A mail's bytes in the database are damaged ({error}). {CURE}") from error


def unpack_readable(packed: bytes) -> bytes | None:
    """As `unpack`; None where it is damaged, for those who can go on without it."""
    try:
        return unpack(packed)
    except Damaged:
        return None


def unpack_start(packed: bytes, octets: int) -> bytes:
    """Give the first octets of what was packed, from its own first octets: as many as these tell, at most so many."""
    decompressor = ZstdDecompressor() if packed.startswith(_MAGIC) else zlib.decompressobj()
    try:
        return decompressor.decompress(packed, octets)
    except (ZstdError, zlib.error):
        return b""  # whoever reads all of it says so
