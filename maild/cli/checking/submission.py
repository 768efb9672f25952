"""Check of the submission server: does it let maild in."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.doors.smtp import SmtpDoor
from maild.settings.secret import read_secret

CURE = "[smtp] host, port, security, username and password_file in maild.toml; what is left out is as in the first [[mailbox]]"
PATIENCE = timedelta(seconds=15)


def check_submission(trial: Trial) -> Iterator[Finding]:
    """Connect, verify and log in; nothing is submitted."""
    yield attempt("smtp", lambda: asyncio.run(look(trial)), cure=CURE)


async def look(trial: Trial) -> str:
    """Say what the server is. Raises Unavailable or ConfigurationError."""
    smtp = trial.settings.smtp
    door = SmtpDoor(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        password=read_secret(smtp.secret, trial.environ) if smtp.secret else None,
        ca_file=smtp.ca_file,
        timeout=min(timedelta(seconds=smtp.timeout_seconds), PATIENCE),
    )
    try:
        return await door.check()
    finally:
        await door.close()
