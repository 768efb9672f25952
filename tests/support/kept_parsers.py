"""The processes of a desk's parsing pool outlive it: they have read the models that the next desk reads mail with, too.

In the suite's own process alone.
"""

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from maild.daemon import parts
from maild.mail.pool import ParsingPool, _end

if TYPE_CHECKING:
    from pebble import ProcessPool


class KeptParsers(ParsingPool):
    """Begins with the processes that the one before it has left."""

    left: "tuple[Any, ProcessPool] | None" = None
    """How they read, and the pool of them."""

    def __enter__(self) -> Self:
        self._begun_with = self._way_of_reading
        left, KeptParsers.left = KeptParsers.left, None
        if left and left[0] == self._begun_with and left[1].active:
            self._pool = left[1]
        elif left:
            _end(left[1])
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # what has read other models meanwhile would have to read these again, in the time of a mail
        if self._pool and KeptParsers.left is None and self._way_of_reading == self._begun_with:
            KeptParsers.left, self._pool = (self._begun_with, self._pool), None
        super().__exit__(kind, error, traceback)

    @property
    def _way_of_reading(self) -> Any:
        return self._limits, self._workers, getattr(self._then, "classifying", None)


parts.ParsingPool = KeptParsers  # type: ignore[attr-defined]


def pytest_sessionfinish() -> None:
    """Leave no process behind."""
    if KeptParsers.left:
        _end(KeptParsers.left[1])
