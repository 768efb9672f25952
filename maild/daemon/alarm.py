"""Tell the leads by mail what maild cannot mend by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.desk.telling.alarming import raise_alarm
from maild.desk.transaction import begin
from maild.process.rules import Rules
from maild.replies.alarm import Topic
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store

_UNSAFE = re.compile(r"[^a-z0-9]+")
"""What has no place in a Message-ID."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Called by whoever meets the trouble. Where mail cannot be submitted either, the log and `maild check` tell it."""

    store: Store
    rules: Rules
    voice: Voice
    clock: Callable[[], datetime]

    def __call__(self, mailbox_id: int, mailbox: str, because: str) -> None:
        """Write down that the leads are to be told. Raises Refused or Deferred where the store does not take it."""
        self._raise(Topic.MAILBOX, str(mailbox_id), mailbox, because)

    def of_token(self, section: str, because: str) -> None:
        """The same about a section of the configuration for which the provider gives no token."""
        plain = _UNSAFE.sub("-", section.casefold()).strip("-")
        self._raise(Topic.TOKEN, f"token-{plain}", f"[{section}]", because)

    def _raise(self, topic: Topic, key: str, named: str, because: str) -> None:
        def work(connection: Connection) -> None:
            with begin(connection, rules=self.rules, voice=self.voice, now=self.clock()) as transaction:
                raise_alarm(transaction, topic, key, named, because)

        self.store.transact(work, serial=True)
