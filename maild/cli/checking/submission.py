"""Check of the submission server: does it let maild in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.opening import open_smtp
from maild.daemon.running import system_clock
from maild.doors.smtp import SmtpDoor

CURE = "[smtp] host, port, security, username and password_file in maild.toml; what is left out is as in the first [[mailbox]]"
PATIENCE_SECONDS = 15.0


def check_submission(trial: Trial) -> Iterator[Finding]:
    """Connect, verify and log in; nothing is submitted."""
    yield attempt("smtp", lambda: asyncio.run(knock(trial, lambda door: door.check())), cure=CURE)


async def knock(trial: Trial, ask: Callable[[SmtpDoor], Awaitable[str]]) -> str:
    """Give what the server's answer is to a question over a door that is closed again. Raises Refused and ConfigurationError."""
    smtp = trial.settings.smtp
    patient = replace(smtp, timeout_seconds=min(smtp.timeout_seconds, PATIENCE_SECONDS))
    door = open_smtp(patient, trial.environ, system_clock)
    try:
        return await ask(door)
    finally:
        await door.close()
