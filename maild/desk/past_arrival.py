"""A mail of the past on its way to the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.classify.verdict import Verdict
from maild.mail.message import Mail
from maild.process.past import Ours, Part
from maild.process.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class PastArrival:
    """A mail of the past, parsed and classified, on its way to the desk."""

    mail: Mail
    source: bytes
    verdicts: Sequence[Verdict]
    at: datetime
    """When it was written or came in, as well as its archive knows."""

    labels: Mapping[str, str]
    """Question to what people had said about it."""

    part: Part | None = None
    """What it was in its ticket, where its archive knows that."""

    told: str = ""
    """How its archive had marked the ticket that begins with it."""

    known_as: str | None = None
    """A mail with this Message-ID is the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where mails of the past come from."""

    ours: Ours
    said_by: str
    """Who said their labels, such as `import of old.mbox`."""

    now: datetime

    @property
    def rules(self) -> Rules:
        """The desk's."""
        return self.ours.rules
