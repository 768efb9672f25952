"""SIGTERM, Ctrl-C and a terminal that is closed as an event, whatever the main thread is doing at that moment."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Set `stop` when a signal asks for it; for the main thread.

    Deliberately not in a handler of Python's: it runs only when the main thread comes back to Python, which a wait that
    has just begun never does, and it could interrupt that very wait with the lock in hand that `set` needs. The
    interpreter writes the signal's number to a socket at once, and a thread of its own reads it there.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    former_fd = signal.set_wakeup_fd(told.fileno())
    is_detached = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup: whoever started us may go
    heeded = [number for number in STOPS if not (is_detached and number is signal.SIGHUP)]
    former = {number: signal.signal(number, _note) for number in heeded}
    thread = threading.Thread(target=_listen, args=(heard, stop), name="signals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(former_fd)
        told.close()
        thread.join()
        heard.close()


def _listen(heard: socket.socket, stop: threading.Event) -> None:
    while octets := heard.recv(16):
        if any(number in octets for number in STOPS):
            stop.set()


def _note(*_: object) -> None:
    """Do nothing: that there is a handler makes the interpreter write the number."""
