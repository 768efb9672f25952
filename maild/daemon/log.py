"""Log lines: the event in words, then key=value; never a secret, never a body."""

import logging
import sys
from logging import LogRecord

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class EventFormatter(logging.Formatter):
    """`2026-11-23T12:00:00Z INFO maild.intake: mail held mail=12 because='...'`."""

    def formatMessage(self, record: LogRecord) -> str:  # noqa: N802 - the library's name
        """The usual line, with everything that was given as `extra`."""
        line = super().formatMessage(record)
        extras = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        return " ".join((line, *(f"{name}={_shown(value)}" for name, value in extras.items())))


def _shown(value: object) -> str:
    """One line, quoted where it has blanks: a log line cannot be forged by what a mail contains."""
    text = str(value)
    return repr(text) if any(character.isspace() or not character.isprintable() for character in text) else text


def log_to_stderr(*, verbose: bool) -> None:
    """Send the log lines of maild to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    root = logging.getLogger("maild")
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False
