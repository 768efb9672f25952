"""Check of the virus scanner: does it answer, and does it find anything."""

from collections.abc import Iterator

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.opening import open_clamd
from maild.doors.clamd import Clamd
from maild.errors import Refused

CURE = "[scan] clamd in maild.toml: the LocalSocket of clamd.conf; maild's user must be allowed to open it, and its signatures must be there (freshclam)"

_HALVES = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
"""Of the file that every scanner knows and that harms nobody; in halves, so that none takes this one for it."""


def check_scanner(trial: Trial) -> Iterator[Finding]:
    """Ask for its version, and let it look at the harmless test file that every scanner must find."""
    clamd = open_clamd(trial.settings)
    if clamd is None:
        yield Finding(part="scan", ok=True, message="not configured: attachments are passed on unscanned", cure="")
    else:
        yield attempt("scan", lambda: look(clamd), cure=CURE)


def look(clamd: Clamd) -> str:
    """Say what it is. Raises Refused where it finds nothing in what it must find."""
    version = clamd.version()
    found = clamd.find_virus("".join(_HALVES).encode())
    if found is None:
        raise Refused(f"{version} does not find the EICAR test file: it has no signatures")
    return f"{version}; it finds the EICAR test file ({found})"
