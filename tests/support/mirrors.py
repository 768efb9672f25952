"""A desk under test whose tickets are mirrored in a workspace of Linear; one clock for both, moved by the test."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from typing import Any

import pytest

from maild.doors.linear import LinearDoor
from maild.doors.linear_wire import Wire
from maild.mail.message import Address, Mail
from maild.mirror import planning
from maild.mirror.line import Mirror
from maild.mirror.parts import MirroredDesk
from maild.process.mirroring.policy import MirrorPolicy, Personal
from maild.process.rules import Rules
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.servers.linear import KEY, LinearServer
from tests.support.desks import Desk, follow_up, reply_to
from tests.support.making import ANA, EVA, NOON, a_mail, a_team, some_rules

MINUTE = timedelta(minutes=1)
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)
LENA = "lena@acme.example"
POLICY = MirrorPolicy(personal=Personal.WORDS, label="maild")


def rules(**differences: Any) -> Rules:
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    people = (*a_team().people, ANA, EVA)
    return some_rules(**{"team": a_team(people=people), "trust": vouching, **differences})


class Mirrored(Desk):
    """The desk, and a mirror that works when it is told to."""

    def __init__(self, store: Store, linear: LinearServer, policy: MirrorPolicy = POLICY, **differences: Any) -> None:
        super().__init__(store, rules(**differences))
        self.linear, self.world, self.now = linear, linear.world, NOON
        self.world.clock = self.tell_time
        planning.begin(store)
        self.mirror = self.new_mirror(policy)

    def new_mirror(self, policy: MirrorPolicy = POLICY, holder: str = "one") -> Mirror:
        """Another process, as it were."""
        door = LinearDoor(wire=Wire(url=self.linear.url, key=lambda: KEY, clock=self.tell_time), team="ENG")
        parts = MirroredDesk(
            store=self.store,
            rules=self.rules,
            voice=self.voice,
            policy=policy,
            tracker=door,
            holder=holder,
            clock=self.tell_time,
        )
        return Mirror(parts, poll_every=MINUTE)

    def tell_time(self) -> datetime:
        """Never twice the same: what happens later is later."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def work(self, wait: timedelta = 2 * MINUTE) -> None:
        """Some time passes, and the mirror works."""
        self.now += wait
        self.mirror.work()

    def open_ticket(self, **fields: Any) -> Message:
        """A client writes, and the issue is made; Ana's mail about the ticket."""
        self.arrive(a_mail(**fields), now=self.tell_time())
        self.work()
        return self.last_to(ANA.addresses[0])

    def order(self, words: str, *, by: str = ANA.addresses[0]) -> None:
        """Ana answers her mail about the ticket; the mirror has not heard of it yet."""
        self.now += MINUTE
        mail = house_mail(self.newest("assignment", by), words, by=by, uid=self.uid)
        self.arrive(mail, now=self.tell_time())

    def reply(self, words: str) -> None:
        """The client answers."""
        self.now += MINUTE
        to = self.last_to("bea@client.example")
        mail = follow_up(
            to, message_id=f"<reply-{self.uid}@client.example>", fingerprint=f"{self.uid:064}", digest=f"{self.uid:064}"
        )
        self.arrive(replace(mail, new_text=words, text=words), now=self.tell_time())

    def events(self, kind: str) -> list[str]:
        return [row[0] for row in self.rows(f"SELECT because FROM events WHERE event = '{kind}' ORDER BY id")]  # noqa: S608 - our own names

    def ticket(self, *columns: str) -> tuple[Any, ...]:
        return tuple(self.rows(f"SELECT {', '.join(columns)} FROM tickets ORDER BY id")[0])  # noqa: S608 - our own names

    def to_client(self) -> int:
        return len(self.rows("SELECT 1 FROM outbox WHERE audience = 'client'"))


def house_mail(to: Message, words: str, *, by: str, uid: int) -> Mail:
    return a_mail(
        message_id=f"<order-{uid}@acme.example>",
        fingerprint=f"{uid + 1_000:064}",
        digest=f"{uid + 1_000:064}",
        author=Address(address=by),
        to=reply_to(to),
        in_reply_to=(str(to["Message-ID"]),),
        new_text=words,
        text=words,
        authentication=VOUCHED,
    )


@pytest.fixture
def desk(store: Store, linear: LinearServer) -> Mirrored:
    """One whose client's words are told, without their name."""
    return Mirrored(store, linear)
