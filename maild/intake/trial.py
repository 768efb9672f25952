"""A trial: what would happen to this mail. The real line in a transaction that is undone."""

from dataclasses import dataclass
from datetime import datetime

from maild.desk.arriving import take_in
from maild.desk.transaction import begin
from maild.errors import Unreadable
from maild.mail.pool import ParsingPool
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import store_alone
from maild.store.incoming.waiting import hold
from maild.store.view.trace import Story, story_of


class _Undone(Exception):
    """Not an error: it carries the story out of the undone transaction."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.story = story


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is needed to try mails: the parts of a desk, without any server."""

    store: Store
    pool: ParsingPool
    """Classifies and gathers, too (`reading`)."""

    rules: Rules
    voice: Voice

    def try_mail(self, source: bytes, *, now: datetime) -> Story:
        """Take the mail in, look, and undo everything."""
        parsed = self.pool.parse_further([source])[0]

        def work(connection: Connection) -> None:
            mail_id = store_alone(connection, source, now=now)
            if isinstance(parsed, Unreadable):
                hold(connection, mail_id, because=str(parsed), now=now)
            else:
                mail, read = parsed
                with begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction:
                    take_in(transaction, [read.arrival(mail_id, mail, source, arrived_at=now)])
            raise _Undone(story_of(connection, self.rules.desk, mail_id))

        try:
            self.store.transact(work, serial=True)
        except _Undone as undone:
            return undone.story
        raise AssertionError("a trial ends by being undone")
