"""Settings: the whole configuration as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maild.mail.message import Limits
from maild.process.category import Category
from maild.process.desk import Desk
from maild.process.mirroring.policy import MirrorPolicy
from maild.process.people.team import Team
from maild.process.policy import Policy
from maild.process.priority import Priorities
from maild.process.retention import Retention
from maild.process.trust import TrustMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret is kept. It is read when it is needed, and never shown."""

    key: str
    """The configuration key it belongs to, for messages."""

    file: Path | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSettings:
    """One [mailbox.oauth] or [smtp.oauth], with all that the provider is known by."""

    key: str
    """The configuration section, for messages."""

    grant: str
    """`client_credentials`, `refresh_token` or `service_account`."""

    client_id: str
    client_secret: Secret | None
    token_url: str
    device_url: str | None
    """None: nobody can log in on another device."""

    scope: str
    refresh_token_file: Path
    service_account_file: Path
    username: str
    """In whose name a service account works."""

    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """One [[mailbox]]."""

    host: str
    port: int
    security: str
    """`tls`, `starttls` or `none` (loopback only)."""

    username: str
    secret: Secret
    oauth: OAuthSettings | None = None
    """Stands in place of the secret."""

    name: str = "INBOX"
    since: datetime | None = None
    """None: the moment of the first start."""

    after: str = "move"
    """`move`, `flag` or `leave`."""

    processed: str = "Processed"
    is_sent: bool = False
    """Mail clients put there what they send; it is only read."""

    ca_file: Path | None = None
    poll_seconds: float = 60.0
    lease_seconds: float = 60.0
    """How long the mailbox waits for a process that died before another one takes it over."""

    @property
    def account(self) -> str:
        """Names the account in the store and in messages."""
        return f"{self.username}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearSettings:
    """Section [linear]."""

    team: str
    """Key of the team."""

    key: Secret
    url: str
    ca_file: Path | None
    poll_seconds: float
    webhook_port: int | None
    """None: nothing listens."""

    webhook_secret: Secret
    policy: MirrorPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Section [smtp]."""

    host: str
    port: int
    security: str
    username: str | None
    secret: Secret | None
    oauth: OAuthSettings | None = None
    null_sender: bool = False
    connections: int = 3
    ca_file: Path | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifySettings:
    """Section [classify]."""

    error_budget: float = 0.05
    audit: float = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSettings:
    """Section [operation]."""

    metrics_port: int | None = None
    """None: nothing listens."""

    reconcile_seconds: float = 3600.0
    log: str = "text"
    """`text` or `json`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """Section [scan]."""

    clamd: str
    """Path of its socket, or host:port."""

    timeout_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of the configuration folder."""

    folder: Path
    desk: Desk
    database_url: str
    """SQLAlchemy URL without its password."""

    database_secret: Secret | None
    mailboxes: tuple[MailboxSettings, ...]
    smtp: SmtpSettings
    trust: TrustMethod
    linear: LinearSettings | None
    """None: no ticket is mirrored."""

    limits: Limits
    parsers: int
    """Processes that parse."""

    classify: ClassifySettings
    policy: Policy
    priorities: Priorities
    team: Team
    categories: Mapping[str, Category]
    operation: OperationSettings
    retention: Retention
    templates: Path | None
    """Folder with overrides of the shipped templates."""

    scan: ScanSettings | None = None
    """None: attachments are not scanned."""
