"""Watch the error budget: when people have said something new, the audit sample is asked whether it still holds."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.classify.models import Models
from maild.classify.serving import answering
from maild.desk.learning.auditing import watch_budget
from maild.desk.transaction import begin
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store
from maild.store.models.audits import last_label
from maild.store.models.thresholds import RaisedThreshold

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class BudgetWatch:
    """Raises thresholds of labels whose error budget corrections have broken."""

    store: Store
    rules: Rules
    voice: Voice
    error_budget: float
    clock: Callable[[], datetime]
    _heard: int | None = None
    """Row of the newest label that was looked at."""

    def look(self, models: Models) -> None:
        """Ask the sample of the models in service, if there are new labels. Raises Refused or Deferred."""
        with self.store.read() as connection:
            newest = last_label(connection)
        if newest == self._heard:
            return
        for rise in self.store.transact(lambda connection: self._watch(connection, models), serial=True):
            found = {"question": rise.question, "label": rise.label, "because": rise.because}
            log.warning("threshold raised", extra=found)  # only now is it so
        self._heard = newest

    def _watch(self, connection: Connection, models: Models) -> list[RaisedThreshold]:
        asked = list(answering(models).values())
        with begin(connection, rules=self.rules, voice=self.voice, now=self.clock()) as transaction:
            return watch_budget(transaction, asked, self.error_budget)
