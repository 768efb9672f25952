"""Mails of the house: what its people answer to the mails that a desk under test wrote to them."""

from email.message import Message
from typing import Any

from maild.mail.message import Address, Mail
from maild.process.decision import Decision
from maild.process.people.team import Person
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, EVA, NOON, a_mail, a_team, some_rules

OLAF = Person(name="Olaf Engineer", addresses=("olaf@acme.example",), role=EVA.role)
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)
BEA = "bea@client.example"


def a_staffed_desk(store: Store, *, first: Mail | None = None, **differences: Any) -> Desk:
    """A desk with a TSM, two engineers and a lead, whose server vouches for them; one ticket, which is the TSM's."""
    team = a_team(people=(*a_team().people, ANA, EVA, OLAF))
    trust = TrustMethod(method="authserv_id", value="mx.acme.example")
    desk = Desk(store, some_rules(**{"team": team, "trust": trust, **differences}))
    desk.arrive(first or a_mail())
    return desk


def an_answer_of(person: Person, message: Message, text: str, number: int, **differences: Any) -> Mail:
    """What a person of the house answers; `number` makes it another mail than the others."""
    fields: dict[str, object] = {
        "author": Address(address=person.addresses[0], name=person.name),
        "message_id": f"<{number}@acme.example>",
        "fingerprint": f"{number:064}",
        "new_text": text,
        "text": text,
        "authentication": VOUCHED,
    }
    return follow_up(message, **{**fields, **differences})


def says(desk: Desk, person: Person, kind: str, text: str, number: int, **differences: Any) -> Decision:
    """The person answers the last mail of this kind that they got."""
    now = differences.pop("now", NOON)
    return desk.arrive(an_answer_of(person, last_of(desk, kind, person), text, number, **differences), now=now)


def last_of(desk: Desk, kind: str, person: Person) -> Message:
    """The newest mail of this kind to this person."""
    return desk.newest(kind, person.addresses[0])
