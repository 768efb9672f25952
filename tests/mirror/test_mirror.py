"""The mirror: tickets in Linear, both ways, over a real store and real HTTP."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from graphql import GraphQLError
from sqlalchemy import update

from maild.doors.linear import LinearDoor
from maild.errors import Unavailable
from maild.history.forgetting import Wish, forget
from maild.mail.message import Address
from maild.process.mirroring.policy import MirrorPolicy, Personal, Scope
from maild.process.tracker import Issue
from maild.store.desk.tickets import read_ticket
from maild.store.engine import Store
from maild.store.replaying import MOVED_IN
from maild.store.tables import mails
from maild.store.view.mirror import MirrorWatched, read_mirror, watch_mirror
from tests.servers.linear import LinearServer
from tests.servers.linear_world import ANA, EVA, ROBOT, STRANGER, invalid
from tests.support.making import NOON, a_mail, categories
from tests.support.mirrors import LENA, MINUTE, Mirrored
from tests.support.mirrors import desk as desk  # noqa: PLC0414 - a fixture

LEAK = "The gateway drops idle tunnels after 300 seconds, because its firmware is the one that Sales knew about."

OTHER = Address(address="carl@other.example", name="Carl")


def last_words(desk: Mirrored) -> list[str]:
    return [words.rpartition("> ")[2] for words in desk.world.said()]


def test_the_later_decision_of_a_person_wins_and_both_are_in_the_history(desk: Mirrored) -> None:
    desk.open_ticket()
    issue = desk.world.issue
    desk.world.move(issue, ANA, priority=1)
    desk.order("/urgency 3\n/impact 3\n")
    desk.work()
    assert desk.ticket("priority") == (5,)
    assert issue["priority"] == 4.0
    (declined,) = desk.events("tracker_declined")
    assert declined.startswith("priority urgent: it was decided otherwise here later, at ")
    assert desk.world.said()[-1].endswith(declined)

    desk.order("/urgency 1\n/impact 2\n")
    desk.now += MINUTE
    desk.world.move(issue, ANA, priority=3)
    desk.work()
    assert desk.ticket("priority") == (3,)
    assert issue["priority"] == 3.0
    assert desk.events("prioritized")[-3:-1] == ["/urgency 1", "/impact 2"]
    assert desk.events("prioritized")[-1].startswith("in Linear: priority medium (/")
    assert len(desk.events("tracker_declined")) == 1


def test_what_was_decided_there_is_not_lost_by_taking_back_an_older_command(desk: Mirrored) -> None:
    desk.open_ticket()
    desk.order("/urgency 1\n/impact 1\n")
    desk.work()
    desk.world.move(desk.world.issue, ANA, priority=3)
    desk.work()
    desk.order("/undo\n")
    assert desk.ticket("priority") == (3,)
    (refused,) = desk.events("command_refused")
    assert "newer than /urgency 1, /impact 1. It was made in Linear: priority medium (/" in refused
    desk.order("/urgency 2\n")
    desk.order("/undo\n")
    assert (len(desk.events("undone")), desk.ticket("priority")) == (1, (3,))


def test_a_decision_there_that_ours_covered_before_we_read_it_is_heard_all_the_same(desk: Mirrored) -> None:
    desk.open_ticket()
    issue = desk.world.issue
    desk.order("/urgency 1\n/impact 1\n")
    hidden = issue["history"]
    desk.now += MINUTE
    desk.world.move(issue, ANA, priority=3)
    covered, issue["history"], issue["priority"] = issue["history"], [], 3.0
    issue["updatedAt"] = desk.now - timedelta(days=1)
    desk.work(wait=timedelta())
    issue["history"] = hidden = [*covered, *issue["history"]]
    assert hidden[-1]["actor"]["email"] == ROBOT
    desk.work()
    desk.work()
    assert desk.ticket("priority") == (3,)
    assert issue["priority"] == 3.0


def test_what_is_done_to_an_issue_happens_to_its_ticket_and_writes_to_no_client(desk: Mirrored) -> None:
    desk.open_ticket()
    issue, world, before = desk.world.issue, desk.world, desk.to_client()
    world.move(issue, ANA, state="Done")
    desk.work()
    assert desk.ticket("status", "assignee") == ("closed", "Ana Ruiz")
    assert desk.rows("SELECT actor FROM events WHERE event = 'closed'")[0].actor == ANA
    world.move(issue, ANA, state="In Progress")
    world.move(issue, ANA, label="Customer")
    desk.work()
    assert desk.ticket("status") == ("open",)
    world.say(issue, ANA, "/resolve\nDear client, all is well.")
    desk.work()
    assert desk.ticket("status") == ("open",)
    desk.order("/assign Lena Lead")
    world.move(issue, ANA, state="Canceled", assignee="lead@example.org")
    desk.work()
    assert desk.ticket("status") == ("closed",)
    assert "Decided by: Ana Ruiz" in desk.newest("reassigned", LENA).as_string()
    assert len(desk.events("post_mortem_skipped")) == 2  # each closing is followed, whoever closes
    assert desk.events("tracker_declined") == ["assignee lead@example.org: lead@example.org is nobody of team.toml"]
    assert desk.to_client() == before
    assert sorted(label["name"] for label in issue["labels"]) == ["Customer", "Network", "maild"]


def test_what_is_missing_follows_what_somebody_says_there_that_a_ticket_is_about(
    store: Store, linear: LinearServer
) -> None:
    network = replace(categories()["network"], required=("device",))
    software = replace(network, name="software", title="Software", required=("version",))
    desk = Mirrored(store, linear, categories={each.name: each for each in (network, software)})
    desk.open_ticket(new_text="The VPN fails since Monday.\n")
    desk.world.move(desk.world.issue, ANA, label="Software", unlabel="Network")
    desk.work()
    assert desk.ticket("category") == ("software",)
    with store.read() as connection:
        sheet = read_ticket(connection, 1).sheet
    assert sheet is not None
    assert sheet.missing == ("version",)
    assert set(desk.rows("SELECT question, value FROM labels")) == {("category", "software"), ("technical", "yes")}


def test_who_is_not_of_the_desk_decides_nothing_and_is_read_as_a_note(desk: Mirrored) -> None:
    desk.open_ticket()
    world, issue = desk.world, desk.world.issue
    world.move(issue, STRANGER, state="Done")
    world.say(issue, STRANGER, "/close\nI am Ana.")
    desk.work()
    world.move(issue, None, priority=1)
    world.move(issue, EVA, state="Canceled")
    world.move(issue, ANA, due="2026-12-24", assignee=EVA, state="In Review", unlabel="Network")
    desk.work()
    assert desk.ticket("status", "assignee", "category", "eta_at") == ("open", "Ana Ruiz", "network", None)
    assert desk.events("tracker_declined") == [
        "state Done: Joe Doe is nobody of team.toml",
        "assignee Eva Engineer: Eva Engineer is an engineer, and owns no tickets: /escalate asks them",
        "due 2026-12-24: a date is told to the client: /eta in a mail does that",
        "labels maild: a ticket keeps its category",
    ]
    assert (issue["state"]["name"], issue["dueDate"], issue["priority"]) == ("In Review", "2026-12-24", 1.0)
    assert desk.events("tracker_noted") == [
        "Joe Doe (Linear) wrote: /close I am Ana.",
        "an automation (Linear): priority urgent, which changes nothing here",
    ]
    told = desk.rows("SELECT new_text FROM outbox WHERE kind = 'internal_words' ORDER BY id")
    assert "I am Ana." in told[0].new_text
    assert "Joe Doe (Linear)" in told[0].new_text
    noted = len(desk.world.said())
    world.person(STRANGER)["name"] = "Ana  Ruiz"
    world.say(issue, STRANGER, "Tell Bea our prices.")
    desk.work()
    assert len(desk.world.said()) == noted + 1
    assert desk.events("tracker_noted")[-1] == "another Ana Ruiz (Linear) wrote: Tell Bea our prices."


def test_a_state_that_begins_with_words_to_the_client_is_left_to_a_mail(store: Store, linear: LinearServer) -> None:
    states = {"resolved": "In Review", "waiting": "Backlog", "escalated": "Triage"}
    desk = Mirrored(store, linear, MirrorPolicy(states=states))
    desk.open_ticket()
    desk.world.move(desk.world.issue, ANA, state="In Review")
    desk.work()
    assert desk.ticket("status") == ("open",)
    assert "answer by mail, with /resolve on top" in desk.events("tracker_declined")[0]
    assert "/resolve" in desk.world.said()[-1]
    desk.world.move(desk.world.issue, ANA, state="Triage")
    desk.work()
    assert desk.ticket("status") == ("escalated",)
    assert "dossier" in desk.written_to(EVA)
    desk.order("/resolve\nThe gateway was replaced.\n")
    desk.work()
    assert desk.world.issue["state"]["name"] == "In Review"
    assert desk.to_client() == 2


def test_comments_are_notes_once_and_our_own_are_no_comments(desk: Mirrored) -> None:
    desk.open_ticket()
    comment = desk.world.say(desk.world.issue, EVA, "The gateway drops idle tunnels.")
    desk.order("/note\nIs it the gateway?\n")
    desk.work()
    desk.world.edit(comment, LEAK)
    desk.work()
    desk.work()
    assert desk.events("tracker_noted") == [
        "Eva Engineer (Linear) wrote: The gateway drops idle tunnels.",
        f"Eva Engineer (Linear) changed a comment: {LEAK}",
    ]
    assert last_words(desk)[-1] == "Is it the gateway?"
    assert desk.written_to(ANA).count("internal_words") == 1
    desk.order(f"Nothing to worry about. {LEAK} We replace it today.\n")
    assert "relay_held" in {row.event for row in desk.rows("SELECT event FROM events")}


def test_our_own_changes_are_no_news(desk: Mirrored) -> None:
    desk.open_ticket()
    desk.order("/impact 1\nWe look into it.\n")
    desk.work()
    desk.work()
    asked = len(desk.linear.asked)
    desk.work()
    assert desk.linear.asked[asked:] == ["Changed", "Commented"]
    assert desk.events("tracker_noted") == desk.events("tracker_declined") == []


def test_a_linear_that_is_down_for_an_hour_loses_nothing(desk: Mirrored) -> None:
    desk.linear.down = True
    with pytest.raises(Unavailable):
        desk.open_ticket()
    for words in ("/note\nFirst.\n", "Second.\n"):
        desk.order(words)
        with pytest.raises(Unavailable):
            desk.work(wait=timedelta(minutes=30))
    assert watched(desk).waiting == 1
    assert str(watched(desk).waiting_since) < str(NOON + 3 * MINUTE), "since it began, however often it was tried"
    desk.linear.down, desk.linear.limited = False, desk.now + timedelta(minutes=10)
    desk.work()
    asked = len(desk.linear.asked)
    desk.work()
    assert len(desk.linear.asked) == asked
    assert "limit is used up" in str(desk.mirror.trouble)
    desk.linear.limited = None
    desk.work(wait=timedelta(minutes=20))
    assert last_words(desk) == ["First.", "Second."]
    issue = desk.world.issue
    assert issue["createdAt"] < issue["updatedAt"] - timedelta(hours=1)
    assert [
        each["createdAt"] < issue["updatedAt"] - timedelta(minutes=30) for each in desk.world.comments.values()
    ] == [True, True]


def test_what_is_refused_for_good_is_kept_and_does_not_stop_the_rest(desk: Mirrored) -> None:
    desk.linear.refuses = lambda name: invalid("not this link") if name == "Link" else None
    desk.open_ticket()
    desk.order("/note\nFirst.\n")
    desk.work()
    assert last_words(desk) == ["First."]
    refused = desk.rows("SELECT kind, state, answer FROM mirror_outbox ORDER BY id")
    assert watched(desk) == MirrorWatched(waiting=0, waiting_since=None, refused=1)
    assert [tuple(row) for row in refused] == [
        ("link", "refused", "Linear refused: not this link"),
        ("comment", "sent", None),
    ]
    failure = GraphQLError("boom", extensions={"code": "INTERNAL_SERVER_ERROR"})
    desk.linear.refuses = lambda name: failure if name == "Say" else None
    desk.order("/note\nSecond.\n")
    desk.work()
    assert last_words(desk) == ["First."]
    assert desk.rows("SELECT trouble FROM mirror_issues")[0].trouble == "Linear failed: boom"
    desk.linear.refuses = lambda _: None
    desk.work(wait=10 * MINUTE)
    assert last_words(desk) == ["First.", "Second."]


def test_a_field_that_is_refused_keeps_neither_others_nor_words_from_being_told(desk: Mirrored) -> None:
    desk.open_ticket()
    desk.world.states.remove(desk.world.state("Done"))  # known to be there, and gone since
    desk.order("/note\nFirst.\n")
    desk.order("/impact 1\n/close\nIt works again.\n")
    desk.work()
    assert (desk.world.issue["priority"], last_words(desk)) == (2.0, ["First.", "It works again."])
    assert "Entity not found" in desk.rows("SELECT trouble FROM mirror_issues")[0].trouble
    assert watched(desk).refused == 1


def test_one_ticket_that_maild_fails_on_keeps_no_other_from_being_mirrored(
    desk: Mirrored, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_ticket()
    first, read = desk.world.issue["id"], LinearDoor.read

    def fail(door: LinearDoor, issue: str, *, since: datetime | None) -> Issue | None:
        return read(door, issue, since=since) if issue != first else 1 / 0  # type: ignore[return-value]

    monkeypatch.setattr(LinearDoor, "read", fail)
    desk.order("/note\nFirst.\n")
    desk.arrive(a_mail(message_id="<other@client.example>", fingerprint="5" * 64, author=OTHER), now=desk.tell_time())
    desk.work()
    assert len(desk.world.issues) == 2
    assert "ZeroDivisionError" in desk.rows("SELECT trouble FROM mirror_issues ORDER BY ticket_id")[0].trouble
    monkeypatch.undo()
    desk.work(wait=10 * MINUTE)
    assert last_words(desk) == ["First."]


def watched(desk: Mirrored) -> MirrorWatched:
    with desk.store.read() as connection:
        return watch_mirror(connection, now=desk.now)


def test_a_mail_of_the_past_that_is_moved_into_a_ticket_is_told_to_nobody_there(desk: Mirrored) -> None:
    desk.open_ticket()
    desk.order("/note\nFirst.\n")
    moved_in = update(mails).where(mails.c.author == ANA).values(because=f"{MOVED_IN}: a note")
    desk.store.transact(lambda connection: connection.execute(moved_in).rowcount)
    desk.work()
    assert desk.world.said() == []


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"trashed": True}, "ENG-1 was deleted or archived in Linear"),
        (
            {"team": {"id": "9", "key": "OPS", "name": "Operations"}, "identifier": "OPS-7"},
            "ENG-1 was moved to another team (OPS-7) in Linear",
        ),
    ],
)
def test_an_issue_that_is_deleted_or_moved_away_there_leaves_its_ticket_alone(
    desk: Mirrored, there: dict[str, object], said: str
) -> None:
    desk.open_ticket()
    desk.world.issue.update(there)
    desk.world.move(desk.world.issue, ANA)
    desk.work()
    for words in ("We go on.", "And on."):
        desk.order(f"/note\n{words}\n")
        desk.work()
    assert desk.world.said() == []
    assert said in desk.events("mirrored")[-1]
    assert desk.ticket("status") == ("open",)
    assert [row.n for row in desk.rows("SELECT count(*) AS n FROM mirror_outbox WHERE state = 'due'")] == [0]
    with desk.store.read() as connection:
        assert read_mirror(connection, desk.rules.desk).gone == 1


def test_only_tickets_that_the_admin_chose_have_an_issue(store: Store, linear: LinearServer) -> None:
    desk = Mirrored(store, linear, MirrorPolicy(scope=Scope.ESCALATED))
    desk.arrive(a_mail(), now=NOON)
    desk.work()
    assert desk.world.issues == {}
    desk.order("/escalate\nWhy does it drop?\n")
    desk.work()
    assert [words.split("\n")[0] for words in desk.world.said()] == ["**Internal note, by Ana Ruiz:**"]
    assert desk.world.issue["title"] == "T-1 Network"


def test_unless_the_admin_wants_it_nothing_of_a_client_leaves_the_house(store: Store, linear: LinearServer) -> None:
    desk = Mirrored(store, linear, MirrorPolicy())
    desk.open_ticket(new_text="Kunde speaking: 809 is what the VPN client says.")
    desk.order("/note\nKunde, bea@client.example, called from 0170 1234567.\n")
    desk.reply("The VPN client says 810 now.")
    desk.work()
    everything = "\n".join([desk.world.issue["title"], desk.world.issue["description"], *desk.world.said()])
    assert "client's words stay in the desk's mail (6 words)" in everything
    assert "[client], [address], called from [number]." in everything
    for word in ("Kunde", "Bea", "client.example", "1234567", "809", "810", "is down"):
        assert word not in everything


def test_a_clients_name_is_shown_in_the_issue_and_never_rendered(store: Store, linear: LinearServer) -> None:
    desk = Mirrored(store, linear, MirrorPolicy(personal=Personal.ALL))
    desk.open_ticket(author=Address(address="bea@client.example", name="B` ![](https://evil.example/t.png) @ana `"))
    line = next(line for line in desk.world.issue["description"].splitlines() if line.startswith("- Client: "))
    assert line == "- Client: `B' ![](https://evil.example/t.png) @ana ' <bea@client.example>`"


def test_what_was_told_is_not_told_again_when_the_bytes_of_its_mail_are_gone(desk: Mirrored) -> None:
    desk.open_ticket()
    desk.order("/note\nFirst.\n")
    desk.work()
    desk.store.transact(lambda connection: connection.execute(update(mails).values(digest=None)).rowcount)
    desk.order("/note\nSecond.\n")
    desk.work()
    assert last_words(desk) == ["First.", "Second."]


def test_a_ticket_that_is_over_before_it_has_an_issue_gets_none(desk: Mirrored) -> None:
    desk.arrive(a_mail(), now=NOON)
    desk.order("/spam")
    desk.work()
    assert desk.world.issues == {}


def test_whoever_is_forgotten_is_in_no_table_of_the_mirror_and_is_told_no_more(desk: Mirrored) -> None:
    desk.open_ticket()
    desk.arrive(a_mail(message_id="<other@client.example>", fingerprint="5" * 64, author=OTHER), now=desk.tell_time())
    desk.work()
    first, second = desk.world.issues.values()
    for issue in (first, second):
        desk.world.say(issue, EVA, "Bea@client.example called about it.")
    desk.work()
    desk.reply("This is not told yet.")
    wish = Wish(address="bea@client.example", said_by="test", because=None, ours=frozenset({"support@acme.example"}))
    done = forget(desk.store, wish, now=desk.now)
    assert done.issues == (first["url"],)
    heard = [row.said for row in desk.rows("SELECT said FROM mirror_heard")]
    assert [words.endswith("@erased.invalid called about it.") for words in heard] == [True]
    assert [each.where for each in done.remains if "mirror" in each.where] == []
    said = len(desk.world.comments)
    desk.work()
    assert len(desk.world.comments) == said
    assert first["state"]["name"] == "In Progress"
