"""What every part of the mirror works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.desk.transaction import Transaction, begin
from maild.process.mirroring.policy import MirrorPolicy
from maild.process.rules import Rules
from maild.process.tracker import Tracker
from maild.replies.tracker import Teller
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store


@dataclass(frozen=True, kw_only=True)
class MirroredDesk:
    """The desk whose tickets are mirrored, and where."""

    store: Store
    rules: Rules
    voice: Voice
    policy: MirrorPolicy
    tracker: Tracker
    holder: str
    """Unique among all processes."""

    clock: Callable[[], datetime]

    @property
    def teller(self) -> Teller:
        """Writes what the tracker is told in words."""
        return Teller(voice=self.voice, policy=self.policy)

    def transact(self, work: Callable[[Transaction], None]) -> None:
        """Do something to tickets, one after the other with all else that the desk does."""
        now = self.clock()

        def act(connection: Connection) -> None:
            with begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction:
                work(transaction)

        self.store.transact(act, serial=True)
