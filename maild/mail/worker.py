"""What runs inside a process of the pool: parsing, under a limit of memory."""

import contextlib
from collections.abc import Sequence

from maild.errors import Unreadable
from maild.mail.message import Limits, Mail

MEMORY_FACTOR = 12
"""Octets that parsing may take for an octet of source, the tree, its decoded parts and their copies together."""

LARGE_OCTETS = 2_000_000
"""A group of sources after which memory is given back."""

MEMORY_FLOOR = 256 * 1024 * 1024


def prepare(limits: Limits) -> None:
    """Set up one child: an address space that ends, so that a bomb gets MemoryError and not the machine's last page."""
    import resource

    room = _address_space() + max(MEMORY_FLOOR, MEMORY_FACTOR * limits.source_bytes)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (room if hard == resource.RLIM_INFINITY else min(room, hard), hard))


def parse_sources(sources: list[bytes], limits: Limits, languages: Sequence[str]) -> list[Mail | Unreadable]:
    """Parse one after the other; a source that cannot be read does not stop the next.

    `sources` is emptied: the pool's library keeps it until its next task, which may be hours of 50 MB.
    """
    octets = sum(map(len, sources))
    answers = []
    while sources:
        answers.append(_parse(sources.pop(0), limits, languages))
    if octets > LARGE_OCTETS:
        _give_back()
    return answers


def _parse(source: bytes, limits: Limits, languages: Sequence[str]) -> Mail | Unreadable:
    from maild.mail.reading import parse

    try:
        return parse(source, limits, languages)
    except Unreadable as error:
        # A new one: the cause may hold half a tree, and is not for the pipe.
        return Unreadable(str(error))


def _give_back() -> None:
    """Return free memory to the machine: the C library keeps hundreds of megabytes of one large mail for the next."""
    import ctypes
    import gc

    gc.collect()
    with contextlib.suppress(AttributeError, OSError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


def _address_space() -> int:
    """Octets of address space that are taken already (proc(5), statm)."""
    import resource
    from pathlib import Path

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
