"""The door to Linear, against a server that answers as Linear does."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from graphql import GraphQLError

from maild.doors import linear_queries
from maild.doors.linear import LinearDoor
from maild.doors.linear_wire import Wire
from maild.errors import Bounced, ConfigurationError, Deferred, Throttled, Unauthorized, Unavailable
from maild.process.tracker import Field, Fields, NewComment, NewIssue, NewLink
from tests.servers.linear import KEY, MOST_POINTS, LinearServer, weigh
from tests.servers.linear_world import ANA, EVA, Row

FIELDS = Fields(
    state="In Progress", priority=2, assignee=ANA, due=date(2026, 12, 24), labels=("Network", "nobody knows this one")
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(linear: LinearServer, clock: Clock) -> LinearDoor:
    return LinearDoor(wire=Wire(url=linear.url, key=lambda: KEY, clock=clock), team="ENG")


def an_issue(**differences: object) -> NewIssue:
    fields = {"id": str(uuid.uuid4()), "title": "T-1 VPN", "description": "Words", "fields": FIELDS}
    return NewIssue(**{**fields, **differences})  # type: ignore[arg-type]


def names(rows: Sequence[Row]) -> list[str]:
    return [row["name"] for row in rows]


def test_a_new_issue_has_all_that_the_ticket_says(door: LinearDoor, linear: LinearServer) -> None:
    new = an_issue(at=LONG_AGO)
    made, issue = door.create(new), linear.world.issue
    assert (issue["id"], issue["title"], issue["description"]) == (new.id, "T-1 VPN", "Words")
    assert (issue["state"]["name"], issue["priority"], issue["assignee"]["email"]) == ("In Progress", 2.0, ANA)
    assert (issue["dueDate"], names(issue["labels"]), issue["createdAt"]) == ("2026-12-24", ["Network"], LONG_AGO)
    assert (made.key, made.fields) == (
        "ENG-1",
        Fields(**{**FIELDS.document(), "due": FIELDS.due, "labels": ("Network",)}),
    )


def test_what_is_asked_for_twice_is_made_once(door: LinearDoor, linear: LinearServer) -> None:
    new = an_issue()
    comment = NewComment(id=str(uuid.uuid4()), issue=new.id, text="Words")
    for _ in range(2):
        assert door.create(new).key == "ENG-1"
        door.comment(comment)
        door.link(NewLink(id=str(uuid.uuid4()), issue=new.id, title="T-1", url="mailto:support@acme.example"))
    world = linear.world
    assert (len(world.issues), len(world.comments), len(world.attachments)) == (1, 1, 1)


def test_an_answer_that_is_lost_is_no_reason_to_make_it_again(door: LinearDoor, linear: LinearServer) -> None:
    new = an_issue()
    comment = NewComment(id=str(uuid.uuid4()), issue=new.id, text="Words")
    linear.lost = {1, 3}
    with pytest.raises(Unavailable):
        door.create(new)
    door.create(new)
    with pytest.raises(Unavailable):
        door.comment(comment)
    door.comment(comment)
    assert (len(linear.world.issues), len(linear.world.comments)) == (1, 1)


def test_only_what_is_named_is_changed_and_only_minded_labels_go(door: LinearDoor, linear: LinearServer) -> None:
    new = an_issue()
    door.create(new)
    linear.world.move(linear.world.issue, EVA, label="Customer", state="In Review")
    fields = Fields(priority=1, assignee=None, labels=("Software",))
    door.change(new.id, fields, [Field.PRIORITY, Field.ASSIGNEE, Field.LABELS], minded=("Network", "Software"))
    issue = linear.world.issue
    assert (issue["priority"], issue["assignee"], issue["state"]["name"]) == (1.0, None, "In Review")
    assert sorted(names(issue["labels"])) == ["Customer", "Software"]
    door.change(new.id, Fields(state="Done"), [Field.STATE, Field.DUE], minded=())
    assert (linear.world.issue["state"]["name"], linear.world.issue["dueDate"]) == ("Done", None)


def test_what_people_did_is_read_with_who_did_it_and_when_however_many_pages_that_takes(
    door: LinearDoor, linear: LinearServer
) -> None:
    new, world = an_issue(), linear.world
    door.create(new)
    began = world.clock()
    for number in range(45):
        world.move(world.issue, EVA, priority=number % 4 + 1)
        world.say(world.issue, ANA, f"Comment {number}")
    world.move(world.issue, ANA, state="Done", assignee=None, due=None, label="Customer", unlabel="Network")
    seen = door.read(new.id, since=began)
    assert seen is not None
    assert [comment.text for comment in seen.comments] == [f"Comment {number}" for number in range(45)]
    assert [entry.value for entry in seen.entries if entry.field is Field.PRIORITY] == [n % 4 + 1 for n in range(45)]
    last = {entry.field: entry.value for entry in seen.entries if entry.by and entry.by.address == ANA}
    assert last == {
        Field.STATE: "Done",
        Field.ASSIGNEE: None,
        Field.DUE: None,
        Field.LABELS: (("Customer",), ("Network",)),
    }
    later = door.read(new.id, since=world.clock() + timedelta(seconds=1))
    assert later is not None
    assert (list(later.entries), list(later.comments)) == ([], [])
    assert door.read(str(uuid.uuid4()), since=None) is None


def test_polling_finds_issues_that_changed_and_issues_that_were_commented(
    door: LinearDoor, linear: LinearServer
) -> None:
    world, made = linear.world, [door.create(an_issue()) for _ in range(60)]
    assert {each.issue for each in door.changed(since=LONG_AGO)} == {issue.id for issue in made}
    now = world.clock()
    world.move(world.issues[made[3].id], EVA, state="Done")
    said = world.say(world.issues[made[7].id], EVA, "Seen")
    found = [(each.issue, each.comment) for each in door.changed(since=now)]
    assert found == [(made[3].id, None), (made[7].id, said["id"])]


def test_a_list_that_leads_back_to_itself_is_not_read_for_ever(door: LinearDoor, linear: LinearServer) -> None:
    door.catalogue()
    linear.endless = True
    with pytest.raises(Deferred, match="list of issues does not end"):
        list(door.changed(since=datetime(2026, 1, 1, tzinfo=UTC)))
    assert linear.asked.count("Changed") == 2


def test_the_catalogue_names_what_there_is(door: LinearDoor) -> None:
    found = door.catalogue()
    assert (found.team, found.viewer.name) == ("Engineering", "maild")
    assert ("In Review", "started") in [(state.name, state.type) for state in found.states]
    assert "Network" in found.labels
    assert ANA in {user.address for user in found.users}


@pytest.mark.parametrize(
    ("extensions", "error"),
    [
        ({"code": "INPUT_ERROR", "userError": True}, Bounced),
        ({"type": "invalid input"}, Bounced),
        ({"code": "INTERNAL_SERVER_ERROR"}, Deferred),
        ({"type": "forbidden", "code": "FORBIDDEN"}, Unauthorized),
        ({"type": "authentication error"}, Unauthorized),
        ({}, Deferred),
    ],
)
def test_only_what_is_known_to_be_wrong_is_refused_for_good(
    door: LinearDoor, linear: LinearServer, extensions: dict[str, object], error: type[Exception]
) -> None:
    linear.refuses = lambda _: GraphQLError("no", extensions=extensions)
    with pytest.raises(error) as raised:
        door.create(an_issue())
    assert type(raised.value) is error
    assert KEY not in str(raised.value)


def test_a_limit_names_the_moment_until_which_to_wait(door: LinearDoor, linear: LinearServer, clock: Clock) -> None:
    until = clock.now + timedelta(minutes=20)
    linear.limited = until
    with pytest.raises(Throttled) as raised:
        door.create(an_issue())
    assert abs(raised.value.until - until) < timedelta(seconds=1)


def test_the_last_of_a_budget_is_left_to_others(door: LinearDoor, linear: LinearServer, clock: Clock) -> None:
    door.catalogue()
    linear.points = 3_000
    door.create(an_issue())
    asked = len(linear.asked)
    with pytest.raises(Throttled) as raised:
        door.create(an_issue())
    assert len(linear.asked) == asked
    linear.points = 250_000
    clock.now = raised.value.until
    assert door.create(an_issue()).key == "ENG-2"


def test_no_question_costs_much() -> None:
    documents = [text for name, text in vars(linear_queries).items() if name.isupper() and isinstance(text, str)]
    weights = [weigh(text) for text in documents if "query" in text]
    assert len(weights) > 7
    assert max(weights) < MOST_POINTS / 20


def test_a_server_that_is_down_or_talks_nonsense_is_waited_for(door: LinearDoor, linear: LinearServer) -> None:
    linear.down = True
    with pytest.raises(Unavailable):
        door.catalogue()
    nobody = Wire(url="http://127.0.0.1:9/graphql", key=lambda: KEY, clock=lambda: LONG_AGO)
    with pytest.raises(Unavailable, match="cannot be reached"):
        nobody.ask("query", {})


def test_a_wrong_key_and_a_wrong_team_say_so(linear: LinearServer, clock: Clock) -> None:
    with pytest.raises(Unauthorized, match="does not let us in"):
        LinearDoor(wire=Wire(url=linear.url, key=lambda: "wrong", clock=clock), team="ENG").catalogue()
    with pytest.raises(Bounced, match="no team with the key OPS"):
        LinearDoor(wire=Wire(url=linear.url, key=lambda: KEY, clock=clock), team="OPS").catalogue()


def test_the_key_never_goes_over_a_plain_connection_to_elsewhere(clock: Clock) -> None:
    with pytest.raises(ConfigurationError, match="not https"):
        Wire(url="http://linear.example/graphql", key=lambda: KEY, clock=clock).ask("query", {})
