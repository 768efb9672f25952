"""Processes that parse, and that can be killed: one bad mail never harms the next (DESIGN, decision 4)."""

import logging
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from types import TracebackType
from typing import TYPE_CHECKING, Self

from maild.errors import ConfigurationError, Deferred, Refused, Unavailable, Unreadable
from maild.mail.message import Limits, Mail
from maild.mail.parsing import Parsing, Pulse
from maild.mail.worker import TOO_SLOW, Parsed, Then, broken, parse_sources, prepare

if TYPE_CHECKING:
    from pebble import ProcessPool

CHUNK_MAILS = 8
CHUNK_OCTETS = 1_000_000
"""A chunk shares one trip to a process; large mails travel alone."""

CHUNK_SHARE = 0.25
"""Of the time of one mail, for a whole chunk: ordinary mails need a hundredth of it. What is over is parsed singly."""

TRIES = 3
"""A process may die by another's hand, and a broken pool fails every mail in it; three times is the mail's own fault."""

LONGEST_TEMPORARY_FOLDER = 72
"""Octets. A socket below it has 32 more, and its whole path no more than 104 everywhere (107 on Linux, unix(7))."""

_PRELOADED = ("maild.mail.worker", "maild.mail.preload")

logger = logging.getLogger(__name__)


def start_reading(further: str) -> None:
    """Let the fork server read its libraries, and the module `further` of a `then`, beside what this process begins with.

    It ends with this process. Where it cannot start, the pool tries again, and says why.
    """
    _start_server([further])


class ParsingPool:
    """A context manager around a few processes; safe to use from several threads."""

    def __init__(self, limits: Limits, languages: Sequence[str], workers: int = 2, *, then: Then | None = None) -> None:
        """Start nothing yet. `then` is called with what a process has parsed, in that process, within the same limits."""
        self._then = then
        self._limits = limits
        self._languages = tuple(languages)
        self._workers = workers
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._pulse = Pulse()
        self._is_closed = False

    def change_then(self, then: Then) -> None:
        """From the next mail on, do something else with each; mails that are on their way keep what they had."""
        self._then = then

    def __enter__(self) -> Self:
        """Start the processes. Raises ConfigurationError or Refused where there is no room for their sockets."""
        _check_temporary_folder()
        self._is_closed = False
        self._running()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the processes, whatever they do."""
        with self._lock:
            self._is_closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)

    def await_ready(self) -> None:
        """Wait until a process is ready to parse. Raises Unavailable where none comes to be: the installation is broken."""
        death = self._death()
        if death is not None:
            raise broken(death)

    def parse(self, sources: Sequence[bytes]) -> list[Mail | Unreadable]:
        """Parse each source, as `parse_further` does, and give the mails alone."""
        return [each if isinstance(each, Unreadable) else each[0] for each in self.parse_further(sources)]

    def parse_further(self, sources: Sequence[bytes]) -> list[Parsed | Unreadable]:
        """Parse each source, and give the mail with what `then` made of it; in the order of the sources.

        A mail that takes longer than `limits.seconds`, or whose process dies each of `TRIES` times, is Unreadable; the others
        are not touched by it. Raises Deferred when the pool is closed meanwhile: no mail is to blame for a shutdown; and
        Unavailable when no process can work, as after half an update.
        """
        chunks = _chunks(sources)
        started = [self._start(chunk) for chunk in chunks]
        answers: list[Parsed | Unreadable] = []
        for chunk, parsing in zip(chunks, started, strict=True):
            answers += self._finish(chunk, parsing)
        return answers

    def _finish(self, chunk: Sequence[bytes], parsing: Parsing | None) -> list[Parsed | Unreadable]:
        """Wait for a chunk; where it failed, parse its mails one by one to find out whose fault it was."""
        if len(chunk) == 1:
            return [self._alone(chunk[0], parsing)]
        try:
            if parsing is not None:
                return parsing.result()
        except Unavailable:
            raise
        except Exception as error:
            logger.info("chunk of mails failed, parsed one by one", extra={"mails": len(chunk), "error": repr(error)})
        return [self._alone(source, self._start([source])) for source in chunk]

    def _alone(self, source: bytes, parsing: Parsing | None) -> Parsed | Unreadable:
        """Wait for one mail, and give it another process when its own died."""
        error: Exception | None = None
        for attempt in range(TRIES):
            if attempt:
                parsing = self._start([source])
            try:
                if parsing is not None:
                    return parsing.result()[0]
            except _deaths() as death:
                if getattr(death, "exitcode", None) == -TOO_SLOW:
                    return self._too_slow(source)
                error = death
        self.await_ready()
        logger.warning("mail killed its parser", extra={"octets": len(source), "error": repr(error)})
        return Unreadable(f"The process that parsed the mail died, {TRIES} times ({error}). The mail is held.")

    def _death(self) -> Exception | None:
        """Have no mail parsed, which no mail is to blame for; why even that came to nothing."""
        error: Exception | None = BrokenProcessPool("the pool broke each time that it was started")
        for _ in range(TRIES):
            try:
                if (parsing := self._start([])) is not None:
                    parsing.result()
                    return None
            except _deaths() as death:
                error = death
        return error

    def _too_slow(self, source: bytes) -> Unreadable:
        seconds = self._limits.seconds
        logger.warning("mail killed: too slow", extra={"seconds": seconds, "octets": len(source)})
        return Unreadable(
            f"The mail was not parsed within {seconds:g} s ([limits] time); its process was ended and the mail is held."
        )

    def _start(self, chunk: Sequence[bytes]) -> Parsing | None:
        """Hand a chunk over; None when the pool broke at that very moment."""
        seconds = self._limits.seconds if len(chunk) <= 1 else max(1.0, CHUNK_SHARE * self._limits.seconds)
        pool = self._running()
        try:
            arguments = (list(chunk), self._limits, self._languages, self._then, seconds)
            future = pool.schedule(parse_sources, args=arguments)  # its own time limit goes by the clock
        except RuntimeError:
            return None
        future.add_done_callback(self._pulse.beat)
        return Parsing(pool=pool, future=future, pulse=self._pulse, limit=self._limits.seconds)

    def _running(self) -> "ProcessPool":
        """The pool, started anew when it broke (somebody killed an idle process)."""
        with self._lock:
            if self._is_closed:
                raise Deferred(
                    "Parsing has ended with the daemon; the mails are stored and are taken in at its next start."
                )
            if self._pool is not None and not self._pool.active:
                logger.warning("parsing pool broke, started anew")
                _end(self._pool)
                self._pool = None
            if self._pool is None:
                self._pool = _launch(self._limits, self._workers, self._then)
            return self._pool


def _deaths() -> tuple[type[Exception], ...]:
    """How the end of a process, or of the whole pool, shows."""
    from pebble import ProcessExpired

    return ProcessExpired, BrokenProcessPool, CancelledError, OSError


def _check_temporary_folder() -> None:
    try:
        folder = tempfile.gettempdir()
    except OSError as error:
        raise Refused(
            f"The processes that parse need a temporary folder: {error.strerror}. Name one in TMPDIR."
        ) from error
    if len(os.fsencode(folder)) > LONGEST_TEMPORARY_FOLDER:
        raise ConfigurationError(
            f"TMPDIR = {folder!r} is too long for the sockets of the processes that parse; "
            f"allowed are {LONGEST_TEMPORARY_FOLDER} octets: name another folder, such as TMPDIR=/tmp"
        )


def _launch(limits: Limits, workers: int, then: Then | None) -> "ProcessPool":
    """Children of a fork server: they share the language table, and inherit no thread, lock or socket of the daemon."""
    from pebble import ProcessPool

    context = multiprocessing.get_context("forkserver")
    _start_server([type(then).__module__] if then is not None else [])
    pool = ProcessPool(max_workers=workers, initializer=prepare, initargs=(limits, then), context=context)
    # The first task starts the processes; without it the first mail of the day would wait for their imports.
    pool.schedule(parse_sources, args=([], limits, (), None, limits.seconds))
    return pool


def _start_server(further: Sequence[str]) -> None:
    """Ctrl-C goes to it too, and while it reads its libraries it would die of it, with a traceback: it is born deaf to it."""
    forkserver.set_forkserver_preload([*further, *_PRELOADED])
    with suppress(OSError):
        resource_tracker.ensure_running()  # the start of the server begins it, too, and that unblocks Ctrl-C
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with suppress(OSError):
            forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _end(pool: "ProcessPool") -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _chunks(sources: Sequence[bytes]) -> list[list[bytes]]:
    """Cut the sequence, in order, where a chunk would become long or heavy."""
    chunks: list[list[bytes]] = []
    octets = 0
    for source in sources:
        octets += len(source)
        if not chunks or len(chunks[-1]) >= CHUNK_MAILS or octets > CHUNK_OCTETS:
            chunks.append([])
            octets = len(source)
        chunks[-1].append(source)
    return chunks
