"""What the parsing processes are told to read by: the models in service, and what several clients wrote about lately."""

import threading
from dataclasses import replace

from maild.intake.classifying import Classifying
from maild.intake.reading import Reading
from maild.knowledge.lately import Lately
from maild.mail.pool import ParsingPool


class Reads:
    """Changed by several lines of the daemon, each of which knows one half."""

    def __init__(self, pool: ParsingPool, reading: Reading) -> None:
        """`reading`: what the pool does with each mail now."""
        self._pool, self._reading = pool, reading
        self._lock = threading.Lock()

    def use(self, classifying: Classifying) -> None:
        """Let what is read from now on be read with these models."""
        with self._lock:
            self._change(replace(self._reading, classifying=classifying))

    def remember(self, lately: Lately) -> None:
        """Let it be read by what came before it, too."""
        with self._lock:
            self._change(replace(self._reading, lately=lately))

    def _change(self, reading: Reading) -> None:
        self._reading = reading
        self._pool.change_then(reading)
