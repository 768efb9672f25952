"""The keys of maild.toml: desk, database, mailboxes, submission, trust, limits, classification."""

import re
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from maild.mail.message import Limits
from maild.settings.fields import (
    AddressOrList,
    AddressText,
    Host,
    Length,
    Line,
    Moment,
    Patience,
    Section,
    Whole,
    Zone,
    text_that,
    zone,
)
from maild.settings.linear_toml import LinearKeys
from maild.settings.oauth_toml import OAuthKeys
from maild.settings.operation_toml import OperationKeys, RetentionKeys
from maild.settings.scan_toml import ScanKeys
from maild.settings.values import ClassifySettings

PREFIX = text_that(
    re.compile(r"[A-Z][A-Z0-9]{0,9}", re.ASCII),
    "one to ten capital letters and digits, a letter first, such as T or ACME",
)
LANGUAGE = text_that(re.compile(r"[a-z]{2}", re.ASCII), "a language code of two letters, such as en")
SHIPPED_LANGUAGES = ("en", "de", "fr", "es")


Port = Annotated[Whole, Field(ge=1, le=65535)]
Security = Literal["tls", "starttls", "none"]
Count = Annotated[Whole, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]

MIDDLE = Limits()


class DeskKeys(Section):
    """Who the desk is."""

    address: AddressText
    """The support address: what clients write to, and what they get answers from."""

    name: Line = "Support"
    """What clients see beside the address."""

    aliases: tuple[AddressText, ...] = ()
    """Further addresses that are delivered to the mailbox; never written to, never taken for a client."""

    own_lists: tuple[AddressOrList, ...] = ()
    """Groups or mailing lists (address or list-id) that deliver to us, and web forms (the address that they write from): their
    mail is taken neither for bulk nor for a machine's, and its client is whom X-Original-From or Reply-To names."""

    subaddress: Literal["+", ""] = ""
    """`+` where the server delivers `support+anything@...` to the mailbox (`maild check --send-probe` tries it)."""

    prefix: Annotated[str, PlainValidator(PREFIX)] = "T"
    """Stands before a ticket's number: `T-17`."""

    languages: Annotated[tuple[Annotated[str, PlainValidator(LANGUAGE)], ...], Field(min_length=1)] = SHIPPED_LANGUAGES
    """Languages in which clients are written to. The first one is used where theirs is unknown, and for internal mail."""

    time_zone: Zone = zone("UTC")
    """IANA time zone in which times are written, and in which the desk works."""

    front_team: Line | None = None
    """Name of the other team (team.toml) that takes non-technical mail which no other team claims."""


class DatabaseKeys(Section):
    """Where everything is kept."""

    url: str = "sqlite:///var/maild.db"
    """`sqlite:///PATH`, or `postgresql://USER@HOST:PORT/NAME` without a password."""

    password_file: str | None = None
    """File that holds the database password."""

    password_env: str | None = None
    """Environment variable that holds the database password."""


class MailboxKeys(Section):
    """An IMAP mailbox that mail is taken from; repeat the section for more."""

    host: Host
    """Name of the IMAP server."""

    port: Port | None = None
    """993 with `tls`, otherwise 143."""

    security: Security = "tls"
    """`tls`, `starttls`, or `none` (on loopback only)."""

    username: Line | None = None
    """Log-in name; the desk's address if left out."""

    password_file: str | None = None
    """File that holds the password; `secrets/mailbox-password` if neither this nor `password_env` is given."""

    password_env: str | None = None
    """Environment variable that holds the password."""

    oauth: OAuthKeys | None = None
    """OAuth in place of a password: section `[mailbox.oauth]`, keys below."""

    name: Line = "INBOX"
    """The mailbox on the server."""

    since: Moment | None = None
    """Older mail is left alone; the moment of the first start if left out."""

    after: Literal["move", "flag", "leave"] = "move"
    """What becomes of a mail on the server once it is taken in: moved to `processed`, flagged, or left."""

    processed: Line = "Processed"
    """The mailbox that `after = "move"` moves to; made if it is missing."""

    sent: Line | None = None
    """The mailbox where mail clients put what is sent from the desk's own address, such as `Sent`; it is only read."""

    ca_file: str | None = None
    """PEM file of the authority that signed the server's certificate, if it is not a public one."""

    poll: Length = Field(default="60s", validate_default=True)
    """How often to look, should the server not tell of new mail by itself (IDLE)."""

    lease: Patience = Field(default="60s", validate_default=True)
    """How long other machines wait for this mailbox when the one that watches it has died."""


class SmtpKeys(Section):
    """The server that mail is submitted to."""

    host: Host | None = None
    """Name of the submission server; the host of the first mailbox if left out."""

    port: Port | None = None
    """465 with `tls`, 587 with `starttls`, 25 with `none`."""

    security: Security = "tls"
    """`tls`, `starttls`, or `none` (on loopback only)."""

    username: str | None = None
    """Log-in name; that of the first mailbox if left out; empty for no log-in."""

    password_file: str | None = None
    """File that holds the password; that of the first mailbox if neither this nor `password_env` is given."""

    password_env: str | None = None
    """Environment variable that holds the password."""

    oauth: OAuthKeys | None = None
    """OAuth in place of a password: section `[smtp.oauth]`; that of the first mailbox if left out, as the password is."""

    null_sender: bool = False
    """Submit automatic mail with an empty return path; many servers refuse that, and bounces are then lost."""

    connections: Annotated[Whole, Field(ge=1, le=20)] = 3
    """Connections that are kept open."""

    ca_file: str | None = None
    """PEM file of the authority that signed the server's certificate; that of the first mailbox if left out on its host."""

    timeout: Length = Field(default="60s", validate_default=True)
    """How long the server may take to answer a command."""


class TrustKeys(Section):
    """What of our own mail server vouches for an author's address."""

    method: Literal["authserv_id", "microsoft365", "header", "none"] = "none"
    """`authserv_id`, `microsoft365`, `header` or `none`; `maild check` looks at your mail and proposes one."""

    value: Line | None = None
    """For `authserv_id` the server's id; for `header` the field that only your server adds, as `Name: value`."""


class LimitsKeys(Section):
    """What one mail may cost before it is held for a person."""

    source_bytes: Count = MIDDLE.source_bytes
    """Size of the whole mail; a larger one stays on the server."""

    header_bytes: Count = MIDDLE.header_bytes
    """All header fields together."""

    header_fields: Count = MIDDLE.header_fields
    """Number of header fields."""

    parts: Count = MIDDLE.parts
    """Number of MIME parts."""

    depth: Count = MIDDLE.depth
    """How deep parts may be nested."""

    addresses: Count = MIDDLE.addresses
    """Addresses read from one header field; further ones are dropped."""

    text_characters: Count = MIDDLE.text_characters
    """Characters of text that are read."""

    html_bytes: Count = MIDDLE.html_bytes
    """Size of the HTML that is read."""

    html_depth: Count = MIDDLE.html_depth
    """How deep HTML may be nested."""

    relay_bytes: Count = MIDDLE.relay_bytes
    """Size of all attachments together that go along with an answer, or with the mail that tells a TSM; more is refused. Clients'
    mails that go along whole, with a hand-off, a dossier or an assignment, may have that size, and 7 MB at most."""

    time: Length = Field(default="10s", validate_default=True)
    """Time that reading one mail may take."""

    parsers: Annotated[Whole, Field(ge=1, le=32)] = 2
    """Processes that read mail at the same time."""


class ClassifyKeys(Section):
    """How sure the model must be before it decides."""

    error_budget: Annotated[float, Field(gt=0, le=0.5)] = ClassifySettings().error_budget
    """Share of its decisions that may be wrong; what it is less sure of, a person decides."""

    audit: Share = ClassifySettings().audit
    """Share of its decisions that a lead is asked to look at (`verdict_audited` of `[told]` says who)."""


class MaildToml(Section):
    """The whole file."""

    desk: DeskKeys
    database: DatabaseKeys = DatabaseKeys()
    mailbox: Annotated[tuple[MailboxKeys, ...], Field(min_length=1)]
    smtp: SmtpKeys = SmtpKeys()
    linear: LinearKeys | None = None
    trust: TrustKeys = TrustKeys()
    limits: LimitsKeys = LimitsKeys()
    classify: ClassifyKeys = ClassifyKeys()
    operation: OperationKeys = OperationKeys()
    retention: RetentionKeys = RetentionKeys()
    scan: ScanKeys = ScanKeys()
