"""Checked keys to the values that the rest of maild works with: defaults that depend on other keys are filled in here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from maild.mail.message import Limits
from maild.process.desk import Desk
from maild.process.trust import TrustMethod
from maild.settings.fields import Moment
from maild.settings.maild_toml import DatabaseKeys, DeskKeys, LimitsKeys, MailboxKeys, MaildToml, SmtpKeys, TrustKeys
from maild.settings.oauth import build_oauth
from maild.settings.operation_toml import OperationKeys
from maild.settings.paths import from_place
from maild.settings.scan_toml import ScanKeys
from maild.settings.values import MailboxSettings, OAuthSettings, OperationSettings, ScanSettings, Secret, SmtpSettings

IMAP_PORT = {"tls": 993, "starttls": 143, "none": 143}
SUBMISSION_PORT = {"tls": 465, "starttls": 587, "none": 25}
"""RFC 8314 3.3, RFC 6409 3.1; 25 for a server on loopback."""

DEFAULT_SECRET = "secrets/mailbox-password"  # noqa: S105  # the name of a file


def build_desk(keys: DeskKeys) -> Desk:
    """Build section [desk]."""
    return Desk(**keys.model_dump(exclude={"time_zone"}), time_zone=keys.time_zone.key)


def build_mailbox(keys: MailboxKeys, index: int, desk: DeskKeys, start: Path) -> MailboxSettings:
    """Build one [[mailbox]]."""
    key, username = f"mailbox[{index}].password_file", keys.username or desk.address
    fallback = Secret(key=key, file=from_place(start, DEFAULT_SECRET))
    return MailboxSettings(
        host=keys.host,
        port=keys.port or IMAP_PORT[keys.security],
        security=keys.security,
        username=username,
        secret=build_secret(keys, f"mailbox[{index}]", start) or fallback,
        oauth=build_oauth(keys.oauth, f"mailbox[{index}]", username=username, start=start) if keys.oauth else None,
        name=keys.name,
        since=build_since(keys.since, desk),
        after=keys.after,
        processed=keys.processed,
        ca_file=from_place(start, keys.ca_file) if keys.ca_file else None,
        poll_seconds=keys.poll.total_seconds(),
        lease_seconds=keys.lease.total_seconds(),
    )


def build_since(since: Moment | None, desk: DeskKeys) -> datetime | None:
    """Build a point in time in UTC: a date means its midnight where the desk is."""
    if since is None:
        return None
    if not isinstance(since, datetime):
        since = datetime.combine(since, time(), desk.time_zone)
    return since.astimezone(UTC)


def build_smtp(keys: SmtpKeys, first: MailboxSettings, start: Path) -> SmtpSettings:
    """Build section [smtp]; what it leaves out is as in the first mailbox."""
    username = first.username if keys.username is None else keys.username or None
    own = build_secret(keys, "smtp", start)
    return SmtpSettings(
        host=keys.host or first.host,
        port=keys.port or SUBMISSION_PORT[keys.security],
        security=keys.security,
        username=username,
        secret=(own or first.secret) if username else None,
        oauth=build_smtp_oauth(keys, first, username, start) if username and not own else None,
        null_sender=keys.null_sender,
        connections=keys.connections,
        ca_file=build_ca_file(keys, first, start),
        timeout_seconds=keys.timeout.total_seconds(),
    )


def build_smtp_oauth(keys: SmtpKeys, first: MailboxSettings, username: str, start: Path) -> OAuthSettings | None:
    """Build the tokens of the submission server: its own section, or those of the first mailbox."""
    return build_oauth(keys.oauth, "smtp", username=username, start=start) if keys.oauth else first.oauth


def build_ca_file(keys: SmtpKeys, first: MailboxSettings, start: Path) -> Path | None:
    """Build the authority of the submission server: where its host is the first mailbox's, so is its certificate."""
    if keys.ca_file:
        return from_place(start, keys.ca_file)
    return first.ca_file if keys.host in {None, first.host} else None


def build_secret(keys: MailboxKeys | SmtpKeys | DatabaseKeys, section: str, start: Path) -> Secret | None:
    """Build where a section's secret is kept; None if it names no place."""
    if keys.password_env:
        return Secret(key=f"{section}.password_env", variable=keys.password_env)
    if keys.password_file:
        return Secret(key=f"{section}.password_file", file=from_place(start, keys.password_file))
    return None


def build_limits(keys: LimitsKeys) -> Limits:
    """Build section [limits]."""
    return Limits(**keys.model_dump(exclude={"time", "parsers"}), seconds=keys.time.total_seconds())


def build_scan(keys: ScanKeys) -> ScanSettings | None:
    """Build section [scan]; None where no scanner is named."""
    return ScanSettings(clamd=keys.clamd, timeout_seconds=keys.timeout.total_seconds()) if keys.clamd else None


def build_trust(keys: TrustKeys) -> TrustMethod:
    """Build section [trust]."""
    return TrustMethod(method=keys.method, value=keys.value or "")


def build_operation(keys: OperationKeys) -> OperationSettings:
    """Build section [operation]."""
    seconds = keys.reconcile.total_seconds()
    return OperationSettings(metrics_port=keys.metrics_port, reconcile_seconds=seconds, log=keys.log)


def build_mailboxes(keys: MaildToml, start: Path) -> Iterator[MailboxSettings]:
    """Build every [[mailbox]], and behind it the one of its sent mail."""
    for index, mailbox in enumerate(keys.mailbox):
        built = build_mailbox(mailbox, index, keys.desk, start)
        yield built
        if mailbox.sent:
            yield replace(built, name=mailbox.sent, after="leave", is_sent=True)
