"""A disk has changed the bits of one value in an SQLite file: it is told once, and every line of the desk goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select, text

from maild.daemon.figures import Watching
from maild.daemon.incidents import IncidentWatch
from maild.daemon.pulse import Pulses
from maild.daemon.running import _try_each
from maild.daemon.waiting import look
from maild.deadlines import Deadlines
from maild.errors import Refused
from maild.mail.pool import ParsingPool
from maild.mirror.planning import begin, plan_all
from maild.process.gathering.sheet import Found, Sheet, merge
from maild.process.mirroring.policy import MirrorPolicy
from maild.process.policy import ReplyLimits
from maild.process.tracker import Fields
from maild.store.backing_up.restorations import add_restoration
from maild.store.desk.tickets import find_readable, read_ticket, save_ticket
from maild.store.engine import Store
from maild.store.mirror import mirroring
from maild.store.mirror.issues import claim_issue
from maild.store.outgoing.outbox import claim_due
from maild.store.tables import mails, tickets
from maild.store.tables.damaged import LONG_AGO, LOST, NOTHING, tell
from maild.store.view.damaged import find_damaged
from maild.store.view.watched import watch
from tests.desk.test_incidents import burst
from tests.support.desks import Desk
from tests.support.intakes import an_intake, lay_down
from tests.support.mail_making import a_source
from tests.support.making import NOON, a_policy, some_rules
from tests.support.rows import a_ticket, due

HELLO = "CAST(x'ff68656c6c6f' AS TEXT)"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    tell.cache_clear()
    opened = Store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules(policy=a_policy(limits=ReplyLimits(per_person=1))))


def damage(store: Store, table: str, column: str, where: str, value: str = HELLO) -> None:
    statement = text(f"UPDATE {table} SET {column} = {value} WHERE {where}")  # noqa: S608 - our own names
    store.transact(lambda connection: connection.execute(statement))


def test_a_ticket_with_such_a_text_takes_its_mails_in_and_no_word_of_it_is_logged(
    store: Store, pool: ParsingPool, caplog: pytest.LogCaptureFixture
) -> None:
    intake = an_intake(store, pool)
    lay_down(store, a_source(Message_ID="<1@client.example>"))
    intake.take_in_all()
    damage(store, "tickets", "subject", "id = 1")
    damage(store, "tickets", "assignee", "id = 1")
    lay_down(
        store, a_source(Message_ID="<2@client.example>"), a_source(Message_ID="<9@x.example>", From="carl@x.example")
    )
    intake.take_in_all()
    with store.read() as connection:
        assert connection.scalars(select(mails.c.outcome)).all() == ["ticket"] * 3
        assert connection.scalar(select(tickets.c.subject).where(tickets.c.id == 1)) == f"{LOST}hello"
    assert [record.__dict__["kind"] for record in caplog.records if "damaged" in record.message] == ["text"]
    assert "hello" not in caplog.text


def test_a_moment_is_long_ago_and_json_is_nothing(store: Store) -> None:
    number = a_ticket(store, sheet={"found": [], "required": []})
    damage(store, "tickets", "opened_at", f"id = {number}", "'2026-0z-02 09:00:00.000000'")
    damage(store, "tickets", "sheet", f"id = {number}", "'?' || substr(sheet, 2)")
    with store.read() as connection:
        row = connection.execute(select(tickets.c.opened_at, tickets.c.sheet)).one()
    assert tuple(row) == (LONG_AGO, NOTHING)


def test_a_ticket_of_no_known_status_is_left_out_where_many_are_read(store: Store) -> None:
    first, second = a_ticket(store), a_ticket(store)
    damage(store, "tickets", "status", f"id = {first}", "'opdn'")
    with store.read() as connection:
        assert list(find_readable(connection, [first, second])) == [second]


@pytest.mark.parametrize("column", ["tickets.subject", "tickets.client", "notices.recipient", "notices.name"])
def test_every_summary_is_written_and_only_one_without_an_address_is_held(desk: Desk, column: str) -> None:
    for number in range(1, 4):
        add_notices(desk, f"p{number}@acme.example")
    table, _, name = column.partition(".")
    damage(desk.store, table, name, "id = (SELECT min(id) FROM notices)" if table == "notices" else "id = 1")
    line = Deadlines(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: NOON + 16 * MINUTE)
    assert line.act_on_all() == 3
    claimed = desk.store.transact(
        lambda c: claim_due(c, holder="one", lease=MINUTE, limit=10, now=NOON + timedelta(hours=1))
    )
    held = desk.rows("SELECT answer FROM outbox WHERE state = 'held'")
    assert (len(claimed), len(held)) == ((2, 1) if name == "recipient" else (3, 0))
    assert all("damaged" in row.answer for row in held)


def add_notices(desk: Desk, recipient: str) -> None:
    """One that waits for a summary."""
    number = a_ticket(desk.store)
    known = {"number": number, "recipient": recipient, "due": str(NOON.replace(tzinfo=None)) + ".000000"}
    insert = (
        "INSERT INTO notices (ticket_id, recipient, name, kind, created_at, due_at)"
        " VALUES (:number, :recipient, 'P', 'assignment', :due, :due)"
    )
    desk.store.transact(lambda connection: connection.execute(text(insert), known))


@pytest.mark.parametrize(("column", "value"), [("restored_by", HELLO), ("restored_at", "'2\x7f26'")])
def test_a_restoration_does_not_stop_the_start(store: Store, column: str, value: str) -> None:
    store.transact(lambda c: add_restoration(c, backup_at=NOON, by="root", now=NOON))
    damage(store, "restorations", column, "id = 1", value)
    waiting = look(store)
    assert waiting is not None
    assert waiting.backup_at == NOON


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", HELLO),
        ("facts", "'?'"),
        ("terms", "'?'"),
        ("terms", "'[7]'"),
        ("terms", """'{"weights": 7}'"""),
        ("standing", "'x'"),
    ],
)
def test_incidents_are_looked_for_though_one_is_damaged(desk: Desk, column: str, value: str) -> None:
    burst(desk)
    assert desk.rows("SELECT count(*) AS n FROM incidents")[0].n == 1
    damage(desk.store, "incidents", column, "id = 1", value)
    IncidentWatch(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: NOON + 10 * MINUTE).look()


@pytest.mark.parametrize("value", [HELLO, "'opdn'"])
def test_the_mirror_goes_on_with_the_other_tickets(store: Store, value: str) -> None:
    desk = Desk(store, some_rules())
    begin(store)
    burst(desk, 2)
    damage(store, "tickets", "status", "id = 1", value)
    plan_all(store, MirrorPolicy(), NOON)
    assert [row.ticket_id for row in desk.rows("SELECT ticket_id FROM mirror_issues")] == [2]


def test_nothing_is_mirrored_by_another_namespace(store: Store) -> None:
    store.transact(lambda connection: mirroring.own_id(connection, "issue", 1))
    damage(store, "mirror_places", "place", "name = 'namespace'")
    with pytest.raises(Refused, match="damaged"):
        store.transact(lambda connection: mirroring.own_id(connection, "issue", 1))


def test_the_sign_of_life_is_given_though_the_figures_cannot_be_read(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """A service manager would end a maild that does its work."""
    watching = Watching(
        store=store,
        pulses=Pulses(stop=Event()),
        clock=lambda: NOON.replace(tzinfo=None),
        patience=MINUTE,
        mailboxes=[],
        trouble=lambda: None,
    )
    assert [watching.status() for _ in range(3)] == ["the database does not answer"] * 3
    assert watching.alive().is_well
    assert [record.message for record in caplog.records] == ["the figures of the database cannot be read; told once"]


def test_one_part_that_fails_by_a_bug_does_not_stop_the_others_of_a_run() -> None:
    done: list[int] = []

    def fails() -> None:
        raise ValueError("'opdn' is not a valid Status")

    assert [type(trouble) for trouble in _try_each([fails, lambda: done.append(1)])] == [ValueError]
    assert done == [1]


@pytest.mark.parametrize("value", ["'?'", "'[7]'", """'{"found": [{"kind": "version"}], "required": []}'"""])
def test_a_damaged_sheet_is_none_and_stays_where_its_ticket_changes(store: Store, value: str) -> None:
    number = a_ticket(store, sheet={"found": [], "required": []})
    damage(store, "tickets", "sheet", f"id = {number}", value)
    with store.read() as connection:
        ticket = read_ticket(connection, number)
    gathered = merge(ticket.sheet or Sheet(), [Found(kind="version", value="7", words="7", mail=1)], required=[])
    store.transact(lambda connection: save_ticket(connection, replace(ticket, assignee="Ana Ruiz", sheet=gathered)))
    with store.read() as connection:
        assert read_ticket(connection, number).assignee == "Ana Ruiz"
        assert [each.column for each in find_damaged(connection)] == ["sheet"]


@pytest.mark.parametrize("postgresql_or_not", ["sqlite_url", "postgresql_url"])
def test_json_of_another_shape_is_nothing_and_named(postgresql_or_not: str, request: pytest.FixtureRequest) -> None:
    store = Store(request.getfixturevalue(postgresql_or_not))
    desk = Desk(store, some_rules())
    begin(store)
    burst(desk, 1)
    plan_all(store, MirrorPolicy(), NOON)
    wrong = {
        "mirror_issues.told": "'[7]'",
        "mirror_issues.seen": """'{"due": "soon"}'""",
        "mails.verdicts": "'[7]'",
        "mails.facts": """'{"to": 7}'""",
        "events.before": "'\"x\"'",
    }
    for name, value in wrong.items():
        table, _, column = name.partition(".")
        damage(store, table, column, "true", value)
    claimed = store.transact(lambda c: claim_issue(c, holder="one", lease=MINUTE, now=NOON))
    with store.read() as connection:
        found = {f"{each.table}.{each.column}": each.wrong for each in find_damaged(connection)}
        coverage = watch(connection, now=NOON).coverage
    store.close()
    assert claimed is not None
    assert claimed.told == claimed.seen == Fields()
    assert found == dict.fromkeys(wrong, "JSON of another shape")
    assert coverage == {}


def test_what_is_damaged_is_still_named_once_its_ticket_has_changed(store: Store) -> None:
    number = a_ticket(store)
    damage(store, "tickets", "subject", f"id = {number}")
    damage(store, "tickets", "opened_at", f"id = {number}", "'2026-0z-02 09:00:00.000000'")
    with store.read() as connection:
        ticket = read_ticket(connection, number)
    store.transact(lambda connection: save_ticket(connection, replace(ticket, assignee="Ana Ruiz")))
    with store.read() as connection:
        assert read_ticket(connection, number).assignee == "Ana Ruiz"
        assert [each.column for each in find_damaged(connection)] == ["subject", "opened_at"]


def test_each_is_named_by_table_row_and_column(store: Store) -> None:
    number = a_ticket(store, sheet={"found": [], "required": []})
    due(store)
    with store.read() as connection:
        assert list(find_damaged(connection)) == []
    damage(store, "tickets", "subject", f"id = {number}")
    damage(store, "tickets", "sheet", f"id = {number}", "'?'")
    damage(store, "outbox", "due_at", "id = 1", "'2\x7f26'")
    with store.read() as connection:
        found = [(each.table, each.row, each.column, each.wrong) for each in find_damaged(connection)]
    assert found == [
        ("tickets", f"id {number}", "subject", "no UTF-8"),
        ("tickets", f"id {number}", "sheet", "no JSON"),
        ("outbox", "id 1", "due_at", "no moment"),
    ]
