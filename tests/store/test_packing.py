"""Bytes as the database keeps them, of this version and of those before."""

import zlib
from random import Random

import pytest

from maild.mail.head import HEAD_OCTETS
from maild.store.database.packing import NOTHING, START, pack, unpack, unpack_start

TEXT = b"The printer on the third floor does not answer.\r\n" * 4_000
NOISE = Random(7).randbytes(200_000)
CONTENTS = (b"", b"x", TEXT[:START], TEXT[: START + 1], TEXT, NOISE)


@pytest.mark.parametrize("content", CONTENTS, ids=len)
def test_what_was_kept_comes_back_whoever_kept_it(content: bytes) -> None:
    assert unpack(pack(content)) == content
    assert unpack(zlib.compress(content, 1)) == content


@pytest.mark.parametrize("content", [TEXT, NOISE], ids=["text", "noise"])
def test_a_head_is_told_by_the_first_octets_that_are_kept(content: bytes) -> None:
    start = unpack_start(pack(content)[:HEAD_OCTETS], HEAD_OCTETS)
    assert START <= len(start) <= HEAD_OCTETS
    assert content.startswith(start)
    before = unpack_start(zlib.compress(content, 1)[:HEAD_OCTETS], HEAD_OCTETS)
    assert content.startswith(before)
    assert len(before) > START


def test_damage_is_seen() -> None:
    packed = bytearray(pack(NOISE))
    packed[len(packed) // 2] ^= 1
    with pytest.raises(Exception, match="checksum"):
        unpack(bytes(packed))


def test_what_is_erased_is_found_by_what_stands_in_its_place() -> None:
    assert NOTHING.hex() == "7801030000000001"
    assert unpack(NOTHING) == b""
