"""A reply: a mail that maild writes; and the occasion that it is written for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maild.mail.enclosing import Enclosed
from maild.mail.message import Address, Mail
from maild.process.post_mortem.parts import Part
from maild.process.ticket import Role, Ticket
from maild.replies.dossier import Dossier
from maild.replies.incident import IncidentStory
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.lasting import Lasted
from maild.replies.others import Others


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that the recipient can do with one tap."""

    word: str
    """Its name, by which templates put it into the reader's language: `release`, `take`, ..."""

    detail: str
    """What stands behind the name, such as a category; empty if nothing does."""

    token: str
    answer: str = ""
    """What a reply says, alone on its first line, to do the same; empty where only the tap does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A solved ticket that this one is like."""

    number: int
    subject: str
    answer: str
    """What the client was told at the end."""

    shared: tuple[str, ...] = ()
    """Why it is named: words of both, the most telling first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article of the knowledge base that may help."""

    name: str
    title: str
    fix: str
    """What helped."""

    shared: tuple[str, ...]
    """Why it is named: words of both."""

    score: float
    """How alike they are; 1 is the same."""

    tickets: tuple[int, ...]
    """All that are behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why a reply is written: everything that a template may use."""

    kind: str
    """Name of the template, such as `acknowledgement`."""

    role: Role
    """Whom it is written to."""

    recipient: Address
    ticket: Ticket
    because: tuple[str, ...]
    """Reasons in words: verdicts, links, what came back. For internal readers only."""

    mail: Mail | None
    """The mail that caused it."""

    is_proven: bool
    """Whether our own server vouches for the mail's author; if not, its body is never repeated to its author."""

    originals: tuple[bytes, ...]
    """Mails of the client to be attached as they came, where the kind has them."""

    in_reply_to: str | None
    references: tuple[str, ...]
    """Of the recipient's own thread, oldest first."""

    message_id: str
    token: str
    """Ties an answer to ticket, recipient and this mail; for the reply address or the subject."""

    now: datetime
    kept_back: int = 0
    """Octets of the client's mail that would go along as it came, and is too large for that."""

    words: str = ""
    """What a TSM wrote, to be relayed; in the internal thread, what the house says to itself; of a mail that is held, all that
    would be let through."""

    conversation: tuple[Address, ...] = ()
    """The client and all who take part beside them, where they all get it: each knows who else does."""

    client_subject: str = ""
    """Of the client's newest mail about the ticket: what answers it is known by that, to another desk above all."""

    author_name: str = ""
    """Name of that TSM."""

    transcript: tuple[tuple[str, str], ...] = ()
    """Commands that did nothing, each with what is wrong with it (empty: nothing, alone)."""

    readers: tuple[str, ...] = ()
    """Addresses to which the words of a held mail would go."""

    silent_until: datetime | None = None
    """Until when further messages of theirs that are refused get no answer; None: the next one gets one."""

    enclosed: Enclosed = field(default_factory=Enclosed)
    """Files that go along."""

    offers: tuple[Offer, ...] = ()
    """What the recipient can do with one tap."""

    similar: tuple[Similar, ...] = ()
    """Solved tickets that may help."""

    articles: tuple[Known, ...] = ()
    """Articles that may help, or that another one is much like."""

    post_mortem: Mapping[Part, str] | None = None
    """What is known already of each part of a form; None: it is no form."""

    others: Others | None = None
    """Open tickets that the client has beside this one. For internal readers only."""

    lasted: Lasted | None = None
    """For internal readers only."""

    offset: timedelta | None = None
    """From UTC, in which the client wrote last; None: nobody knows."""

    is_shared: bool = False
    """The words go to every client of an incident, each in a mail of their own."""

    is_closing: bool = False
    """The ticket is closed with the words, without asking its client."""

    is_known: bool = False
    """The ticket belongs to an incident: others have it, too."""

    incident: IncidentStory | None = None
    """The incident that it tells of."""

    dossier: Dossier | None = None
    """The ticket's whole story, for somebody of the house who has never seen it."""

    @property
    def is_to_client(self) -> bool:
        """Whether it leaves the house."""
        return KINDS[self.kind].audience == CLIENT

    @property
    def is_to_author(self) -> bool:
        """Whether the recipient is in the From of the mail that caused it."""
        return self.mail is not None and self.mail.author is not None and self.mail.author.key == self.recipient.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A rendered mail, fixed for good: repeated submission sends these very bytes."""

    kind: str
    audience: str
    """`client` or `internal`."""

    recipient: str
    envelope_from: str
    message_id: str
    token: str
    subject: str
    text: str
    """The plain-text body."""

    content: bytes
    """RFC 5322 message, CRLF line ends, 7-bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseMail:
    """A rendered mail to the house that belongs to no one ticket, fixed for good."""

    subject: str
    text: str
    content: bytes
    """As of a Reply."""
