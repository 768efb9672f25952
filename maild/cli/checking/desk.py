"""What the configuration says that no server contradicts, and that is wrong all the same."""

import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

from maild.cli.checking.finding import Finding, Trial
from maild.shipped import folder as shipped

EXAMPLE_DOMAINS = ("example.org", "example.com", "example.net")
"""Reserved for examples (RFC 2606): mail to them reaches nobody."""


def check_examples(trial: Trial) -> Iterator[Finding]:
    """Find addresses that were never edited."""
    settings = trial.settings
    people = [address for person in settings.team.people for address in person.addresses]
    addresses = [settings.desk.address, *people, *(team.address for team in settings.team.others)]
    left = [address for address in addresses if address.rpartition("@")[2].casefold() in EXAMPLE_DOMAINS]
    if left:
        message = f"nobody reads {', '.join(left)}: these are the examples that maild came with"
        yield Finding(
            part="addresses", ok=True, message=message, cure="edit [desk] address in maild.toml, and team.toml"
        )


def check_secrets(trial: Trial) -> Iterator[Finding]:
    """Find files of secrets that others on this machine may read."""
    settings = trial.settings
    secrets = [*(mailbox.secret for mailbox in settings.mailboxes), settings.smtp.secret, settings.database_secret]
    if settings.linear:
        secrets += [settings.linear.key, settings.linear.webhook_secret]
    for path in sorted({secret.file for secret in secrets if secret and secret.file}):
        if is_open(path):
            message = f"others on this machine may read {path}"
            yield Finding(part="secrets", ok=False, message=message, cure=f"chmod 600 {path}")


def is_open(path: Path) -> bool:
    """Whether others may read a file; a group may: deployments use one for that."""
    try:
        mode = path.stat().st_mode
    except OSError:  # missing, or closed to this user too: whoever needs it says so
        return False
    return stat.S_ISREG(mode) and bool(mode & stat.S_IROTH)


def check_told(trial: Trial) -> Iterator[Finding]:
    """Find events of which nobody hears, or not all who should, because process.toml is older than that."""
    told = tomllib.loads((shipped("config") / "process.toml").read_text(encoding="utf-8"))["told"]
    rows = trial.settings.policy.told
    if mute := [event for event in told if event not in rows]:
        message = f"[told] of process.toml has no row for {', '.join(mute)}: this is written down, and nobody is mailed"
        cure = f"copy these rows from the process.toml that maild init writes; {mute[0]} = {{}} says that nobody is to be told"
        yield Finding(part="told", ok=True, message=message, cure=cure)
    known = {event: dict(rows[event]) for event in told if rows.get(event)}  # a row {} is a decision
    if lacking := [(event, role) for event, roles in known.items() for role in told[event] if role not in roles]:
        named = ", ".join(f"{event}.{role}" for event, role in lacking)
        message = f"[told] of process.toml does not say {named}: whoever has that role hears nothing of it"
        cure = "copy this from the process.toml that maild init writes; "
        cure += f'{lacking[0][1]} = "" in the row says that they are not to be told'
        yield Finding(part="told", ok=True, message=message, cure=cure)
