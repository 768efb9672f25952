"""Whatever ends a step of an incident in its middle: nothing of it is there, and done again it is there once."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.message import Message
from typing import TypeVar

import pytest

from maild.daemon.incidents import IncidentWatch
from maild.mail.message import Address, Mail
from maild.process.rules import Rules
from maild.process.trust import TrustMethod
from maild.store.engine import Connection, Store
from tests.desk.test_incidents import CLIENTS, LEAD, LENA, REPORTS, TSM, burst, declared, text_of, watching, write
from tests.support.desks import Desk, reply_to
from tests.support.forking import Forks
from tests.support.interrupting import intake_interrupted, seen
from tests.support.making import ANA, NOON, a_mail, a_team, some_rules
from tests.support.outboxes import wait_until

T = TypeVar("T")
LATER = NOON + timedelta(minutes=20)
KILLS, SEED = 2, 2026
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)


def rules() -> Rules:
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    return some_rules(team=a_team(people=(LEAD, ANA)), trust=vouching)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, rules())


def from_the_house(to: Message, text: str, *, by: str, address: str = "") -> Mail:
    return a_mail(
        message_id="<order@acme.example>",
        fingerprint="9" * 64,
        author=Address(address=by),
        to=(Address(address=address),) if address else reply_to(to),
        subject="T-1 declare" if address else f"Re: {to['Subject']}",
        in_reply_to=() if address else (str(to["Message-ID"]),),
        new_text=text,
        text=text,
        authentication=VOUCHED,
    )


def a_declaration(desk: Desk) -> Mail:
    burst(desk)
    proposal = desk.newest("incident_proposed", LENA)
    links = [part.partition("?")[0] for part in text_of(proposal, "html").split("mailto:")[1:]]
    return from_the_house(proposal, "", by=LENA, address=links[0])


def an_answer(desk: Desk) -> Mail:
    return from_the_house(declared(desk), "The gateway is being replaced.", by=TSM)


def a_resolution(desk: Desk) -> Mail:
    return from_the_house(declared(desk), "/resolve\nThe gateway has been replaced.", by=TSM)


def a_late_joiner(desk: Desk) -> Mail:
    declared(desk)
    name, whole, _, subject, words = REPORTS[4]
    author = Address(address=f"{name}@{name}.example", name=whole)
    return a_mail(message_id="<late>", fingerprint="8" * 64, author=author, subject=subject, new_text=words, text=words)


@pytest.mark.parametrize(
    ("begin", "written"),
    [
        (a_declaration, {LENA: 1, TSM: 1}),
        (an_answer, dict.fromkeys(CLIENTS[:4], 1)),
        (a_resolution, dict.fromkeys(CLIENTS[:4], 1)),
        (a_late_joiner, {CLIENTS[4]: 1, TSM: 1}),
    ],
)
def test_a_step_of_an_incident_happens_to_all_of_its_tickets_or_to_none(
    desk: Desk, begin: Callable[[Desk], Mail], written: dict[str, int]
) -> None:
    mail = begin(desk)
    before, had, after = seen(desk), Counter(to for _, to in desk.written()), 0
    while intake_interrupted(desk, mail, after, now=LATER):
        assert seen(desk) == before
        after += 19
    assert after > 25
    assert Counter(to for _, to in desk.written()) - had == written


class Beaten(Store):
    """The store of a process that another one is a moment ahead of: between what it reads and what it writes."""

    def __init__(self, url: str, quicker: IncidentWatch) -> None:
        super().__init__(url)
        self.quicker = quicker

    def transact(self, work: Callable[[Connection], T], *, serial: bool = False) -> T:
        self.quicker.look()
        return super().transact(work, serial=serial)


def test_what_two_processes_find_at_once_is_proposed_once(desk: Desk, database_url: str) -> None:
    for who in range(5):
        write(desk, who, now=NOON + timedelta(minutes=who))
    store = Beaten(database_url, watching(desk, LATER))
    late = IncidentWatch(store=store, rules=desk.rules, voice=desk.voice, clock=lambda: LATER)
    assert late.look() == 0
    store.close()
    assert len(desk.rows("SELECT 1 FROM incidents")) == 1
    assert [kind for kind, _ in desk.written()].count("incident_proposed") == 1


def test_processes_that_are_killed_propose_an_incident_once(desk: Desk, database_url: str) -> None:
    chance = random.Random(SEED)
    for who in range(5):
        write(desk, who, now=NOON + timedelta(minutes=who))
    with Forks("tests.desk.incidents_process") as forks:
        for _ in range(KILLS):
            pair = [forks.start(database_url), forks.start(database_url)]
            time.sleep(chance.uniform(0.0, 0.1))  # the moment of death is the point
            for process in pair:
                process.kill()
        forks.start(database_url)
        forks.start(database_url)
        wait_until(lambda: len(desk.rows("SELECT 1 FROM incident_members")) == 5)
        time.sleep(0.3)  # both look several times more
    assert len(desk.rows("SELECT 1 FROM incidents")) == 1
    assert len(desk.rows("SELECT 1 FROM incident_members")) == 5
    assert [kind for kind, _ in desk.written()].count("incident_proposed") == 1
    assert len(desk.rows("SELECT 1 FROM events WHERE event = 'incident_proposed'")) == 1
