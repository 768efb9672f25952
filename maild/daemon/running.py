"""A running maild: each line in a thread of its own, woken by bells, ended by one event."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from maild.daemon.catching_up import catching_up
from maild.daemon.holder import is_dead
from maild.daemon.models import NAP_SECONDS
from maild.daemon.parts import Parts
from maild.daemon.pulse import STILL_SECONDS, Pulse
from maild.daemon.waiting import await_resumption, refuse_before_resumption
from maild.errors import MaildError, Refused
from maild.garbage import collect_rarely
from maild.store.engine import Store
from maild.store.leases import end_leases, list_holders

log = logging.getLogger(__name__)

LONGEST_NAP_SECONDS = 20.0
"""Bells may be missed, and deadlines ring none: each line looks for work this often by itself, or more often where it says so."""

HOUR_SECONDS = 3600.0
MIRROR_NAP_SECONDS = 5.0
"""Nothing rings for what happens to tickets."""

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0

STOP_SECONDS = 8.0
"""Systems that stop a service kill it after 10 s; whatever is still in a transaction then is undone."""


SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter. Whoever asks the database, hashes or compresses lets go of it for a moment, and waits
that long to have it back while another thread works: with Python's 5 ms that was a sixth of the time on PostgreSQL (benchmarks/speed.md)."""


@dataclass(frozen=True, slots=True)
class Line:
    """Work that is done again and again."""

    name: str
    work: Callable[[], object]
    bell: threading.Event
    pulse: Pulse
    nap_seconds: float = LONGEST_NAP_SECONDS


def system_clock() -> datetime:
    """Now, in UTC. Only the daemon and the command line read the clock."""
    return datetime.now(UTC)


def run(parts: Parts, *, ready: Callable[[], None] = lambda: None) -> None:
    """Work until `parts.stop` is set; then end every line cleanly."""
    sys.setswitchinterval(SWITCH_SECONDS)
    collect_rarely()
    await_resumption(parts.store, parts.stop)
    _try_each([lambda: end_dead_leases(parts.store)])  # before anybody looks for what is free
    lines = _lines(parts)
    threads = [_start(line) for line in lines]
    ready()
    parts.stop.wait()
    log.info("stopping")
    for line in lines:
        line.bell.set()
    _join(threads, STOP_SECONDS)


def run_once(parts: Parts) -> int:
    """Take in all that is there, fire what is due, submit what is due, and end; the number of mails taken in.

    One part in trouble does not stop the others; the first trouble is raised in the end.
    """
    refuse_before_resumption(parts.store)
    taken_in: list[int] = []
    troubles = [
        *_try_each([lambda: end_dead_leases(parts.store)]),
        *_take_over(parts),
        *_try_each([parts.incidents.look]),  # so that what comes in now is read by what came before
        *_try_each([lambda: taken_in.append(parts.intake.take_in_all(parts.stop.is_set))]),
        *_take_over(parts),
        *_try_each([parts.incidents.look, parts.weekly.look]),
        *_try_each([parts.retaining.look]),
        *_try_each([lambda: parts.deadlines.act_on_all(parts.stop.is_set), lambda: _submit_due(parts)]),
        *_try_each([parts.tokens.look]),
    ]
    troubles += _try_each([lambda: _mirror(parts)])
    if troubles:
        raise troubles[0]
    return sum(taken_in)


def _mirror(parts: Parts) -> None:
    """Last of all: a tracker that is down keeps nothing else from being done. What it tells is mailed at once."""
    if parts.mirror:
        parts.mirror.work(parts.stop.is_set)
        _submit_due(parts)


def _submit_due(parts: Parts) -> None:
    """Raises Refused where mail stays due because the server is of no use."""
    trouble = parts.outbox.submit_due_once(parts.stop).trouble
    if trouble:
        raise Refused(f"mail stays due in the outbox: {trouble}")


def end_dead_leases(store: Store) -> None:
    """Free at once what processes of this machine held when they died; elsewhere the lease's end does it."""
    with store.read() as connection:
        dead = [holder for holder in list_holders(connection) if is_dead(holder)]
    if dead:
        count = store.transact(lambda connection: end_leases(connection, dead))
        log.info("leases of dead processes ended", extra={"holders": dead, "rows": count})


def _try_each(works: Iterable[Callable[[], object]]) -> list[Exception]:
    troubles = []
    for trouble in _troubles(works):
        log.warning(
            "part in trouble, the others go on", extra={"because": str(trouble)}, exc_info=_traceback_of(trouble)
        )
        troubles.append(trouble)
    return troubles


def _take_over(parts: Parts) -> list[Exception]:
    """Read every mailbox; each has logged its trouble itself, once."""
    return list(_troubles(mailbox.take_over_once for mailbox in parts.mailboxes))


def _troubles(works: Iterable[Callable[[], object]]) -> Iterator[Exception]:
    for work in works:
        try:
            work()
        except Exception as error:
            yield error


def _lines(parts: Parts) -> Sequence[Line]:
    """All lines; a mailbox and the outbox wait by themselves, and come back only when they are stopped or broken."""
    has_caught_up, of = catching_up(parts.store, system_clock()), parts.watching.pulses.of
    intake, deadlines, outbox = of("intake"), of("deadlines"), of("outbox")
    return (
        _line(parts, "leases", lambda: end_dead_leases(parts.store)),
        _line(parts, "models", parts.models.look, parts.store.bell("models"), NAP_SECONDS),
        _line(parts, "incidents", parts.incidents.look),
        _line(parts, "tokens", parts.tokens.look),
        _line(parts, "intake", lambda: parts.intake.take_in_all(intake.is_set), parts.store.bell("intake")),
        _line(parts, "deadlines", lambda: has_caught_up() and parts.deadlines.act_on_all(deadlines.is_set)),
        _line(parts, "weekly summary", lambda: has_caught_up() and parts.weekly.look()),
        _line(parts, "outbox", lambda: parts.outbox.run(outbox)),
        *(_line(parts, f"mailbox {number}", box.run) for number, box in enumerate(parts.mailboxes)),
        *_hourly(parts),
        *_mirroring(parts),
    )


def _mirroring(parts: Parts) -> Iterator[Line]:
    mirror = parts.mirror
    if mirror is not None:
        pulse, bell = parts.watching.pulses.of("mirror"), parts.store.bell("mirror")
        yield Line("mirror", lambda: mirror.work(pulse.is_set), bell, pulse, MIRROR_NAP_SECONDS)


def _hourly(parts: Parts) -> Iterator[Line]:
    """What a desk does now and then."""
    pulse = parts.watching.pulses.of("retention")
    yield Line("retention", parts.retaining.look, threading.Event(), pulse, HOUR_SECONDS)
    nap = parts.comparing.every_seconds
    if nap is not None:
        pulse = parts.watching.pulses.of("reconcile", allowance=nap + STILL_SECONDS)
        yield Line("reconcile", parts.comparing.compare, threading.Event(), pulse, nap)


def _line(
    parts: Parts,
    name: str,
    work: Callable[[], object],
    bell: threading.Event | None = None,
    nap_seconds: float = LONGEST_NAP_SECONDS,
) -> Line:
    return Line(name, work, bell or threading.Event(), parts.watching.pulses.of(name), nap_seconds)


def _start(line: Line) -> threading.Thread:
    thread = threading.Thread(target=_keep, args=(line,), name=line.name, daemon=True)
    thread.start()
    return thread


def _keep(line: Line) -> None:
    """Do a line's work whenever its bell rings; trouble is one clear line, then a growing pause."""
    pause = FIRST_PAUSE_SECONDS
    line.pulse.begin()
    while not line.pulse.is_set():
        line.bell.clear()
        try:
            line.work()
        except Exception as error:
            _complain(line, error, pause)
            line.pulse.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        else:
            pause = FIRST_PAUSE_SECONDS
            if not line.pulse.is_set():
                line.pulse.beat(line.nap_seconds)
                line.bell.wait(line.nap_seconds)


def _complain(line: Line, error: Exception, pause: float) -> None:
    because = {"line": line.name, "because": str(error), "again_in_seconds": pause}
    log.warning("line in trouble", extra=because, exc_info=_traceback_of(error))


def _traceback_of(error: Exception) -> Exception | None:
    """What maild can explain is a line; anything else is a bug, with its traceback."""
    return None if isinstance(error, MaildError) else error


def _join(threads: Sequence[threading.Thread], seconds: float) -> None:
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    late = [thread.name for thread in threads if thread.is_alive()]
    if late:
        log.warning("lines did not end in time; what they had not committed is undone", extra={"lines": late})
