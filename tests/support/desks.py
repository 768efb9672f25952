"""The desk under test: a store, rules, and mails that arrive one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, select, text

from maild.classify.verdict import Verdict
from maild.desk.arriving import take_in
from maild.desk.falling_due import fall_due
from maild.desk.finding.arrival import Arrival
from maild.desk.transaction import begin
from maild.mail.enclosing import Enclosed
from maild.mail.message import Address, Mail
from maild.process.decision import Decision
from maild.process.gathering.sheet import gather
from maild.process.rules import Rules
from maild.process.ticket import Event
from maild.replies.voice import Voice
from maild.store import tables
from maild.store.database.packing import unpack
from maild.store.desk import deadlines
from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import Arrival as StoredArrival
from maild.store.incoming.arrivals import pack_source, store_arrivals
from maild.store.incoming.mailboxes import adopt_mailbox
from maild.store.incoming.waiting import hold
from tests.support.making import NOON, a_mail, verdicts

TECHNICAL = tuple(verdicts(kind="person", technical="yes", category="network", urgency="2", impact="2").values())
INVOICE = tuple(verdicts(kind="person", technical="no", category="billing", urgency="3", impact="3").values())
UNSURE = tuple(verdicts(kind="person", technical=None, category=None, urgency="2", impact="3").values())
AUTOMATIC = tuple(verdicts(kind="automatic").values())
BOUNCE = tuple(verdicts(kind="bounce").values())


class Desk:
    """The desk under test: a store, rules, and mails that arrive one after the other."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self.store = store
        self.rules = rules
        self.uid = 0
        self.enclosed = Enclosed()
        """What the files are of each mail that arrives."""
        self.voice = Voice.load(
            desk=rules.desk, priorities=rules.priorities, categories=rules.categories, team=rules.team
        )

    def arrive(self, mail: Mail, said: Sequence[Verdict] = TECHNICAL, *, now: datetime = NOON) -> Decision:
        return self.arrive_together([mail], said, now=now)[0]

    def arrive_again(self, mail: Mail, said: Sequence[Verdict] = TECHNICAL, *, now: datetime = NOON) -> Decision:
        """Take in once more what was held and has been let through."""

        def act(connection: Connection) -> list[Decision]:
            row = connection.execute(select(tables.mails.c.id).where(tables.mails.c.outcome.is_(None))).one()
            arrival = Arrival(
                mail_id=row.id,
                arrived_at=now,
                mail=mail,
                verdicts=tuple(said),
                found=gather(mail, mail_id=row.id),
                source=b"again",
            )
            with begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction:
                return take_in(transaction, [arrival])

        return self.store.transact(act, serial=True)[0]

    def arrive_unread(self, mail: Mail, *, now: datetime = NOON) -> None:
        """Hold a mail before anybody has read it, as where that failed."""

        def act(connection: Connection) -> None:
            hold(connection, self._arrival(connection, mail, (), now).mail_id, because="maild failed on it", now=now)

        self.store.transact(act)

    def arrive_together(
        self, mails: Sequence[Mail], said: Sequence[Verdict] = TECHNICAL, *, now: datetime = NOON
    ) -> list[Decision]:
        """Take mails in that share a transaction, all with the same verdicts."""
        return self.store.transact(lambda connection: self.take_in(connection, mails, said, now), serial=True)

    def take_in(
        self, connection: Connection, mails: Sequence[Mail], said: Sequence[Verdict] = TECHNICAL, now: datetime = NOON
    ) -> list[Decision]:
        """Take mails in, inside a transaction of the test's own."""
        arrivals = [self._arrival(connection, mail, said, now) for mail in mails]
        with begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction:
            return take_in(transaction, arrivals)

    def _arrival(self, connection: Connection, mail: Mail, said: Sequence[Verdict], now: datetime) -> Arrival:
        self.uid += 1
        source = f"source {mail.digest}".encode()
        mail = replace(mail, digest=sha256(source).hexdigest())
        box = adopt_mailbox(connection, account="support", name="INBOX", since=NOON)
        stored = StoredArrival(uid=self.uid, arrived_at=now, size=len(source), source=pack_source(source))
        store_arrivals(connection, box.id, uidvalidity=1, arrivals=[stored], last_uid=self.uid, now=now)
        row = connection.execute(select(tables.mails.c.id).where(tables.mails.c.uid == self.uid)).one()
        found = gather(mail, mail_id=row.id)
        arrival = Arrival(mail_id=row.id, arrived_at=now, mail=mail, verdicts=tuple(said), found=found, source=source)
        return replace(arrival, enclosed=self.enclosed)

    def pass_time(self, now: datetime) -> list[Event]:
        """Act on the deadlines that have passed; what happened."""

        def act(connection: Connection) -> list[Event]:
            passed = deadlines.claim_deadlines(connection, now=now, limit=100)
            with begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction:
                return [event for due in passed if (event := fall_due(transaction, due))]

        return self.store.transact(act, serial=True)

    def rows(self, statement: str) -> list[Row[Any]]:
        with self.store.read() as connection:
            return list(connection.execute(text(statement)))

    def written(self) -> list[tuple[str, str]]:
        return [(row.kind, row.recipient) for row in self.rows("SELECT kind, recipient FROM outbox ORDER BY id")]

    def written_to(self, recipient: str) -> list[str]:
        return [kind for kind, to in self.written() if to == recipient]

    def last_to(self, recipient: str) -> Message:
        with self.store.read() as connection:
            query = select(tables.outbox.c.content).where(tables.outbox.c.recipient == recipient)
            newest_first = query.order_by(tables.outbox.c.id.desc())
            return message_from_bytes(unpack(connection.execute(newest_first).first()[0]))  # type: ignore[index]

    def sent(self, outbox_id: int) -> Message:
        """The mail in this row of the outbox."""
        with self.store.read() as connection:
            query = select(tables.outbox.c.content).where(tables.outbox.c.id == outbox_id)
            return message_from_bytes(unpack(connection.scalar(query) or b""))

    def newest(self, kind: str, recipient: str) -> Message:
        """The last mail of this kind to this recipient."""
        with self.store.read() as connection:
            table = tables.outbox
            query = select(table.c.content).where(table.c.kind == kind, table.c.recipient == recipient)
            return message_from_bytes(unpack(connection.execute(query.order_by(table.c.id.desc())).first()[0]))  # type: ignore[index]

    def all_are(self, state: str) -> None:
        """Every mail of the outbox comes to be in this state."""
        self.store.transact(
            lambda connection: connection.execute(text("UPDATE outbox SET state = :state"), {"state": state}).rowcount
        )

    def mail_of(self, kind: str) -> Message:
        with self.store.read() as connection:
            query = select(tables.outbox.c.content).where(tables.outbox.c.kind == kind).order_by(tables.outbox.c.id)
            return message_from_bytes(unpack(connection.execute(query).first()[0]))  # type: ignore[index]


def reply_to(message: Message) -> tuple[Address, ...]:
    return (Address(address=str(message["Reply-To"]).rpartition("<")[2].strip("<> ")),)


def follow_up(message: Message, **differences: object) -> Mail:
    fields: dict[str, object] = {
        "message_id": "<answer@client.example>",
        "fingerprint": "2" * 64,
        "to": reply_to(message),
    }
    return a_mail(**{**fields, **differences})
