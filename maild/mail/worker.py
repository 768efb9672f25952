"""What runs inside a process of the pool: parsing, under a limit of memory."""

import contextlib
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from maild.errors import MaildError, Unavailable, Unreadable
from maild.mail.message import Limits, Mail

Parsed: TypeAlias = tuple[Mail, Any]
"""A mail, and what `then` made of it."""

MEMORY_FACTOR = 12
"""Octets that parsing may take for an octet of source, the tree, its decoded parts and their copies together."""

LARGE_OCTETS = 2_000_000
"""A group of sources after which memory is given back."""

MEMORY_FLOOR = 256 * 1024 * 1024

_TROUBLES: list[Exception] = []
"""Why this process can do nothing: said by its tasks, because a process that simply died could not say it."""


class Then(Protocol):
    """What is done with a mail in the process that has parsed it, because it costs time too; pickle carries it there."""

    def prepare(self) -> None:
        """Load what it needs; before the memory is limited, and before a mail's time begins."""

    def __call__(self, mail: Mail, source: bytes, /) -> Any:
        """Give what is to come back with the mail."""


def prepare(limits: Limits, then: Then | None) -> None:
    """Set up one child; where that fails, its tasks raise Unavailable."""
    try:
        import maild.mail.preload  # noqa: F401 - the fork server has done so and says nothing where it could not

        if then is not None:
            then.prepare()
        _limit_memory(limits)
    except Exception as error:
        _TROUBLES.append(error)


def _limit_memory(limits: Limits) -> None:
    """Let the address space end, so that a bomb gets MemoryError and not the machine's last page."""
    import resource

    room = _address_space() + max(MEMORY_FLOOR, MEMORY_FACTOR * limits.source_bytes)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (room if hard == resource.RLIM_INFINITY else min(room, hard), hard))


def parse_sources(
    sources: list[bytes], limits: Limits, languages: Sequence[str], then: Then | None
) -> list[Parsed | Unreadable]:
    """Parse one after the other; a source that cannot be read does not stop the next.

    `sources` is emptied: the pool's library keeps it until its next task, which may be hours of 50 MB. Raises
    Unavailable where no mail is to blame.
    """
    for trouble in _TROUBLES:
        raise trouble if isinstance(trouble, MaildError) else broken(trouble)
    octets = sum(map(len, sources))
    answers: list[Parsed | Unreadable] = []
    while sources:
        answers.append(_parse(sources.pop(0), limits, languages, then))
    if octets > LARGE_OCTETS:
        _give_back()
    return answers


def _parse(source: bytes, limits: Limits, languages: Sequence[str], then: Then | None) -> Parsed | Unreadable:
    from maild.mail.reading import parse

    try:
        mail = parse(source, limits, languages)
        return mail, then(mail, source) if then is not None else None
    except Unreadable as error:
        # A new one: the cause may hold half a tree, and is not for the pipe.
        return Unreadable(str(error))
    except ImportError as error:
        raise broken(error) from error


def broken(error: object) -> Unavailable:
    """Say what is wrong with all processes that parse, and whose trouble that is."""
    return Unavailable(
        f"The processes that parse cannot work: {error!r}. No mail is to blame, all of them wait where they are. "
        "maild's installation is broken: install it anew, then start it again."
    )


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
