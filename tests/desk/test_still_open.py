"""Whoever gets a new ticket reads which others its client has open, merges them by one tap, and no client ever reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

import pytest
from sqlalchemy import event, insert

from maild.mail.message import Address, Mail
from maild.mail.pool import ParsingPool
from maild.process.trust import TrustMethod
from maild.replies.others import Colleagues, Others, colleagues_in_words
from maild.store.engine import Store
from maild.store.incoming.still_open import _read
from maild.store.tables import tickets
from tests.desk.house_mails import an_answer_of
from tests.stories.letters import a_letter
from tests.support.closings import TEAM, say_solved, tap
from tests.support.desks import INVOICE, UNSURE, Desk
from tests.support.intakes import an_intake
from tests.support.making import ANA, NOON, a_desk, a_mail, some_rules
from tests.support.relays import CLIENT, Relaying, html_of, text_of

LINE = "Also open:"
TSM_OF_DESK = ANA.addresses[0]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules(team=TEAM))


def fresh(number: int, subject: str = "VPN is down", client: str = CLIENT) -> Mail:
    ids = {"message_id": f"<{number}@client.example>", "fingerprint": f"{number:064}"}
    return a_mail(subject=subject, author=Address(address=client, name="Bea Kunde"), **ids)


def words_of(mail: Message) -> str:
    """The plain text, on one line."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return " ".join(bytes(part.get_payload(decode=True) or b"").decode().split())


def told(desk: Desk, number: int) -> str:
    """What the assignment of this ticket says of others; empty where it says nothing."""
    return said(desk, number, LINE)


def said(desk: Desk, number: int, label: str) -> str:
    behind = words_of(assignment(desk, number)).partition(f"{label} ")[2]
    return behind.partition(" Others at")[0].partition(" Category:")[0].partition(" Priority:")[0]


def assignment(desk: Desk, number: int) -> Message:
    row = desk.rows(f"SELECT id FROM outbox WHERE ticket_id = {number} AND kind = 'assignment' ORDER BY id DESC")[0]  # noqa: S608
    return desk.sent(row.id)


@contextmanager
def noted(desk: Desk) -> Iterator[list[str]]:
    """The statements by which open tickets of clients are counted meanwhile."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.extend([statement] if "count(*)" in statement and "UNION ALL" in statement else [])

    event.listen(desk.store._engine, "before_cursor_execute", note)
    yield asked
    event.remove(desk.store._engine, "before_cursor_execute", note)


def test_who_gets_a_ticket_reads_of_the_clients_others_and_nobody_elses(desk: Desk) -> None:
    desk.arrive(fresh(1))
    assert told(desk, 1) == ""
    desk.arrive(fresh(2, "Printer", client="carl@other.example"))
    desk.arrive(fresh(3, "Re: Sorry, I forgot: the error is 809"))
    assert (told(desk, 2), told(desk, 3)) == ("", "T-1 VPN is down (Ana Ruiz)")


def test_three_are_named_and_the_rest_counted(desk: Desk) -> None:
    for number in range(1, 6):
        desk.arrive(fresh(number, f"Matter {number} {'of the log-in page' * 20}"))
    said = told(desk, 5)
    assert [said.count(f"T-{number} Matter") for number in range(1, 6)] == [0, 1, 1, 1, 0]
    assert said.endswith("and 1 more")
    assert len(said) < 360
    desk.arrive(fresh(6))
    assert told(desk, 6).endswith("and 2 more")


def test_what_nobody_has_decided_tells_the_lead_of_them_and_another_team_has_its_name(store: Store) -> None:
    desk = Desk(store, some_rules())
    desk.arrive(fresh(1, "Invoice 12"), INVOICE)
    desk.arrive(fresh(2), UNSURE)
    assert told(desk, 2) == "T-1 Invoice 12 (Finance)"


def test_a_closed_ticket_is_not_named(desk: Desk) -> None:
    desk.arrive(fresh(1))
    desk.arrive(tap(desk.newest("assignment", TSM_OF_DESK), "spam", author=TSM_OF_DESK))
    assert desk.rows("SELECT status FROM tickets")[0].status == "closed"
    desk.arrive(fresh(2))
    assert told(desk, 2) == ""


def test_one_tap_merges_them(desk: Desk) -> None:
    desk.arrive(fresh(1))
    desk.arrive(fresh(2))
    desk.arrive(tap(desk.newest("assignment", TSM_OF_DESK), "merge T-1", author=TSM_OF_DESK))
    row = desk.rows("SELECT status, merged_into FROM tickets WHERE id = 2")[0]
    assert tuple(row) == ("closed", 1)


def test_whoever_takes_a_ticket_over_reads_of_them_too(desk: Desk) -> None:
    desk.arrive(fresh(1))
    desk.arrive(fresh(2, "Printer"))
    assigned = desk.rows("SELECT id FROM outbox WHERE ticket_id = 1 AND kind = 'assignment'")[0].id
    answer = an_answer_of(ANA, desk.sent(assigned), "/assign Lena Lead", 40)
    desk.arrive(answer)
    desk.arrive(tap(desk.newest("confirm", TSM_OF_DESK), "release", author=TSM_OF_DESK))
    desk.arrive_again(answer)
    assert told(desk, 1) == "T-2 Printer (Ana Ruiz)"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_it_stands_there_in_each_language_and_never_in_a_mail_to_the_client(store: Store, language: str) -> None:
    desk = Desk(store, some_rules(team=TEAM, desk=a_desk(languages=(language,))))
    for number in range(1, 6):
        desk.arrive(fresh(number, f"Matter-{number}"))
    assigned = words_of(desk.newest("assignment", TSM_OF_DESK))
    label, last = {
        "en": ("Also open: T-4 Matter-4 (Ana Ruiz)", "and 1 more"),
        "de": ("Ebenfalls offen: T-4 Matter-4 (Ana Ruiz)", "und 1 weiteres"),
        "fr": ("Aussi ouverts : T-4 Matter-4 (Ana Ruiz)", "et 1 autre"),
        "es": ("También abiertos: T-4 Matter-4 (Ana Ruiz)", "y 1 más"),
    }[language]
    assert label in assigned
    assert last in assigned
    assert "/merge T-4" in assigned
    told_client = str(desk.newest("acknowledgement", CLIENT))
    assert "Matter-5" in told_client
    assert not [other for other in ("T-4", "Matter-4", "merge") if other in told_client]


def test_a_group_asks_once_for_all_who_have_others_and_not_at_all_for_new_clients(desk: Desk) -> None:
    with noted(desk) as asked:
        desk.arrive_together([fresh(number, client=f"c{number}@c{number}.example") for number in range(1, 21)])
    assert asked == []
    with noted(desk) as asked:
        desk.arrive_together([fresh(20 + number, client=f"c{number}@c{number}.example") for number in range(1, 21)])
    assert len(asked) == 1
    assert [told(desk, number).partition(" ")[0] for number in (21, 30, 40)] == ["T-1", "T-10", "T-20"]


def test_tickets_of_one_group_are_named_as_they_stand_when_the_next_one_opens(desk: Desk) -> None:
    desk.arrive(fresh(1, "Old"))
    solved = tap(desk.newest("assignment", TSM_OF_DESK), "spam", author=TSM_OF_DESK)
    with noted(desk) as asked:
        desk.arrive_together([fresh(2, "Second"), fresh(3, "Third"), solved, fresh(4, "Fourth")])
    assert [told(desk, number) for number in (2, 3, 4)] == [
        "T-1 Old (Ana Ruiz)",
        "T-2 Second (Ana Ruiz); T-1 Old (Ana Ruiz)",
        "T-3 Third (Ana Ruiz); T-2 Second (Ana Ruiz)",
    ]
    assert len(asked) == 2


def test_two_mails_of_a_new_client_in_one_group_know_of_each_other(desk: Desk) -> None:
    with noted(desk) as asked:
        desk.arrive_together([fresh(1), fresh(2)])
    assert (told(desk, 1), told(desk, 2)) == ("", "T-1 VPN is down (Ana Ruiz)")
    assert asked == []


def test_an_address_in_capitals_is_the_same_client(desk: Desk) -> None:
    desk.arrive(fresh(1))
    desk.arrive(fresh(2, client="Bea@Client.example"))
    assert told(desk, 2) == "T-1 VPN is down (Ana Ruiz)"


def test_an_address_in_small_letters_is_the_client_of_a_ticket_in_capitals(desk: Desk) -> None:
    desk.arrive(fresh(1, client="Bea@Client.example"))
    desk.arrive(fresh(2))
    desk.arrive(fresh(3, client="BEA@client.example"))
    assert told(desk, 2) == "T-1 VPN is down (Ana Ruiz)"
    assert told(desk, 3) == "T-2 VPN is down (Ana Ruiz); T-1 VPN is down (Ana Ruiz)"


def of_colleagues(desk: Desk, number: int) -> str:
    return said(desk, number, "Others at")


def test_colleagues_of_the_client_are_named_while_they_are_few_and_nothing_of_theirs_is_merged(desk: Desk) -> None:
    desk.arrive(fresh(1, "Printer", client="Carl@Client.example"))
    desk.arrive(fresh(2, client="bob@other.example"))
    desk.arrive(fresh(3))
    assert (of_colleagues(desk, 1), of_colleagues(desk, 2)) == ("", "")
    assert of_colleagues(desk, 3) == "client.example: T-1 Printer (Ana Ruiz)"
    assert told(desk, 3) == ""
    assert "/merge" not in words_of(assignment(desk, 3))
    desk.arrive_together([fresh(4, client="dora@client.example"), fresh(5, client="emil@client.example")])
    assert of_colleagues(desk, 5).startswith("client.example: T-4 VPN is down (Ana Ruiz); T-3 VPN")
    desk.arrive(fresh(6))
    assert told(desk, 6).startswith("T-3 VPN is down (Ana Ruiz)")
    assert of_colleagues(desk, 6).count("T-") == 3
    desk.arrive(fresh(7, client="finn@client.example"))
    assert of_colleagues(desk, 7) == "client.example: 5 tickets"


@pytest.mark.parametrize(
    ("language", "one"), [("en", "1 ticket"), ("de", "1 Ticket"), ("fr", "1 ticket"), ("es", "1 ticket")]
)
def test_one_ticket_that_is_not_named_is_one(language: str, one: str) -> None:
    hidden = Colleagues(organisation="client.example", named=(), count=1)
    assert colleagues_in_words(Others(named=(), more=0, colleagues=hidden), a_desk(), language) == one


@pytest.mark.parametrize("domain", ["gmail.com", "vodafone.de", "neuf.fr", "privaterelay.appleid.com", "acme.example"])
def test_who_shares_a_freemail_domain_or_the_houses_own_is_nobodys_colleague(desk: Desk, domain: str) -> None:
    desk.arrive(fresh(1, client=f"bea@{domain}"))
    desk.arrive(fresh(2, client=f"carl@{domain}"))
    assert of_colleagues(desk, 2) == ""


def test_an_organisation_with_many_open_tickets_is_counted_in_the_index_and_not_read(sqlite_url: str) -> None:
    """Steps of SQLite's machine: some ten a ticket to count it, ten times as many to read it."""
    store, many = Store(sqlite_url), 1_000
    row = {"status": "open", "client_name": "", "language": "en", "subject": "VPN", "opened_at": NOON}
    rows = [{**row, "client": f"c{number % 300}@client.example"} for number in range(many)]
    store.transact(lambda connection: connection.execute(insert(tickets), rows))
    steps = []
    with store.read() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(lambda: steps.append(0), 1)
        found = _read(connection, {"@client.example", "c7@client.example"})
        driver.set_progress_handler(None, 1)
    store.close()
    assert [each.number for each in found["@client.example"].newest] == list(range(many, many - 8, -1))
    assert {whose: each.count for whose, each in found.items()} == {"@client.example": many, "c7@client.example": 4}
    assert len(steps) < 20 * many


def test_a_ticket_that_is_reopened_in_the_same_group_is_named(store: Store) -> None:
    desk = Desk(store, some_rules(team=TEAM, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(fresh(5, "Old"))
    say_solved(desk)
    asked = desk.newest("verification", CLIENT)
    desk.arrive(tap(asked, "works"))
    assert desk.rows("SELECT status FROM tickets WHERE id = 1")[0].status == "closed"
    desk.arrive_together([fresh(2, "Before", client="carl@client.example"), tap(asked, "fails"), fresh(3, "New")])
    assert desk.rows("SELECT status FROM tickets WHERE id = 1")[0].status == "open"
    assert told(desk, 3).startswith("T-1 Old (Ana Ruiz)")


def test_who_quotes_the_assignment_tells_the_client_nothing_of_it(store: Store, pool: ParsingPool) -> None:
    desk = Relaying(intake=an_intake(store, pool))
    desk.take_in(a_letter(Subject="The certificate of the gateway"))
    desk.take_in(a_letter(Subject="Payroll", From="carl@client.example", Message_ID="<carl@client.example>"))
    desk.take_in(a_letter(Subject="Sorry, I forgot", Message_ID="<second@client.example>"))
    assigned = desk.sent("assignment")[2]
    assert "certificate of the gateway" in " ".join(text_of(assigned).split())
    assert "Others at client.example: T-2 Payroll" in " ".join(text_of(assigned).split())
    quoted = [f"> {line}" for line in text_of(assigned).splitlines()]
    place = 1 + next(number for number, line in enumerate(quoted) if LINE in line)
    inside = [*quoted[:place], "", "Please restart the router once.", "", *quoted[place:]]
    head = "On Mon, 23 Nov 2026 at 10:00 Acme Support wrote:\n"
    below = "\n".join(["Restart it.", "", head, *quoted, ""])
    assert desk.answer(below, assigned) == ["relay"]
    assert desk.answer("\n".join([head, *inside, ""]), assigned, Message_ID="<inside@acme.example>") == ["relay"]
    sent = desk.sent("answer", CLIENT)
    assert ["restart the router" in text_of(answer) for answer in sent] == [False, True]
    for answer in sent:
        for body in (text_of(answer), html_of(answer)):
            assert not [each for each in (LINE, "certificate", "Payroll", "T-1 ", "/merge") if each in body]
