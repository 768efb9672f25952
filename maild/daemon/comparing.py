"""Server against store, now and then, for the figures: what `maild reconcile` would say."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.daemon.log_in import mailbox_credentials
from maild.errors import MaildError
from maild.intake.reconcile import Reconciliation, reconcile
from maild.settings.values import MailboxSettings
from maild.store.engine import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """Compares each mailbox that mail is taken from."""

    store: Store
    mailboxes: Sequence[MailboxSettings]
    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    differences: dict[str, int]
    """Filled: number of a mailbox to the mails that differ."""

    every_seconds: float | None
    """How often; None: nobody wants to know."""

    def compare(self) -> None:
        """Compare all; one that cannot be compared keeps its last number, and its trouble is told elsewhere."""
        for number, box in enumerate(self.mailboxes):
            if box.is_sent:
                continue
            try:
                found = reconcile(box, self.store, mailbox_credentials(box, self.environ, self.clock)())
            except MaildError as error:
                log.info("mailbox not compared", extra={"mailbox": number, "because": str(error)})
                continue
            self.differences[str(number)] = difference(found)
            if not found.is_equal:
                log.warning("server and store differ", extra={"mailbox": number, "mails": difference(found)})


def difference(found: Reconciliation) -> int:
    """Mails that are not where they should be."""
    return len(found.unstored) + len(found.vanished) + len(found.unmarked)
