"""An incident, whole: noticed in the words of different clients, declared by one tap, answered once for all, undone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from functools import partial
from urllib.parse import unquote

import pytest

from maild.classify.verdict import Verdict
from maild.daemon.incidents import IncidentWatch
from maild.mail.message import Address, Mail
from maild.process.people.team import Person
from maild.process.policy import Incidents, ReplyLimits
from maild.process.ticket import Role
from maild.process.trust import TrustMethod
from maild.store.desk.incidents import join, leave
from maild.store.engine import Store
from tests.support.desks import TECHNICAL, Desk, reply_to
from tests.support.making import ANA, NOON, a_mail, a_policy, a_team, some_rules

LENA, TSM = "lena@acme.example", "ana@acme.example"
LEAD = Person(name="Lena Lead", addresses=(LENA,), role=Role.LEAD)
REPORTS = (
    ("bea", "Bea Kunde", "en", "VPN down", "The VPN gateway refuses all connections since this morning."),
    ("carl", "Carl Weber", "de", "VPN gateway", "Our VPN gateway refuses connections, nobody can work."),
    ("dora", "Dora Petit", "fr", "no VPN", "VPN connections to the gateway are refused."),
    ("emil", "Emil Ruiz", "es", "gateway refuses VPN", "Since today the VPN gateway refuses every connection."),
    ("fay", "Fay Moor", "en", "VPN trouble", "The gateway of the VPN refuses connections here as well."),
    ("gia", "Gia Neri", "en", "Printer", "The toner of our printer is empty."),
)
"""Who writes, in which language they are written to, and what: the same thing in their own words."""


def watching(desk: Desk, now: datetime = NOON) -> IncidentWatch:
    return IncidentWatch(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: now)


@pytest.fixture
def desk(store: Store) -> Desk:
    team = a_team(people=(LEAD, ANA))
    return Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))


def write(desk: Desk, who: int, *, now: datetime = NOON, domain: str = "", said: Sequence[Verdict] = TECHNICAL) -> int:
    """A client reports; the number of the ticket."""
    name, whole, language, subject, words = REPORTS[who]
    address = f"{name}@{domain}" if domain else f"{name}@{name}.example"
    mail = a_mail(
        message_id=f"<{address}-{now.timestamp()}>",
        fingerprint=f"{abs(hash((address, now))):064}"[:64],
        author=Address(address=address, name=whole),
        subject=subject,
        new_text=words,
        text=words,
        language=language,
    )
    ticket = desk.arrive(mail, said, now=now)
    assert ticket.outcome.value == "ticket"
    return int(desk.rows("SELECT max(id) AS number FROM tickets")[0].number)


def burst(desk: Desk, clients: int = 4) -> IncidentWatch:
    """So many clients write within some minutes, and the watch looks."""
    for who in range(clients):
        write(desk, who, now=NOON + timedelta(minutes=who))
    watch = watching(desk, NOON + timedelta(minutes=clients))
    watch.look()
    return watch


PROOF = ("mx.acme.example; dmarc=pass header.from=acme.example",)


def say(
    desk: Desk,
    to: Message,
    text: str,
    *,
    by: str = TSM,
    at: datetime = NOON + timedelta(minutes=30),
    proof: tuple[str, ...] = PROOF,
) -> str:
    """A person of the desk answers a mail of ours; what became of it."""
    mail = a_mail(
        message_id=f"<{by}-{desk.uid}>",
        fingerprint=f"{desk.uid + 1:063}f",
        author=Address(address=by, name="Ana Ruiz"),
        to=reply_to(to),
        in_reply_to=(str(to["Message-ID"]),),
        new_text=text,
        text=text,
        authentication=proof,
    )
    return desk.arrive(mail, now=at).because


def tap(desk: Desk, mail: Message, word: str, *, by: str, at: datetime = NOON + timedelta(minutes=10)) -> str:
    """Tap the link of a mail that is called so."""
    html = text_of(mail, "html")
    links = (part.partition('"')[0] for part in html.split("mailto:")[1:])
    address, _, subject = next(link for link in links if word in link).partition("?subject=")
    sent = a_mail(
        message_id=f"<tap-{desk.uid}@acme.example>",
        fingerprint=f"{desk.uid + 1:063}e",
        author=Address(address=by),
        to=(Address(address=address),),
        subject=unquote(subject),
        new_text="",
        text="",
        authentication=PROOF,
    )
    return desk.arrive(sent, now=at).because


def text_of(mail: Message, kind: str = "plain") -> str:
    part = next(each for each in mail.walk() if each.get_content_type() == f"text/{kind}")
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")  # type: ignore[union-attr]


def standing(desk: Desk) -> list[str]:
    return [row.standing for row in desk.rows("SELECT standing FROM incidents ORDER BY id")]


def members(desk: Desk) -> list[int]:
    rows = desk.rows("SELECT ticket_id FROM incident_members WHERE left_at IS NULL ORDER BY ticket_id")
    return [row.ticket_id for row in rows]


def answers(desk: Desk) -> dict[str, str]:
    """Client to the words of the last answer to them."""
    found = desk.rows("SELECT id, recipient FROM outbox WHERE kind = 'answer' ORDER BY id")
    return {row.recipient: text_of(desk.sent(row.id)) for row in found}


CLIENTS = [f"{name}@{name}.example" for name, *_ in REPORTS]


ENGLISH = (
    "Good morning, since this morning nobody in our office can sign in. The browser says that {} refuses the connection, and"
    " reloading the page does not help. We have restarted both computers, and colleagues upstairs see the very same message."
)
GERMAN = (
    "Guten Tag, seit heute früh kann sich bei uns niemand anmelden. Angeblich nimmt {} keine Verbindung an, auch nach einem"
    " Neustart der Rechner nicht. Im ganzen Haus steht die Arbeit still, bitte melden Sie sich schnell bei unserer Zentrale."
)


def write_in_two_languages(desk: Desk, english: str, german: str) -> IncidentWatch:
    """Five clients of each; the watch looks after each mail."""
    watch = watching(desk, NOON + timedelta(minutes=10))
    for number in range(10):
        words, language = (GERMAN.format(german), "de") if number % 2 else (ENGLISH.format(english), "en")
        address, at = f"c{number}@client{number}.example", NOON + timedelta(minutes=number)
        author, names = Address(address=address), {"message_id": f"<{address}>", "fingerprint": f"{number:064}"}
        subject = "Anmeldung" if number % 2 else "No connection"
        mail = a_mail(author=author, subject=subject, new_text=words, text=words, language=language, **names)
        desk.arrive(mail, now=at)
        watch.look()
    return watch


@pytest.mark.parametrize("name", ["vpn-gw01.acme.example", "https://portal.acme.example/login", "10.20.30.40"])
def test_what_two_languages_name_alike_is_one_proposal(desk: Desk, name: str) -> None:
    write_in_two_languages(desk, name, name)
    assert (standing(desk), members(desk)) == (["proposed"], list(range(1, 11)))
    reasons = {row.because for row in desk.rows("SELECT because FROM incident_members")}
    assert any("as the others do" in because for because in reasons)
    assert desk.written_to(LENA).count("incident_proposed") == 2, "it has doubled since"
    tap(desk, desk.newest("incident_proposed", LENA), "declare", by=LENA)
    assert (standing(desk), members(desk)) == (["declared"], list(range(1, 11)))


def test_two_languages_that_name_different_things_or_what_everybody_names_are_two_proposals(desk: Desk) -> None:
    write_in_two_languages(desk, "vpn-gw01.acme.example", "mail-gw02.acme.example")
    assert standing(desk) == ["proposed", "proposed"]


def test_what_is_named_in_usual_mails_tells_no_cause(desk: Desk) -> None:
    for number in range(20, 30):
        words = f"Please order {number} more licences, as on portal.acme.example, for room {number}."
        names = {"message_id": f"<{number}@usual.example>", "fingerprint": f"{number:064}"}
        author = Address(address=f"u{number}@usual{number}.example")
        desk.arrive(a_mail(author=author, new_text=words, text=words, **names), now=NOON - timedelta(days=number))
    write_in_two_languages(desk, "portal.acme.example", "portal.acme.example")
    assert standing(desk) == ["proposed", "proposed"]


@pytest.mark.parametrize("most", [3, 4])
def test_of_a_flood_that_comes_to_an_empty_desk_the_newest_are_looked_at(
    desk: Desk, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.daemon.incidents.FLOOD", most)
    watch = watching(desk, NOON + timedelta(minutes=5))
    watch.look()
    for who in range(5):
        write(desk, who, now=NOON + timedelta(minutes=who))
    watch.look()
    assert members(desk) == ([2, 3, 4, 5] if most == 4 else [])


def test_a_burst_is_proposed_to_the_lead_once_with_its_statistics_in_words(desk: Desk) -> None:
    watch = burst(desk)
    assert (standing(desk), members(desk)) == (["proposed"], [1, 2, 3, 4])
    told = " ".join(text_of(desk.newest("incident_proposed", LENA)).split())
    for words in (
        "Clients: 4",
        "gateway",
        "T-3, dora@dora.example: no VPN",
        "within 30 min",
        "vouches for 0 of these 4",
    ):
        assert words in told
    watch.look()
    watching(desk, NOON + timedelta(minutes=9)).look()  # another process, or the same one after a crash
    assert [kind for kind, _ in desk.written()].count("incident_proposed") == 1


def told_as_it_grows(desk: Desk, watch: IncidentWatch, numbers: Iterable[int]) -> list[int]:
    """How many mails about the proposal the lead has after each of these further clients has written, one a minute."""
    heard = []
    for number in numbers:
        write(desk, number % 4, now=NOON + timedelta(minutes=number), domain=f"client{number}.example")
        watch.clock = partial(lambda now: now, NOON + timedelta(minutes=number + 1))
        watch.look()
        heard.append(desk.written_to(LENA).count("incident_proposed"))
    return heard


def test_a_proposal_that_has_doubled_is_told_once_more_with_both_numbers(desk: Desk) -> None:
    watch = burst(desk)
    assert told_as_it_grows(desk, watch, range(5, 17)) == [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3]
    told = text_of(desk.newest("incident_proposed", LENA))
    assert "there were 8 tickets then, and now there are 16" in " ".join(told.split())
    events = desk.rows("SELECT because FROM events WHERE event = 'incident_proposed' ORDER BY id")
    assert [row.because for row in events][1:] == [
        "8 tickets say the same; 4 did when the lead was asked last",
        "16 tickets say the same; 8 did when the lead was asked last",
    ]
    assert "/incident declare" in told


@pytest.mark.parametrize(("comes_back", "heard"), [(False, [1, 1, 1, 1, 1, 2]), (True, [1, 1, 1, 2, 2, 2])])
def test_what_tickets_have_left_is_told_by_how_many_it_had(desk: Desk, comes_back: bool, heard: list[int]) -> None:
    watch, now = burst(desk), NOON + timedelta(minutes=5)
    for number in (2, 3):
        desk.store.transact(partial(leave, incident=1, number=number, now=now))
    if comes_back:
        desk.store.transact(
            partial(join, incident=1, numbers=[2, 3], because="it is one of them", is_late=False, now=now)
        )
    assert told_as_it_grows(desk, watch, range(6, 12)) == heard
    told = " ".join(text_of(desk.newest("incident_proposed", LENA)).split())
    assert "there were 4 tickets then, and now there are 8" in told


def test_one_tap_declares_it_and_its_tickets_are_one_persons(desk: Desk) -> None:
    burst(desk)
    tap(desk, desk.newest("incident_proposed", LENA), "declare", by=LENA)
    assert standing(desk) == ["declared"]
    assert {row.assignee for row in desk.rows("SELECT assignee FROM tickets")} == {"Ana Ruiz"}
    linked = desk.rows("SELECT ticket_id, other_id FROM links WHERE kind = 'incident' AND other_id = 1")
    assert sorted(row.ticket_id for row in linked) == [2, 3, 4]
    assert desk.written_to(TSM)[-1] == desk.written_to(LENA)[-1] == "incident_declared"


def test_what_is_dismissed_is_not_proposed_again(desk: Desk) -> None:
    watch = burst(desk)
    tap(desk, desk.newest("incident_proposed", LENA), "dismiss", by=LENA)
    assert standing(desk) == ["dismissed"]
    for who in range(5):
        write(desk, who, now=NOON + timedelta(hours=30, minutes=who))
    watching(desk, NOON + timedelta(hours=30, minutes=5)).look()
    watch.look()
    assert standing(desk) == ["dismissed"]


def declared(desk: Desk, clients: int = 4) -> Message:
    """An incident; the mail by which it is answered."""
    watch = burst(desk, clients)
    tap(desk, desk.newest("incident_proposed", LENA), "declare", by=LENA)
    watch.look()
    return desk.newest("incident_declared", TSM)


def test_one_answer_goes_to_every_client_in_their_own_thread_and_language(desk: Desk) -> None:
    say(desk, declared(desk), "The gateway is being replaced. It takes until noon.")
    told = answers(desk)
    assert sorted(told) == CLIENTS[:4]
    greetings = ("Hello Bea Kunde,", "Guten Tag Carl Weber,", "Bonjour Dora Petit,", "Hola, Emil Ruiz:")
    for client, greeting in zip(CLIENTS, greetings, strict=False):
        assert told[client].startswith(f"{greeting}\n\nThe gateway is being replaced.")
        mail = desk.newest("answer", client)
        assert str(mail["In-Reply-To"]).startswith(f"<{client}-")
        assert not [other for other in CLIENTS if other != client and other in mail.as_string()]


def test_the_tsm_of_all_its_tickets_is_told_once_that_the_lead_has_answered_it(desk: Desk) -> None:
    declared(desk)
    say(desk, desk.newest("incident_declared", LENA), "The gateway is being replaced.", by=LENA)
    assert sorted(answers(desk)) == CLIENTS[:4]
    assert desk.written_to(TSM).count("colleague_answered") == 1
    told = " ".join(text_of(desk.newest("colleague_answered", TSM)).split())
    assert "Lena Lead has answered the incident: this message has gone to all of its clients" in told
    say(desk, desk.newest("incident_declared", LENA), "/eta tomorrow", by=LENA)
    dated = " ".join(text_of(desk.newest("colleague_answered", TSM)).split())
    assert "Lena Lead has had all clients of the incident told when this is expected to be done" in dated


def test_an_answer_to_one_ticket_stays_with_its_client(desk: Desk) -> None:
    declared(desk)
    say(desk, desk.newest("assignment", TSM), "Dear Emil, is it your Madrid office?")
    assert list(answers(desk)) == [CLIENTS[3]]


def test_words_that_name_one_client_wait_for_a_second_look(desk: Desk) -> None:
    said = say(desk, declared(desk), "Dear Carl,\n\nthe gateway of carl@carl.example is being replaced.")
    assert "the name of one client" in said
    assert "the address of another client" in said
    assert answers(desk) == {}


def test_a_late_joiner_reads_at_once_that_it_is_known_and_one_tap_takes_it_out(desk: Desk) -> None:
    declared(desk)
    number = write(desk, 4, now=NOON + timedelta(hours=1))
    assert members(desk) == [1, 2, 3, 4, number]
    told = " ".join(text_of(desk.newest("acknowledgement", CLIENTS[4])).split())
    assert "Others have reported it too, and we are working on it." in told
    assert not any(client in told for client in CLIENTS[:4])
    history = [row.event for row in desk.rows("SELECT event FROM events WHERE ticket_id > 4 ORDER BY id")]
    assert history[:2] == ["opened", "incident_joined"], "a ticket begins with its own event"
    tap(desk, desk.newest("assignment", TSM), "take_out", by=TSM)
    assert members(desk) == [1, 2, 3, 4]
    say(desk, desk.newest("incident_declared", TSM), "All is well again.")
    assert CLIENTS[4] not in answers(desk)


def test_what_joins_the_incident_of_somebody_who_has_left_is_the_leads(desk: Desk) -> None:
    declared(desk)
    zoe = replace(ANA, name="Zoe Neu", addresses=("zoe@acme.example",))
    desk.rules = replace(desk.rules, team=a_team(people=(zoe, LEAD)))
    joined = write(desk, 4, now=NOON + timedelta(hours=1))
    assert joined in members(desk)
    assert desk.written_to(LENA)[-1] == "assignment"
    other = a_mail(message_id="<o>", author=Address(address="gil@gil.example"), subject="Toner", new_text="Empty.")
    desk.arrive(other, now=NOON + timedelta(hours=1))
    say(desk, desk.newest("assignment", "zoe@acme.example"), "/incident join T-1", by="zoe@acme.example")
    assert {row.assignee for row in desk.rows("SELECT assignee FROM tickets WHERE id > 4")} == {"Lena Lead"}


def test_what_is_about_something_else_joins_nothing(desk: Desk) -> None:
    declared(desk)
    mail = a_mail(
        message_id="<other>", author=Address(address="gil@gil.example"), subject="Printer", new_text="Toner is empty."
    )
    desk.arrive(mail, now=NOON + timedelta(hours=1))
    assert members(desk) == [1, 2, 3, 4]


def test_resolving_it_asks_each_client_and_nobody_joins_any_more(desk: Desk) -> None:
    say(desk, declared(desk), "/resolve\nThe gateway has been replaced.")
    assert standing(desk) == ["resolved"]
    assert {row.status for row in desk.rows("SELECT status FROM tickets")} == {"resolved"}
    assert len([kind for kind, to in desk.written() if to in CLIENTS and kind != "acknowledgement"]) == 4
    number = write(desk, 4, now=NOON + timedelta(hours=1))
    assert number not in members(desk)


def test_resolving_is_undone_for_every_ticket_while_nothing_has_left(desk: Desk) -> None:
    incident = declared(desk)
    say(desk, incident, "/resolve\nThe gateway has been replaced.")
    say(desk, incident, "/undo")
    assert standing(desk) == ["declared"]
    assert {row.status for row in desk.rows("SELECT status FROM tickets")} == {"open"}
    gone = desk.rows("SELECT state FROM outbox WHERE kind NOT IN ('acknowledgement') AND audience = 'client'")
    assert {row.state for row in gone} == {"dropped"}


def test_an_incident_that_was_none_lets_every_ticket_go(desk: Desk) -> None:
    say(desk, declared(desk), "/incident undo")
    assert standing(desk) == ["undone"]
    assert desk.rows("SELECT ticket_id FROM links WHERE kind = 'incident'") == []
    say(desk, desk.newest("assignment", TSM), "Only for you.")
    assert len(answers(desk)) == 1


def test_a_ticket_joins_and_leaves_by_command(desk: Desk) -> None:
    write(desk, 0)
    write(desk, 1, now=NOON + timedelta(minutes=1))
    first, second = (
        desk.sent(row.id) for row in desk.rows("SELECT id FROM outbox WHERE kind = 'assignment' ORDER BY id")
    )
    assert "T-1 is no incident" in say(desk, second, "/incident join T-1")
    say(desk, first, "/incident declare\nWe know about it.")
    assert list(answers(desk)) == CLIENTS[:1]
    say(desk, second, "/incident join T-1")
    assert members(desk) == [1, 2]
    say(desk, second, "/incident undo")
    say(desk, second, "/incident join T-1")
    say(desk, second, "/undo")
    assert members(desk) == [1]


def test_a_head_that_is_over_speaks_for_its_incident_no_more(desk: Desk) -> None:
    incident = declared(desk)
    first = desk.sent(desk.rows("SELECT id FROM outbox WHERE kind = 'assignment' ORDER BY id")[0].id)
    say(desk, first, "/close\nThey have left us.")
    say(desk, incident, "The others: it takes until noon.")
    assert [client for client, words in answers(desk).items() if "until noon" in words] == CLIENTS[1:4]


def test_who_joins_before_the_tap_is_asked_about_also_where_another_ticket_speaks_by_then(desk: Desk) -> None:
    incident, words = declared(desk), "It takes until noon."
    first = desk.sent(desk.rows("SELECT id FROM outbox WHERE kind = 'assignment' ORDER BY id")[0].id)
    write(desk, 5, now=NOON + timedelta(minutes=20))
    own = desk.newest("assignment", TSM)
    say(desk, incident, words, proof=())
    asked = desk.newest("confirm", TSM)
    say(desk, first, "/close\nThey have left us.")
    assert "join" in say(desk, own, "/incident join T-1")
    tap(desk, asked, "release", by=TSM, at=NOON + timedelta(minutes=40))
    again = replace(held_again(desk, incident, words), authentication=())
    decision = desk.arrive_again(again, now=NOON + timedelta(hours=1))
    assert "its words go to all clients of the incident: carl@" in decision.because
    assert CLIENTS[5] in decision.because
    assert words not in "".join(answers(desk).values())


def test_an_answer_to_a_proposal_that_nobody_declared_reaches_nobody(desk: Desk) -> None:
    burst(desk)
    said = say(desk, desk.newest("incident_proposed", LENA), "We are on it.", by=LENA)
    assert "no incident is declared here" in said
    assert answers(desk) == {}


def test_what_concerns_one_ticket_is_not_ordered_of_all(desk: Desk) -> None:
    said = say(desk, declared(desk), "/spam")
    assert "it is about one ticket" in said
    assert {row.status for row in desk.rows("SELECT status FROM tickets")} == {"open"}


def test_every_ticket_of_an_incident_keeps_a_live_deadline_and_its_owner_is_reminded_once(store: Store) -> None:
    rules = some_rules(team=a_team(people=(LEAD, ANA)), policy=a_policy(remind_before=0.25))
    desk = Desk(store, replace(rules, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    declared(desk)
    desk.pass_time(NOON + timedelta(days=2))
    live = desk.rows("SELECT DISTINCT ticket_id FROM deadlines WHERE settled_at IS NULL")
    assert sorted(row.ticket_id for row in live) == [1, 2, 3, 4]
    assert desk.written_to(LENA).count("update_overdue") == 1
    happened = desk.rows("SELECT ticket_id FROM events WHERE event = 'update_overdue'")
    assert sorted(row.ticket_id for row in happened) == [1, 2, 3, 4]


def test_one_domain_is_one_client_unless_our_server_vouches_for_its_people(desk: Desk) -> None:
    for who in range(5):
        write(desk, who, now=NOON + timedelta(minutes=who), domain="forged.example")
    watching(desk, NOON + timedelta(minutes=6)).look()
    assert standing(desk) == []
    desk.store.transact(lambda connection: connection.exec_driver_sql("UPDATE mails SET trust = 'proven'").rowcount)
    watching(desk, NOON + timedelta(minutes=6)).look()
    assert standing(desk) == ["proposed"]
    assert "vouches for" not in text_of(desk.newest("incident_proposed", LENA))


def test_a_flood_of_forged_mails_joins_an_incident_only_as_far_as_it_is_acknowledged(store: Store) -> None:
    policy = a_policy(limits=ReplyLimits(per_domain=3))
    rules = some_rules(team=a_team(people=(LEAD, ANA)), policy=policy)
    desk = Desk(store, replace(rules, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    declared(desk)
    for number in range(30):
        words = REPORTS[number % 5][4]
        forged = a_mail(
            message_id=f"<forged-{number}>",
            fingerprint=f"{number:063}d",
            author=Address(address=f"x{number}@forged.example"),
            subject="VPN gateway",
            new_text=words,
            text=words,
        )
        desk.arrive(forged, now=NOON + timedelta(hours=2))
    watching(desk, NOON + timedelta(hours=2, minutes=1)).look()
    assert len(members(desk)) == 4 + 3


def test_a_flood_does_not_make_usual_what_it_says(store: Store) -> None:
    rules = some_rules(team=a_team(people=(LEAD, ANA)), policy=a_policy(limits=ReplyLimits(per_domain=3)))
    desk = Desk(store, replace(rules, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    forged = [
        a_mail(
            message_id=f"<forged-{number}>",
            fingerprint=f"{number:063}d",
            author=Address(address=f"x{number}@forged.example"),
            subject="VPN gateway",
            new_text=REPORTS[number % 5][4],
            text=REPORTS[number % 5][4],
        )
        for number in range(60)
    ]
    for week in (3, 2, 1):
        desk.arrive_together(forged[20 * week - 20 : 20 * week], now=NOON - timedelta(weeks=week))
    burst(desk)
    assert standing(desk) == ["proposed"]


def test_a_client_who_writes_a_command_about_incidents_says_only_words(desk: Desk) -> None:
    words = "/incident declare\nThe VPN gateway refuses connections."
    desk.arrive(a_mail(new_text=words, text=words))
    assert standing(desk) == []


def test_nothing_is_proposed_where_the_admin_wants_none(store: Store) -> None:
    desk = Desk(store, some_rules(policy=a_policy(incidents=Incidents(propose=False, join=False))))
    burst(desk)
    assert standing(desk) == []


def held_again(desk: Desk, answered: Message, words: str) -> Mail:
    """The mail that has been let through, as it comes in once more."""
    return a_mail(
        message_id=str(desk.rows("SELECT message_id FROM mails WHERE outcome IS NULL")[0].message_id),
        author=Address(address=TSM, name="Ana Ruiz"),
        to=reply_to(answered),
        new_text=words,
        text=words,
        authentication=PROOF,
    )


def test_words_that_were_looked_at_again_go_to_all(desk: Desk) -> None:
    incident = declared(desk)
    say(desk, incident, "Dear all, carl@carl.example has found the cause.")
    leak = desk.newest("leak", TSM)
    assert answers(desk) == {}
    tap(desk, leak, "relay", by=TSM, at=NOON + timedelta(minutes=40))
    again = held_again(desk, incident, "Dear all, carl@carl.example has found the cause.")
    desk.arrive_again(again, now=NOON + timedelta(hours=1))
    assert sorted(answers(desk)) == CLIENTS[:4]
    assert answers(desk)[CLIENTS[1]].startswith("Dear all,")


def test_words_that_were_looked_at_before_somebody_joined_are_looked_at_anew(desk: Desk) -> None:
    incident, words = declared(desk), "Dear all, gia@gia.example has found the cause."
    write(desk, 5, now=NOON + timedelta(minutes=20))
    own = desk.newest("assignment", TSM)
    say(desk, incident, words)
    assert "join" in say(desk, own, "/incident join T-1", at=NOON + timedelta(minutes=35))
    tap(desk, desk.newest("leak", TSM), "relay", by=TSM, at=NOON + timedelta(minutes=40))
    desk.arrive_again(held_again(desk, incident, words), now=NOON + timedelta(hours=1))
    assert answers(desk) == {}
    tap(desk, desk.newest("leak", TSM), "relay", by=TSM, at=NOON + timedelta(minutes=70))
    desk.arrive_again(held_again(desk, incident, words), now=NOON + timedelta(minutes=80))
    assert sorted(answers(desk)) == [*CLIENTS[:4], CLIENTS[5]]


def test_an_incident_is_given_away_whole(desk: Desk) -> None:
    say(desk, declared(desk), "/assign Lena Lead")
    assert {row.assignee for row in desk.rows("SELECT assignee FROM tickets")} == {"Lena Lead"}
    assert desk.written_to(LENA).count("assignment") == 4


def test_a_ticket_that_came_just_after_the_declaration_joins_and_its_owner_is_told(desk: Desk) -> None:
    write(desk, 0)
    say(desk, desk.newest("assignment", TSM), "/incident declare")
    write(desk, 4, now=NOON + timedelta(minutes=31))
    watching(desk, NOON + timedelta(minutes=32)).look()
    assert members(desk) == [1, 2]
    told = desk.newest("incident_joined", TSM)
    assert "T-1" in text_of(told)
    tap(desk, told, "take_out", by=TSM)
    assert members(desk) == [1]


def test_the_first_ticket_of_an_incident_is_not_merged_away(desk: Desk) -> None:
    declared(desk)
    first = desk.sent(desk.rows("SELECT id FROM outbox WHERE kind = 'assignment' ORDER BY id")[0].id)
    assert "the first ticket of an incident" in say(desk, first, "/merge T-2")


def test_what_an_incident_teaches_is_asked_once(desk: Desk) -> None:
    declared(desk)
    told = [desk.sent(row.id) for row in desk.rows("SELECT id FROM outbox WHERE kind = 'assignment' ORDER BY id")]
    for number, mail in enumerate(told):
        say(desk, mail, f"/close\nThe gateway has been replaced, step {number}.")
    skipped = desk.rows("SELECT ticket_id FROM events WHERE because LIKE '%asked once, of its first ticket'")
    assert sorted(row.ticket_id for row in skipped) == [2, 3, 4]


def test_each_client_is_greeted_where_they_are_asked_whether_it_works(desk: Desk) -> None:
    say(desk, declared(desk), "/resolve\nThe gateway has been replaced.")
    asked = {to: text_of(desk.newest("verification", to)) for to in CLIENTS[:4]}
    starts = ("Hello Bea Kunde,", "Guten Tag Carl Weber,", "Bonjour Dora Petit,", "Hola, Emil Ruiz:")
    assert [words.startswith(start) for words, start in zip(asked.values(), starts, strict=True)] == [True] * 4


def test_words_beside_the_end_of_an_incident_would_reach_one_client_alone(desk: Desk) -> None:
    assert "send the text first" in say(desk, declared(desk), "/incident undo\nThese were different things.")
    assert (standing(desk), answers(desk)) == (["declared"], {})


def test_forged_incidents_reach_the_lead_only_so_often_within_an_hour(store: Store) -> None:
    policy = a_policy(limits=ReplyLimits(confirmations=2))
    desk = Desk(store, some_rules(team=a_team(people=(LEAD, ANA)), policy=policy))
    for topic, word in enumerate(("printer", "database", "headset", "calendar")):
        for who in range(4):
            text = f"The {word} does nothing, {word} is broken, {word}."
            author = Address(address=f"x@forged{topic}{who}.example")
            mail = a_mail(
                message_id=f"<{topic}-{who}>",
                fingerprint=f"{topic}{who}".rjust(64, "c"),
                author=author,
                subject=word,
                new_text=text,
                text=text,
            )
            desk.arrive(mail, now=NOON + timedelta(minutes=4 * topic + who))
        watching(desk, NOON + timedelta(minutes=4 * topic + 4)).look()
    assert desk.written_to(LENA).count("incident_proposed") == 2


def test_forged_incidents_do_not_keep_a_proven_one_from_the_lead(store: Store) -> None:
    policy = a_policy(limits=ReplyLimits(confirmations=1))
    desk = Desk(store, some_rules(team=a_team(people=(LEAD, ANA)), policy=policy))
    burst(desk)
    for who in range(5):
        address = f"x@real{who}.example"
        text = "The printer does nothing, printer is broken, printer."
        report = a_mail(author=Address(address=address), message_id=f"<{who}>", subject="Printer", new_text=text)
        desk.arrive(replace(report, fingerprint=f"{who}".rjust(64, "c")), now=NOON + timedelta(minutes=10 + who))
        if who == 3:
            watching(desk, NOON + timedelta(minutes=14)).look()
            assert desk.written_to(LENA).count("incident_proposed") == 1
    prove = "UPDATE mails SET trust = 'proven' WHERE subject = 'Printer'"
    desk.store.transact(lambda connection: connection.exec_driver_sql(prove).rowcount)
    watching(desk, NOON + timedelta(minutes=15)).look()
    assert desk.written_to(LENA).count("incident_proposed") == 2


def assignment_of(desk: Desk, number: int) -> Message:
    found = desk.rows("SELECT id, ticket_id FROM outbox WHERE kind = 'assignment' ORDER BY id")
    return desk.sent(next(row.id for row in found if row.ticket_id == number))


def test_whoever_had_a_ticket_has_it_again_where_it_was_no_incident(desk: Desk) -> None:
    burst(desk)
    for number in (2, 3, 4):
        say(desk, assignment_of(desk, number), "/assign Lena Lead", at=NOON + timedelta(minutes=5))
    tap(desk, desk.newest("incident_proposed", LENA), "declare", by=LENA)
    assert {row.assignee for row in desk.rows("SELECT assignee FROM tickets")} == {"Ana Ruiz"}
    say(desk, assignment_of(desk, 4), "/incident undo")
    say(desk, assignment_of(desk, 3), "/assign Lena Lead")
    say(desk, assignment_of(desk, 3), "/assign Ana Ruiz")
    told = desk.written_to(LENA).count("assignment")
    assert "reassigned" not in desk.written_to(TSM), "T-4 went back by her own word"
    say(desk, desk.newest("incident_declared", LENA), "/incident undo", by=LENA)
    now = {row.id: row.assignee for row in desk.rows("SELECT id, assignee FROM tickets")}
    assert now == {1: "Ana Ruiz", 2: "Lena Lead", 3: "Ana Ruiz", 4: "Lena Lead"}
    assert desk.written_to(LENA).count("assignment") == told, "she has taken T-2 back herself"
    assert desk.written_to(LENA).count("reassigned") == 1, "she declared three away herself, and did not give T-3 back"
    assert desk.written_to(TSM).count("reassigned") == 1, "T-2 is Lena's again"


def test_one_mail_names_all_tickets_that_an_incident_takes_and_none_comes_where_nobody_heard_of_that(
    desk: Desk,
) -> None:
    burst(desk)
    for number in (2, 3, 4):
        say(desk, assignment_of(desk, number), "/assign Lena Lead", at=NOON + timedelta(minutes=5))
    before = desk.written()
    say(desk, assignment_of(desk, 1), "/incident declare")
    told = text_of(desk.newest("reassigned", LENA))
    assert "Decided by: Ana Ruiz" in told
    assert "- T-2, T-3, T-4" in told
    assert desk.written_to(TSM)[-4:-1] == ["assignment"] * 3, "she has not seen them, though she has declared it"
    say(desk, assignment_of(desk, 1), "/undo")
    new = desk.written()[len(before) :]
    assert [kind for kind, to in new if to == LENA and kind in {"reassigned", "assignment"}] == ["reassigned"]


def test_who_was_sent_one_ticket_of_an_incident_hears_that_a_colleague_takes_it_back(desk: Desk) -> None:
    burst(desk)
    for number in (2, 3):
        say(desk, assignment_of(desk, number), "/assign Lena Lead", at=NOON + timedelta(minutes=5))
    desk.all_are("sent")
    say(desk, assignment_of(desk, 1), "/incident declare")
    sent = "UPDATE outbox SET state = 'sent' WHERE id = (SELECT min(id) FROM outbox WHERE state = 'due')"
    desk.store.transact(lambda connection: connection.exec_driver_sql(sent))
    say(desk, desk.newest("incident_declared", LENA), "/undo", by=LENA)
    assert "reassigned" in desk.written_to(TSM)


def test_who_had_a_ticket_that_joins_an_incident_is_told_and_nobody_of_what_they_joined_themselves(desk: Desk) -> None:
    for who in range(2):
        write(desk, who, now=NOON + timedelta(minutes=who))
    say(desk, assignment_of(desk, 2), "/assign Lena Lead")
    say(desk, assignment_of(desk, 1), "/incident declare")
    say(desk, assignment_of(desk, 2), "/incident join T-1")
    assert desk.written()[-1] == ("reassigned", LENA)


def test_what_was_proposed_and_is_over_is_named_where_it_is_declared(desk: Desk) -> None:
    burst(desk)
    say(desk, assignment_of(desk, 2), "/close\n/note\nThey phoned.", at=NOON + timedelta(minutes=5))
    tap(desk, desk.newest("incident_proposed", LENA), "declare", by=LENA)
    listed, _, skipped = text_of(desk.newest("incident_declared", TSM)).partition("Not included:")
    assert members(desk) == [1, 3, 4]
    assert ("T-3, dora@dora.example" in listed, "T-2, carl@carl.example" in skipped) == (True, True)
