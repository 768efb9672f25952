"""Log lines: the event in words, then key=value; never a secret, never a body."""

import json
import logging
import sys
from datetime import UTC, datetime
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
    # The space is the only blank that Python calls printable.
    return text if text.isprintable() and " " not in text else repr(text)


class JsonFormatter(logging.Formatter):
    """`{"at": "2026-11-23T12:00:00Z", "level": "info", "part": "maild.intake", "event": "mail held", "mail": 12}`."""

    def format(self, record: LogRecord) -> str:
        """One object on one line: the event's words, and everything that was given as `extra`, under the same names."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told: dict[str, object] = {"at": at, "level": record.levelname.lower(), "part": record.name}
        told["event"] = record.getMessage()
        told |= {name: value for name, value in vars(record).items() if name not in _STANDARD and name not in told}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True, default=str)


def log_to_stderr(*, verbose: bool, form: str = "text") -> None:
    """Send the log lines of maild to standard error. `form`: `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    usual = EventFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    handler.setFormatter(JsonFormatter() if form == "json" else usual)
    root = logging.getLogger("maild")
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False
