"""A trial: what would happen to this mail. The real line in a transaction that is undone."""

from dataclasses import dataclass
from datetime import datetime

from maild.classify.line import classify
from maild.classify.models import Models
from maild.desk.arriving import take_in
from maild.desk.finding.arrival import Arrival
from maild.desk.transaction import begin
from maild.intake.classifying import Classified
from maild.intake.reading import Read, found_in
from maild.mail.enclosing import enclose
from maild.mail.message import Limits, Mail
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
    models: Models
    rules: Rules
    voice: Voice
    relay_bytes: int = Limits().relay_bytes
    """As in `Reading`."""

    def try_mail(self, source: bytes, *, now: datetime) -> Story:
        """Take the mail in, look, and undo everything."""
        read = self.pool.parse([source])[0]

        def work(connection: Connection) -> None:
            mail_id = store_alone(connection, source, now=now)
            if isinstance(read, Mail):
                with begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction:
                    take_in(transaction, [self._arrival(mail_id, read, source, now)])
            else:
                hold(connection, mail_id, because=str(read), now=now)
            raise _Undone(story_of(connection, self.rules.desk, mail_id))

        try:
            self.store.transact(work, serial=True)
        except _Undone as undone:
            return undone.story
        raise AssertionError("a trial ends by being undone")

    def _arrival(self, mail_id: int, mail: Mail, source: bytes, now: datetime) -> Arrival:
        desk = self.rules.desk
        verdicts = classify([mail], self.models, desk.own_lists, own_domains=desk.domains)[0]
        enclosed = enclose(source, mail, most_octets=self.relay_bytes)
        read = Read(classified=Classified(verdicts=verdicts), found=found_in(mail), enclosed=enclosed)
        return Arrival(
            mail_id=mail_id,
            arrived_at=now,
            mail=mail,
            verdicts=read.classified.verdicts,
            found=read.found_in(mail_id),
            source=source,
            enclosed=read.enclosed,
        )
