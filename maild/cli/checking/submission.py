"""Check of the submission server: does it let maild in."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.opening import open_smtp

CURE = "[smtp] host, port, security, username and password_file in maild.toml; what is left out is as in the first [[mailbox]]"
PATIENCE_SECONDS = 15.0


def check_submission(trial: Trial) -> Iterator[Finding]:
    """Connect, verify and log in; nothing is submitted."""
    yield attempt("smtp", lambda: asyncio.run(look(trial)), cure=CURE)


async def look(trial: Trial) -> str:
    """Say what the server is. Raises Unavailable or ConfigurationError."""
    smtp = trial.settings.smtp
    patient = replace(smtp, timeout_seconds=min(smtp.timeout_seconds, PATIENCE_SECONDS))
    door = open_smtp(patient, trial.environ)
    try:
        return await door.check()
    finally:
        await door.close()
