"""What runs inside a process of the pool: parsing, under limits of memory and time."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol, TypeAlias

from maild.errors import MaildError, Unavailable, Unreadable
from maild.garbage import collect_rarely
from maild.mail.message import Limits, Mail

Parsed: TypeAlias = tuple[Mail, Any]
"""A mail, and what `then` made of it."""

Readable: TypeAlias = tuple[Mail, bytes]
"""A mail, and its source."""

MEMORY_FACTOR = 12
"""Octets that parsing may take for an octet of source, the tree, its decoded parts and their copies together."""

LARGE_OCTETS = 2_000_000
"""A group of sources after which memory is given back."""

YIELDING = 10
"""By how much these processes are nicer (nice(2)) than the daemon, for whose one thread of decisions all mails wait."""

MEMORY_FLOOR = 256 * 1024 * 1024

TOO_SLOW = signal.SIGALRM
"""By which a process ends that has not parsed in time."""

_TROUBLES: list[Exception] = []
"""Why this process can do nothing: said by its tasks, because a process that simply died could not say it."""


class Then(Protocol):
    """What is done with a mail in the process that has parsed it, because it costs time too; pickle carries it there."""

    def prepare(self) -> None:
        """Load what it needs; before the memory is limited, and before a mail's time begins."""

    def __call__(self, mails: Sequence[Readable], /) -> Sequence[Any]:
        """Give what is to come back with each of some mails; one step for all of them, then the next, is quickest."""


def prepare(limits: Limits, then: Then | None) -> None:
    """Set up one child; where that fails, its tasks raise Unavailable."""
    try:
        import maild.mail.preload  # noqa: F401 - the fork server has done so and says nothing where it could not

        if then is not None:
            then.prepare()
        with contextlib.suppress(OSError):  # a service manager may forbid it, and mail is read all the same
            os.nice(YIELDING)
        collect_rarely()
        _limit_memory(limits)
        signal.signal(TOO_SLOW, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [TOO_SLOW])
    except Exception as error:
        _TROUBLES.append(error)


def _limit_memory(limits: Limits) -> None:
    """Let the address space end, so that a bomb gets MemoryError and not the machine's last page."""
    import resource

    room = _address_space() + max(MEMORY_FLOOR, MEMORY_FACTOR * limits.source_bytes)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (room if hard == resource.RLIM_INFINITY else min(room, hard), hard))


def parse_sources(
    sources: list[bytes], limits: Limits, languages: Sequence[str], then: Then | None, seconds: float
) -> list[Parsed | Unreadable]:
    """Parse all of them, then do with all of them what comes next; a source that cannot be read does not stop the others.

    After `seconds` the process ends by `TOO_SLOW`, whatever it does.
    `sources` is emptied: the pool's library keeps it until its next task, which may be hours of 50 MB. Raises
    Unavailable where no mail is to blame.
    """
    for trouble in _TROUBLES:
        raise trouble if isinstance(trouble, MaildError) else broken(trouble)
    octets = sum(map(len, sources))
    try:
        with _alarm(seconds):
            answers = _answers(sources, limits, languages, then)
    except ImportError as error:
        raise broken(error) from error
    if octets > LARGE_OCTETS:
        _give_back()
    return answers


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """End this process in time; the kernel counts, to which it is all one whether somebody sets the clock (setitimer(2))."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answers(
    sources: list[bytes], limits: Limits, languages: Sequence[str], then: Then | None
) -> list[Parsed | Unreadable]:
    """Step by step, and not mail by mail: what a step works with stays in the processor's own memory meanwhile."""
    taken = list(sources)
    sources.clear()
    mails = _parse_all(taken, limits, languages)
    readable = [(mail, source) for mail, source in zip(mails, taken, strict=True) if isinstance(mail, Mail)]
    further = iter(_further(readable, then))
    return [mail if isinstance(mail, Unreadable) else next(further) for mail in mails]


def _parse_all(sources: Sequence[bytes], limits: Limits, languages: Sequence[str]) -> list[Mail | Unreadable]:
    from maild.mail.reading import read, tell_language

    mails = [_tried(partial(read, source, limits)) for source in sources]
    return [mail if isinstance(mail, Unreadable) else _tried(partial(tell_language, mail, languages)) for mail in mails]


def _tried(step: Callable[[], Mail]) -> Mail | Unreadable:
    try:
        return step()
    except Unreadable as error:
        # A new one: the cause may hold half a tree, and is not for the pipe.
        return Unreadable(str(error))


def _further(mails: Sequence[Readable], then: Then | None) -> list[Parsed | Unreadable]:
    """Each mail with what is made of it; one that cannot be read further is found by itself."""
    if then is None or not mails:  # a look at whether the process works asks nothing of `then`
        return [(mail, None) for mail, _ in mails]
    try:
        return [(mail, made) for (mail, _), made in zip(mails, then(mails), strict=True)]
    except Unreadable as error:
        if len(mails) == 1:
            return [Unreadable(str(error))]
        return [answer for mail in mails for answer in _further([mail], then)]


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
