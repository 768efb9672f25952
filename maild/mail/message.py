"""Mail and its parts: one received message, reduced to what the rest of maild needs."""

from dataclasses import dataclass
from datetime import datetime

HEADER_ENDS_EARLY = "the header ends before its first blank line: what follows is read as text"
LINES_BREAK_OFF = "its lines end as those of quoted-printable do, and it is not said to be that"
TEXT_READS_OTHERWISE = "its text would read otherwise by another Content-Type or encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a source may cost before it is held (DESIGN, decision 4)."""

    source_bytes: int = 50_000_000
    header_bytes: int = 256_000
    """All header fields together."""

    header_fields: int = 1_000
    parts: int = 1_000
    depth: int = 50
    addresses: int = 500
    """In one header field; further ones are dropped and named in `Mail.defects`."""

    text_characters: int = 1_000_000
    html_bytes: int = 2_000_000
    html_depth: int = 200
    relay_bytes: int = 20_000_000
    """Octets of all files together that go along when a mail is relayed."""

    seconds: float = 10.0
    """Wall clock for parsing one mail; after that its process is killed and the mail held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox of a header field (RFC 5322 3.4)."""

    address: str
    """`local-part@domain`; the domain in lower case and in A-labels (RFC 5890). Compare with `.key`."""

    name: str = ""
    """The display name: decoded, one line, without control characters. Chosen by the author, proof of nothing."""

    @property
    def key(self) -> str:
        """What two spellings of one address have in common."""
        return self.address.casefold()

    @property
    def domain(self) -> str:
        """The part behind the last `@`."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part of the mail that is not its text; the bytes stay in the source."""

    name: str
    """Safe as a file name on any system; never empty, never a path."""

    media_type: str
    size: int
    """Decoded octets."""

    digest: str
    """SHA-256 of the decoded bytes, hexadecimal: by it the same file is known again."""

    is_inline: bool = False

    is_text: bool = False
    """It is the mail's own text, which was too long to be read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the fields of a mail say about who or what wrote it; nothing is concluded here."""

    return_path: str | None = None
    """The SMTP reverse-path if the server recorded it; `""` is the null path."""

    auto_submitted: str | None = None
    """RFC 3834 keyword in lower case without parameters and comments, such as `auto-replied`."""

    precedence: str | None = None
    suppress: tuple[str, ...] = ()
    """Words of X-Auto-Response-Suppress, lower case."""

    autoreply: str | None = None
    """Name of the first vendor field that marks an automatic reply (X-Autoreply, X-Autorespond, ...)."""

    list_id: str | None = None
    """What stands in the angle brackets of List-Id, lower case."""

    list_fields: tuple[str, ...] = ()
    """Lower-case names of the RFC 2369, 2919 and 8058 fields that are there, and feedback-id."""

    list_post: str | None = None
    """The address of List-Post, lower case."""

    report_type: str | None = None
    """`report-type` of a multipart/report, lower case (RFC 6522)."""

    calendar_answer: str | None = None
    """The method by which a calendar answers an invitation (`reply`, `counter`; RFC 5546), where its author adds no words."""

    spam_flag: str | None = None
    """The name and value of a field by which our own server calls the mail spam."""

    voice: str | None = None
    """Name of the field by which a telephone system marks a voice message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceReport:
    """What a delivery report says about a mail that was sent (RFC 3464)."""

    is_final: bool
    """Permanent failure. A delay or a success is a report too, and is not."""

    recipients: tuple[str, ...]
    status: str | None
    """RFC 3463 code such as `5.1.1`."""

    diagnostic: str
    """The other server's words, one line, 500 characters at most."""

    original_message_id: str | None
    """Message-ID of the returned mail, from the attached headers or body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """Somebody else's mail that a mail hands on. Whoever forwards it can have changed all of it."""

    author: Address
    subject: str
    text: str
    message_id: str | None
    is_attached: bool = False
    """It came as a file, and not written out in the text."""


SEALED = frozenset({"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
"""Media types of a part that hides a whole mail."""

ARMOUR = "-----BEGIN PGP MESSAGE-----"
"""Begins words that are encrypted where they stand (RFC 9580 6.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One received message, parsed. Everything in it was chosen by whoever wrote it."""

    digest: str
    """SHA-256 of the source, hexadecimal."""

    fingerprint: str
    """SHA-256 of From, Date, Subject and body without trace fields: alike for each delivery of one mail."""

    message_id: str | None
    """RFC 5322 msg-id with its angle brackets. Chosen by the author, never proof of identity."""

    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """Oldest first."""

    author: Address | None
    """The From mailbox. None when there is none that could be answered."""

    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    """Addresses of Delivered-To, X-Original-To, Envelope-To and the like; they carry our reply tokens too."""

    subject: str
    """Decoded, one line."""

    written_at: datetime | None
    """The Date field in UTC; None when it is missing or nonsense."""

    new_text: str
    """What the author wrote now, without quotes. A view for reading: never empty when `text` is not."""

    text: str
    """All the text of the mail, quotes included."""

    attachments: tuple[Attachment, ...]
    language: str | None
    """ISO 639-1 among the desk's languages; None when the text is too short or too unlike them to say."""

    facts: Facts
    bounce: BounceReport | None
    authentication: tuple[str, ...]
    """Values of Authentication-Results, topmost first (RFC 8601)."""

    headers: tuple[tuple[str, str], ...]
    """(name in lower case, decoded value on one line), in order; within the limits."""

    defects: tuple[str, ...]
    """What was broken, and how it was read all the same."""

    forwarded: Forwarded | None = None
    """The mail that it hands on, attached or in its text."""

    handed_on: str = ""
    """What another mail says whose forwarder says next to nothing: read for what the mail is about, never for what its author means."""

    @property
    def told(self) -> str:
        """What the mail is about: its author's new words, and those that it hands on in their place."""
        return f"{self.new_text}\n\n{self.handed_on}".strip("\n") if self.handed_on else self.new_text

    @property
    def whole(self) -> str | None:
        """The names of the files that hold its text, of which only the beginning has been read; None: all has been."""
        return ", ".join(part.name for part in self.attachments if part.is_text) or None

    @property
    def is_sealed(self) -> bool:
        """Whether it is encrypted or signed in a way that hides its words (RFC 3156, RFC 8551)."""
        return self.new_text.startswith(ARMOUR) or any(part.media_type in SEALED for part in self.attachments)


EMPTY_MAIL = Mail(
    digest="",
    fingerprint="",
    message_id=None,
    in_reply_to=(),
    references=(),
    author=None,
    reply_to=(),
    to=(),
    cc=(),
    delivered_to=(),
    subject="",
    written_at=None,
    new_text="",
    text="",
    attachments=(),
    language=None,
    facts=Facts(),
    bounce=None,
    authentication=(),
    headers=(),
    defects=(),
)
"""For mails that were not parsed just now: `replace` puts in what is known of them."""
