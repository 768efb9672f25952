"""Read a mail further in the process that has parsed it: its verdicts, what it tells about the issue, its files."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from maild.desk.finding.arrival import Arrival
from maild.intake.classifying import Classified, Classifying
from maild.knowledge.lately import Lately
from maild.mail.enclosing import Enclosed, enclose
from maild.mail.message import Limits, Mail
from maild.mail.worker import Readable
from maild.process.gathering.sheet import Found, gather

log = logging.getLogger(__name__)

NO_ROW = 0
"""The process that parses does not know which row of the store it reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """All that the desk needs to know of a mail's words: it searches none of them while others wait for its lock."""

    classified: Classified
    found: tuple[Found, ...]
    enclosed: Enclosed
    """The mail's files, taken out."""

    def arrival(
        self, mail_id: int, mail: Mail, source: bytes, *, arrived_at: datetime, is_sent: bool = False
    ) -> Arrival:
        """The mail that was read, under its row, on its way to the desk; the flags are `Arrival`'s."""
        return Arrival(
            mail_id=mail_id,
            arrived_at=arrived_at,
            mail=mail,
            verdicts=self.classified.verdicts,
            shadows=self.classified.shadows,
            found=tuple(replace(each, mail=mail_id) for each in self.found),
            source=source,
            enclosed=self.enclosed,
            is_sent=is_sent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is done with each mail that has been parsed (`mail.worker.Then`)."""

    classifying: Classifying
    relay_bytes: int = Limits().relay_bytes
    """What all files of a mail may have together."""

    lately: Lately = field(default_factory=Lately)
    """What other clients have written about within the last hour."""

    def prepare(self) -> None:
        """Load the models ahead."""
        self.classifying.prepare()

    def __call__(self, mails: Sequence[Readable], /) -> list[Read]:
        """Take the files out, classify, and gather. Raises Refused where there are no models."""
        enclosed = [enclose(source, mail, most_octets=self.relay_bytes) for mail, source in mails]
        classified = self.classifying.classify([mail for mail, _ in mails], self.lately.facts)
        found = [found_in(mail) for mail, _ in mails]
        return [
            Read(classified=what, found=told, enclosed=files)
            for what, told, files in zip(classified, found, enclosed, strict=True)
        ]


def found_in(mail: Mail) -> tuple[Found, ...]:
    """What the mail tells; nothing where gathering fails on it, since a sheet can be filled by a person."""
    try:
        return gather(mail, mail_id=NO_ROW)
    except Exception:
        log.exception("mail not gathered")
        return ()
