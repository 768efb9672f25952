"""How much the desk writes unasked, at most, and who still gets it when others have used it up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from maild.mail.message import Address, Mail
from maild.process.people.team import Team
from maild.process.policy import ReplyLimits, free_again_at, is_of_one
from maild.process.rank import Rank
from maild.process.ticket import Event
from maild.process.trust import TrustMethod
from maild.replies.flood import compose_flood
from maild.replies.reply import HouseMail
from maild.store.engine import Store
from maild.store.incoming.turns import MOST_TICKETS, find_acquainted
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_policy, a_team, some_rules
from tests.support.replies_making import a_voice

TRUST = TrustMethod(method="authserv_id", value="mx.acme.example")
BEA = Address(address="Bea@client.example")


def a_desk(store: Store, *, team: Team | None = None, **limits: float) -> Desk:
    made = ReplyLimits(**limits)  # type: ignore[arg-type]
    return Desk(store, some_rules(policy=a_policy(limits=made), trust=TRUST, team=team or a_team()))


def a_letter(number: int, address: str, **differences: object) -> Mail:
    author = Address(address=address)
    return a_mail(message_id=f"<{number}@x.example>", fingerprint=f"{number:064}", author=author, **differences)


def proven(number: int, address: str) -> Mail:
    domain = address.rpartition("@")[2]
    return a_letter(number, address, authentication=(f"mx.acme.example; dmarc=pass header.from={domain}",))


def acknowledged(desk: Desk) -> list[str]:
    return [recipient for kind, recipient in desk.written() if kind == "acknowledgement"]


def know(desk: Desk, address: str) -> None:
    """Somebody of the desk has answered this client, long ago."""
    desk.arrive(a_letter(900 + len(desk.written()), address), now=NOON - timedelta(days=9))
    asked = (
        "INSERT INTO events (ticket_id, at, actor, event, because) SELECT max(id), :at, 'x', :event, '' FROM tickets"
    )
    values = {"at": "2026-11-01 12:00:00.000000+00:00"[:26], "event": Event.TSM_ANSWERED.value}
    desk.store.transact(lambda connection: connection.execute(text(asked), values).rowcount)


def test_a_freemail_domain_has_no_limit_of_its_own_and_its_addresses_have(store: Store) -> None:
    desk = a_desk(store, per_address=2, per_domain=3, in_total=6, reserve=0)
    for number in range(9):
        desk.arrive(a_letter(number, f"somebody{number if number < 5 else 0}@gmail.com"))
    assert len(acknowledged(desk)) == 6
    assert desk.written_to("somebody0@gmail.com") == ["acknowledgement"] * 2


@pytest.mark.parametrize(
    "given", [("/eta 3h", "/eta 4h", "/eta 5h"), ("/handoff Finance", "/technical", "/handoff Finance")]
)
def test_what_a_person_of_the_desk_orders_for_a_client_has_no_limit(store: Store, given: Sequence[str]) -> None:
    desk = a_desk(store, per_address=1, per_domain=1, team=a_team(people=(*a_team().people, ANA)))
    desk.arrive(a_letter(1, BEA.address))
    assigned = desk.sent(desk.rows("SELECT id FROM outbox WHERE kind = 'assignment'")[0].id)
    for number, command in enumerate(given, start=2):
        ordered = proven(number, "ana@acme.example")
        desk.arrive(replace(ordered, new_text=command, text=command, to=follow_up(assigned).to))
    assert len(desk.written_to(BEA.address)) == 1 + len(given)


def test_a_flood_of_forged_authors_uses_up_neither_what_known_clients_get_nor_what_proven_ones_get(
    store: Store,
) -> None:
    desk = a_desk(store, in_total=8)
    know(desk, BEA.address)
    know(desk, "ben@other.example")
    desk.arrive_together([a_letter(number, f"x{number}@v{number}.example") for number in range(9)])
    desk.arrive_together([a_letter(20 + number, BEA.address if number else "ben@other.example") for number in range(3)])
    desk.arrive_together([proven(30 + number, f"p{number}@proven.example") for number in range(3)])
    desk.arrive_together([proven(40 + number, BEA.address) for number in range(2)])
    lately = acknowledged(desk)[2:]
    assert lately == [
        *(f"x{number}@v{number}.example" for number in range(4)),
        "ben@other.example",
        BEA.address,
        "p0@proven.example",
        BEA.address,
    ]
    reasons = [
        str(row.because)
        for row in desk.rows("SELECT because FROM events WHERE event = 'acknowledgement_withheld' ORDER BY id")
    ]
    assert [reason.partition(": ")[2] for reason in reasons] == [
        *["the limit of 4 an hour for unknown authors is reached"] * 5,
        "the limit of 6 an hour for unproven authors is reached",
        *["the limit of 7 an hour for all but proven clients is reached"] * 2,
        "the limit of 8 an hour for total is reached",
    ]


def test_strangers_who_own_a_thousand_subdomains_use_up_nothing_of_what_is_kept_for_known_clients(store: Store) -> None:
    desk = a_desk(store, in_total=8)
    know(desk, BEA.address)
    know(desk, "ben@other.example")
    desk.arrive_together([proven(number, f"x@s{number}.evil.example") for number in range(9)])
    desk.arrive_together([a_letter(20 + number, "ben@other.example") for number in range(2)])
    desk.arrive_together([proven(30, BEA.address)])
    evil = [f"x@s{number}.evil.example" for number in range(6)]
    assert acknowledged(desk)[2:] == [*evil, "ben@other.example", BEA.address]


def test_what_is_forged_in_a_clients_name_uses_up_nothing_of_what_is_proven_to_be_theirs(store: Store) -> None:
    desk = a_desk(store, per_address=2, per_domain=3)
    desk.arrive_together([a_letter(number, BEA.address) for number in range(4)])
    desk.arrive_together([a_letter(10 + number, f"x{number}@client.example") for number in range(4)])
    assert len(acknowledged(desk)) == 3
    desk.arrive_together([proven(20 + number, BEA.address) for number in range(3)])
    assert acknowledged(desk)[3:] == [BEA.address] * 2


def test_a_known_client_has_the_limit_of_an_address_once(store: Store) -> None:
    desk = a_desk(store, per_address=2, per_domain=9)
    know(desk, BEA.address)
    desk.arrive_together([a_letter(number, BEA.address) for number in range(5)])
    assert acknowledged(desk)[1:] == [BEA.address] * 2


def test_the_leads_hear_once_a_day_that_acknowledgements_are_withheld(store: Store) -> None:
    desk = a_desk(store, per_domain=2)
    for day in range(2):
        for hour in (0, 3):
            now = NOON + timedelta(days=day, hours=hour)
            flood = [a_letter(100 * day + 10 * hour + number, f"x{number}@victim.example") for number in range(5)]
            desk.arrive_together(flood, now=now)
    alarms = desk.rows("SELECT recipient, new_text, audience FROM outbox WHERE kind = 'alarm'")
    leads = [lead.addresses[0] for lead in desk.rules.team.leads]
    assert sorted(alarm.recipient for alarm in alarms) == sorted(leads * 2)
    assert "> the limit of 2 an hour for domain victim.example is reached" in alarms[0].new_text
    assert "Mails waiting to be taken in: " in alarms[0].new_text
    assert alarms[0].audience == "internal"


def test_a_chatty_address_alone_is_no_flood(store: Store) -> None:
    desk = a_desk(store, per_address=2)
    desk.arrive_together([a_letter(number, BEA.address) for number in range(4)])
    assert not desk.rows("SELECT id FROM outbox WHERE kind = 'alarm'")


@pytest.mark.parametrize(
    "address", ['"a b"@client.example', '"x address "@client.example', '"domain b"@client.example']
)
def test_nor_is_one_whose_address_reads_like_something_else(store: Store, address: str) -> None:
    desk = a_desk(store, per_address=2)
    desk.arrive_together([a_letter(number, address) for number in range(4)])
    assert not desk.rows("SELECT id FROM outbox WHERE kind = 'alarm'")


def test_which_limits_are_of_one_address() -> None:
    limits, quoted = ReplyLimits(freemail=()), Address(address='"a b"@client.example')
    for rank in Rank:
        names = [name for name in limits.names(quoted, rank) if is_of_one(name)]
        assert names == [name for name in limits.names(quoted, rank) if quoted.key in name]
    assert all(is_of_one(name) for name in limits.names_of_person(quoted))
    assert all(is_of_one(name) for name in limits.names_of_refusal(quoted, "T-1"))


@pytest.mark.parametrize("tally", [(0, 5), (5, 0), (5, 2), (8, 4), (40, 3)])
def test_a_limit_that_is_reached_is_free_again_when_it_says_and_not_a_minute_before(tally: tuple[int, int]) -> None:
    limits, now = ReplyLimits(), NOON.replace(minute=0)
    assert limits.is_reached(5, tally, now)
    free_at = free_again_at(5, tally, now)
    at_hour = (tally[1], 0) if free_at >= now + timedelta(hours=1) else tally
    assert not limits.is_reached(5, at_hour, free_at)
    if free_at < now + timedelta(hours=1):
        assert limits.is_reached(5, tally, max(now, free_at - timedelta(minutes=2)))


def test_a_thousand_strangers_are_asked_about_by_few_statements(store: Store) -> None:
    know(a_desk(store), BEA.address)
    asked: list[str] = []

    @event.listens_for(store._engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    with store.read() as connection:
        strangers = {f"x@v{number}.example" for number in range(999)}
        assert find_acquainted(connection, {*strangers, BEA.address}, ()).authors == {BEA.key}
    event.remove(store._engine, "before_cursor_execute", note)
    assert len([each for each in asked if "FROM tickets" in each]) <= 3


def test_whether_the_desk_knows_somebody_is_looked_for_in_their_oldest_tickets_alone(store: Store) -> None:
    desk = a_desk(store)
    know(desk, BEA.address)
    with store.read() as connection:
        assert find_acquainted(connection, {BEA.address}, ()).authors == {BEA.key}
    late = "INSERT INTO tickets (status, client, client_name, language, subject, opened_at) VALUES ('new', :who, '', 'en', '', :at)"
    moment = "2026-11-01 12:00:00.000000"
    rows = [{"who": "ben@client.example", "at": moment}] * MOST_TICKETS
    desk.store.transact(lambda connection: connection.execute(text(late), rows).rowcount)
    know(desk, "ben@client.example")
    with store.read() as connection:
        assert find_acquainted(connection, {"ben@client.example", BEA.address}, ()).authors == {BEA.key}


SAID: Mapping[str, tuple[str, str]] = {
    "en": ("more mail than maild may acknowledge", "Mails waiting to be taken in: 7."),
    "de": ("mehr Mail, als maild bestätigen darf", "Mails, die noch auf ihre Aufnahme warten: 7."),
    "fr": ("plus de messages que maild ne peut en confirmer", "Messages en attente de prise en charge\u00a0: 7."),
    "es": ("más mensajes de los que maild puede confirmar", "Mensajes que esperan su turno: 7."),
}


@pytest.mark.parametrize("language", SAID)
def test_the_alarm_speaks_the_desks_own_language(language: str) -> None:
    voice = a_voice()
    voice = replace(voice, desk=replace(voice.desk, languages=(language,)))
    lead = Address(address="lead@acme.example", name="Lea")
    alarm: HouseMail = compose_flood("too much", 7, voice, recipient=lead, message_id="<x@acme.example>", now=NOON)
    subject, waiting = SAID[language]
    assert subject in alarm.subject
    assert waiting in " ".join(alarm.text.split(" "))
    assert "> too much" in alarm.text
    assert "maild tickets --unacknowledged" in " ".join(alarm.text.split())


def test_limits_of_an_unusual_size_leave_everybody_something() -> None:
    names = ReplyLimits(in_total=1).names(BEA)
    assert names["unknown authors"] == names["unproven authors"] == names["total"] == 1
    assert "unknown authors" not in ReplyLimits().names(BEA, Rank.KNOWN)
