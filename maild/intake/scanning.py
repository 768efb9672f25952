"""Look for viruses in the files of a mail, before they go along with another one; a scanner that is down stops no mail."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.doors.clamd import Clamd
from maild.errors import Bounced, Unavailable
from maild.mail.contents import File
from maild.mail.enclosing import Enclosed, Infected

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=1)
"""After a failure, for which nobody waits for the scanner."""


@dataclass(kw_only=True)
class Scanning:
    """Asks the scanner, and remembers that it did not answer."""

    clamd: Clamd
    clock: Callable[[], datetime]
    again_at: datetime | None = None

    def __call__(self, enclosed: Enclosed, /) -> Enclosed:
        """Take infected files out, and mark what nobody has looked at."""
        clean: list[File] = []
        infected: list[Infected] = []
        unscanned: list[File] = []
        for file in enclosed.files:
            try:
                virus = self._find_virus(file)
            except (Unavailable, Bounced) as error:
                log.warning("file not scanned", extra={"file": file.attachment.name, "because": str(error)})
                unscanned.append(file)
                continue
            if virus is None:
                clean.append(file)
            else:
                log.warning("virus found", extra={"file": file.attachment.name, "virus": virus})
                infected.append(Infected(attachment=file.attachment, virus=virus))
        return replace(
            enclosed,
            files=(*clean, *unscanned),
            infected=tuple(infected),
            unscanned=tuple(file.attachment for file in unscanned),
        )

    def _find_virus(self, file: File) -> str | None:
        if self.again_at is not None and self.clock() < self.again_at:
            raise Unavailable("the virus scanner did not answer a moment ago")
        try:
            virus = self.clamd.find_virus(file.content)
        except Unavailable:
            self.again_at = self.clock() + PAUSE
            raise
        self.again_at = None
        return virus
