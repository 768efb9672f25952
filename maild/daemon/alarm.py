"""Tell the leads by mail what maild cannot mend by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.desk.alarming import raise_alarm
from maild.desk.transaction import begin
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Called by whoever meets the trouble. Where mail cannot be submitted either, the log and `maild check` tell it."""

    store: Store
    rules: Rules
    voice: Voice
    clock: Callable[[], datetime]

    def __call__(self, mailbox_id: int, mailbox: str, because: str) -> None:
        """Write down that the leads are to be told. Raises Refused or Deferred where the store does not take it."""

        def work(connection: Connection) -> None:
            with begin(connection, rules=self.rules, voice=self.voice, now=self.clock()) as transaction:
                raise_alarm(transaction, mailbox_id, mailbox, because)

        self.store.transact(work, serial=True)
