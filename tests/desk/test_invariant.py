"""Invariants of tickets, whatever order of events happens to them: what is not closed has somebody and a live deadline."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.mail.message import Address
from maild.process.calendar import Span
from maild.process.clocks.kinds import ALLOWED, ANSWERED, AWAY, OWED, PAUSED, RENEWED
from maild.process.people.escalation import Escalation
from maild.process.priority import ServiceLevel
from maild.process.ticket import Event, Status
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.support.desks import AUTOMATIC, INVOICE, TECHNICAL, UNSURE, Desk, follow_up
from tests.support.making import ANA, EVA, NOON, a_mail, a_policy, a_team, priorities, some_rules, verdicts

VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)
KINDS = {"technical": TECHNICAL, "invoice": INVOICE, "unsure": UNSURE, "away": AUTOMATIC}
INTENTS = ("resolved", "not_resolved", "partly", "thanks", "new_problem", "information", None)
COMMANDS = (
    *(
        "/take",
        "/assign Ana",
        "/assign Lena",
        "/category network",
        "/category billing",
        "/technical",
        "/handoff Finance",
    ),
    *("/urgency 1", "/impact 3", "/spam", "/waiting\nWhich one?", "/update\nWe are on it.", "/eta 3 business days"),
    *("/escalate", "/escalate Eva", "/deescalate", "/resolve\nIt was the cable.", "/close\nThey left.", "/reopen\nNo."),
    *("/works", "/fails", "/other", "/merge T-1", "/merge T-2", "/split", "/link T-1", "/undo", "/note\nHm."),
    *(
        "Please wait.",
        "/client carl@client.example",
        "/cc add carl@client.example",
        "/incident declare",
        "/incident undo",
    ),
)
TEAM_SAYS = ("Got it.", "/take", "/return", "/technical", "not for us")

STEPS = st.one_of(
    st.tuples(st.just("opens"), st.sampled_from(["technical", "invoice", "unsure"])),
    st.tuples(st.just("client"), st.integers(0, 2), st.sampled_from(INTENTS)),
    st.tuples(st.just("away"), st.integers(0, 2), st.sampled_from(["client", "ana"])),
    st.tuples(st.just("ana"), st.integers(0, 2), st.sampled_from(COMMANDS)),
    st.tuples(st.just("eva"), st.integers(0, 2), st.sampled_from(["It is the firmware.", "/note\nHm.", "/close\nx"])),
    st.tuples(st.just("finance"), st.integers(0, 2), st.sampled_from(TEAM_SAYS)),
    st.tuples(st.just("time"), st.sampled_from([0, 1, 5, 26, 200, 900])),
)
_numbers = count(1)


class Life:
    """A desk to which things happen one after the other."""

    def __init__(self, store: Store) -> None:
        team = a_team(people=(*a_team().people, ANA, EVA))
        overdue = Escalation(levels=a_policy().escalation.levels, overdue_for=Span(clock=timedelta(hours=4)))
        policy = a_policy(remind_before=0.25, ask_missing=True, escalation=overdue)
        promised = ServiceLevel(
            first_response=Span(clock=timedelta(hours=2)), resolution=Span(clock=timedelta(hours=30))
        )
        rules = some_rules(
            team=team,
            policy=policy,
            trust=TrustMethod(method="authserv_id", value="mx.acme.example"),
            priorities=replace(priorities(), service_levels=dict.fromkeys(range(1, 6), promised)),
        )
        self.desk, self.now = Desk(store, rules), NOON

    def happens(self, step: tuple[Any, ...]) -> None:
        name, *rest = step
        with suppress(LookupError):  # nobody has got a mail that could be answered
            getattr(self, f"_{name}")(*rest)
        self.now += timedelta(minutes=1)
        self.holds()

    def holds(self) -> None:
        running = self.desk.rows("SELECT ticket_id, kind, due_at FROM deadlines WHERE settled_at IS NULL")
        for row in self.desk.rows("SELECT id, status, assignee, team, next_update_due_at FROM tickets"):
            kinds = [each.kind for each in running if each.ticket_id == row.id]
            assert len(kinds) == len(set(kinds)), f"T-{row.id} has a clock twice: {kinds}"
            status = Status(row.status)
            if status is Status.CLOSED:
                assert set(kinds) <= {"post_mortem"}, f"T-{row.id} is closed and owes {kinds}"
                continue
            assert row.assignee or (status is Status.HANDED_OFF and row.team), f"T-{row.id} ({status}) is nobody's"
            assert OWED[status][0] in kinds, f"T-{row.id} ({status}) owes {kinds}"
            assert set(kinds) <= {*OWED[status], *ALLOWED.get(status, ())}, f"T-{row.id} ({status}) owes {kinds}"
            assert row.next_update_due_at is not None
        of_clocks = "event LIKE 'clock_%' OR event = 'service_level_breached'"
        for row in self.desk.rows(f"SELECT event, mail_id, deadline_id FROM events WHERE {of_clocks}"):  # noqa: S608
            assert (row.mail_id is None) is not (row.deadline_id is None), f"{row.event} has no cause"
        for row in self.desk.rows("SELECT * FROM deadlines"):
            assert (row.mail_id is None) is not (row.deadline_id is None), f"nothing made {row.kind} run"
            by = (row.stopped_mail_id, row.stopped_deadline_id)
            is_cut_short = row.settled_at is not None and row.because in {PAUSED, RENEWED, ANSWERED, AWAY}
            assert by.count(None) == 1 if is_cut_short else None in by, f"{row.kind}, {row.because}: stopped by {by}"

    def _write(self, author: str, said: Any, **fields: Any) -> None:
        number = next(_numbers)
        usual = {
            "message_id": f"<{number}@x.example>",
            "fingerprint": f"{number:064}",
            "author": Address(address=author),
        }
        self.desk.arrive(a_mail(**{**usual, **fields}), said, now=self.now)

    def _answer(self, kind: str, author: str, ticket: int, words: str, said: Any = TECHNICAL) -> None:
        rows = self.desk.rows(
            f"SELECT id FROM outbox WHERE kind = '{kind}' AND recipient = '{author}' ORDER BY id DESC"  # noqa: S608
        )
        told = self.desk.sent(rows[ticket].id)
        mail = follow_up(told, new_text=words, text=words, authentication=VOUCHED)
        self._write(
            author, said, **{name: getattr(mail, name) for name in ("to", "new_text", "text", "authentication")}
        )

    def _opens(self, kind: str) -> None:
        self._write("bea@client.example", KINDS[kind])

    def _client(self, ticket: int, intent: str | None) -> None:
        said = (*TECHNICAL, *verdicts(reply_intent=intent).values())
        kinds = self.desk.rows("SELECT kind FROM outbox WHERE recipient = 'bea@client.example' ORDER BY id DESC")
        self._answer(kinds[ticket].kind, "bea@client.example", 0, f"Words {next(_numbers)}.", said)

    def _away(self, ticket: int, who: str) -> None:
        kind, author = (
            ("acknowledgement", "bea@client.example") if who == "client" else ("assignment", "ana@acme.example")
        )
        self._answer(kind, author, ticket, "I am away until 27 November.", AUTOMATIC)

    def _ana(self, ticket: int, words: str) -> None:
        self._answer("assignment", "ana@acme.example", ticket, words)

    def _eva(self, ticket: int, words: str) -> None:
        self._answer("dossier", "eva@acme.example", ticket, words)

    def _finance(self, ticket: int, words: str) -> None:
        self._answer("hand_off", "finance@acme.example", ticket, words)

    def _time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.desk.pass_time(self.now)


@pytest.fixture
def template(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_what_is_not_closed_has_somebody_and_a_live_deadline(template: Path, steps: list[tuple[Any, ...]]) -> None:
    path = template.with_name(f"life-{next(_numbers)}.db")
    path.write_bytes(template.read_bytes())
    store = Store(f"sqlite:///{path}")
    try:
        life = Life(store)
        life.happens(("opens", "technical"))
        for step in steps:
            life.happens(step)
    finally:
        store.close()


def test_the_steps_of_a_life_do_happen(store: Store) -> None:
    life = Life(store)
    told = [
        ("opens", "technical"), ("opens", "invoice"), ("client", 0, "information"), ("ana", 0, "/escalate"),
        ("eva", 0, "It is the firmware."), ("ana", 0, "/waiting\nWhich one?"), ("time", 200), ("finance", 0, "/return"),
        ("ana", 0, "/resolve\nIt was the cable."), ("client", 0, "not_resolved"), ("time", 900), ("opens", "technical"),
        ("time", 60), ("time", 60),
    ]  # fmt: skip
    for step in told:
        life.happens(step)
    happened = {row.event for row in life.desk.rows("SELECT event FROM events")}
    expected = {Event.ESCALATED, Event.ENGINEERING_ANSWERED, Event.ASKED, Event.CLIENT_REMINDED, Event.RESOLVED}
    expected |= {Event.CLOCK_PAUSED, Event.CLOCK_STOPPED, Event.SERVICE_LEVEL_BREACHED, Event.ESCALATION_RAISED}
    assert expected <= {Event(event) for event in happened}
