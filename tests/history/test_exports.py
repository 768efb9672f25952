"""Exports of Zendesk and Freshdesk: whole conversations with dates, notes and labels; what is wrong is named, and keeps all out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.errors import ConfigurationError, Refused
from maild.history.exports.marks import Reader, read_meanings
from maild.history.exports.opening import Export, find_system
from maild.history.exports.spool import a_spool
from maild.history.exports.systems import SYSTEMS
from maild.history.past_mail import Archive
from maild.process.past import Part
from maild.process.questions import questions_of
from maild.store.engine import Store
from tests.support.desk_folder import a_folder
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.intakes import look
from tests.support.making import NOON, some_rules
from tests.support.past_exports import (
    FRESHDESK_API_TICKET,
    a_zendesk_comment,
    a_zendesk_conversation,
    a_zendesk_ticket,
    write_freshdesk,
    write_freshdesk_api,
    write_json,
    write_zendesk,
)

RULES = some_rules()
QUESTIONS = questions_of(RULES.categories, RULES.priorities, RULES.team)


def opened(path: Path, system: str) -> list[tuple[Part | None, str, dict[str, str]]]:
    """Part, words and labels of every mail of an export."""
    with a_spool() as spool:
        reader = Reader(questions=QUESTIONS)
        export = Export(
            path=path, system=SYSTEMS[system], desk="desk@acme.example", reader=reader, spool=spool, latest=NOON
        )
        archive: Archive = export.open(lambda *_: None)
        mails = list(archive.mails())
        assert archive.count == len(mails)
        return [(mail.part, mail.read().decode(), dict(mail.labels)) for mail in mails]


def refused(path: Path, system: str = "zendesk") -> str:
    with pytest.raises(Refused) as caught:
        opened(path, system)
    return str(caught.value)


def parts(mails: list[tuple[Part | None, str, dict[str, str]]]) -> list[str]:
    return [part.value for part, _, _ in mails if part]


CONVERSATION = ["question", "answer", "note", "follow_up", "follow_up"]


def test_a_zendesk_ticket_is_one_closed_thread_and_a_later_export_brings_only_what_is_new(
    store: Store, folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    export = write_zendesk(tmp_path / "old", [a_zendesk_ticket(35, comments=a_zendesk_conversation())])
    answer = told(folder, capsys, "import", str(export))
    assert (answer["archive"], answer["mails"], answer["system"]) == ("Zendesk export", 5, "zendesk")
    assert answer["outcomes"] == {"command": 1, "follow_up": 2, "relay": 1, "ticket": 1}
    assert (answer["attachments_not_in_export"], answer["people_without_address"]) == (1, 0)
    (ticket,) = told(folder, capsys, "tickets")
    assert (ticket["status"], ticket["category"], ticket["urgency"]) == ("closed", "network", 1)
    assert ticket["opened_at"] == "2024-03-01T01:00:00Z"
    shown = told(folder, capsys, "show", "T-1")
    assert [event["event"] for event in shown["events"]] == [
        "imported",
        "tsm_answered",
        "noted",
        "client_replied",
        "client_replied",
    ]
    assert "ticket 35: group: Network, type: incident, field Device: laptop, tag: vpn" in shown["events"][0]["because"]
    assert [mail["audience"] for mail in shown["mails"]] == ["client", "client", "internal", "client", "client"]
    assert look(store, "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM deadlines)") == [(0,)]
    assert look(store, "SELECT question, value, said_by FROM labels ORDER BY question") == [
        ("category", "network", "import of old"),
        ("urgency", "1", "import of old"),
    ]
    again = a_zendesk_comment(6, 1, "It is back.")
    later = a_zendesk_ticket(35, comments=[*a_zendesk_conversation(), again], subject="VPN down, solved")
    answer = told(folder, capsys, "import", str(write_zendesk(tmp_path / "new", [later])))
    assert (answer["already_there"], answer["outcomes"]) == (5, {"follow_up": 1})
    assert look(store, "SELECT count(*) FROM tickets") == [(1,)]


def test_comments_and_audits_may_lie_beside_the_tickets(tmp_path: Path) -> None:
    said = a_zendesk_conversation()
    export = write_zendesk(tmp_path / "comments", [a_zendesk_ticket(35)])
    write_json(export / "comments" / "35.json", {"comments": said, "count": 5})
    assert parts(opened(export, "zendesk")) == CONVERSATION
    export = write_zendesk(tmp_path / "audits", [a_zendesk_ticket(35)])
    audits = [
        {
            "id": comment["id"] + 100,
            "ticket_id": 35,
            "author_id": comment["author_id"],
            "created_at": comment["created_at"],
            "metadata": {"system": {"message_id": f"<{comment['id']}@real.example>"}},
            "events": [
                {"id": comment["id"], "type": "Comment", "body": comment["body"], "public": comment["public"]},
                {"id": comment["id"] + 50, "type": "Change", "field_name": "status", "value": "open"},
            ],
        }
        for comment in said
    ]
    write_json(export / "audits.json", {"audits": audits, "next_page": None})
    mails = opened(export, "zendesk")
    assert parts(mails) == CONVERSATION
    assert "Message-ID: <2@real.example>" in mails[1][1]
    assert "In-Reply-To: <1@real.example>" in mails[4][1]


def test_of_pages_that_repeat_a_ticket_the_last_counts(tmp_path: Path) -> None:
    pages = [{"tickets": [a_zendesk_ticket(35, description=words)], "end_time": 1} for words in ("First.", "Second.")]
    export = write_zendesk(tmp_path / "old", [])
    for number, page in enumerate(pages, start=1):
        write_json(export / f"incremental-{number}.json", page)
    mails = opened(export, "zendesk")
    assert parts(mails) == ["question"]
    assert "U2Vjb25kLg" in mails[0][1]  # base64 of "Second."


def test_what_the_desk_wrote_first_goes_to_the_client_and_a_note_alone_opens_nothing_in_public(tmp_path: Path) -> None:
    first = [a_zendesk_comment(1, 2, "Your licence ends."), a_zendesk_comment(2, 1, "Thanks.")]
    mails = opened(write_zendesk(tmp_path / "desk", [a_zendesk_ticket(35, comments=first)]), "zendesk")
    assert parts(mails) == ["answer", "follow_up"]
    assert 'To: "Ana Client" <ana@client.example>' in mails[0][1]
    called = [a_zendesk_comment(1, 2, "They called, angry.", public=False)]
    mails = opened(write_zendesk(tmp_path / "note", [a_zendesk_ticket(36, comments=called)]), "zendesk")
    assert parts(mails) == ["question", "note"]
    assert "VlBOIGRvd24gKDM2KQ" in mails[0][1]  # base64 of the subject


def test_a_freshdesk_export_and_dumps_of_its_api(tmp_path: Path) -> None:
    mails = opened(write_freshdesk(tmp_path / "export"), "freshdesk")
    assert parts(mails) == ["question", "answer", "note"]
    assert mails[0][2] == {"urgency": "3"}
    assert 'From: "Bo Agent" <bo@former.example>\r\nTo: "Ana Client" <ana@client.example>' in mails[1][1]
    assert "Date: Mon, 01 Apr 2024 09:05:00 +0000" in mails[2][1]
    mails = opened(write_freshdesk_api(tmp_path / "api"), "freshdesk")
    assert parts(mails) == ["question", "answer", "follow_up"]
    assert mails[0][2] == {"urgency": "1"}
    assert find_system(tmp_path / "api") is SYSTEMS["freshdesk"]


def test_the_admin_says_what_marks_mean_and_a_dry_run_lists_them(tmp_path: Path, capsys: Captured) -> None:
    folder = a_folder(tmp_path / "config")
    export, written = (
        write_zendesk(tmp_path / "old", [a_zendesk_ticket(35), a_zendesk_ticket(36)]),
        tmp_path / "map.toml",
    )
    answer = told(folder, capsys, "import", str(export), "--dry-run", "--write-map", str(written))
    read_as = {mark["mark"]: (mark["tickets"], mark["read_as"]) for mark in answer["marks"]}
    assert read_as["group: Network"] == (2, {"category": "network"})
    assert read_as["tag: vpn"] == (2, {})
    assert not list(tmp_path.glob("**/maild.db"))
    assert read_meanings(written, {**QUESTIONS, "category": ("network",)}) == {
        ("category", "group: network"): "network",
        ("urgency", "priority: urgent"): "1",
    }
    assert "is there already" in complaint(folder, capsys, "import", str(export), "--write-map", str(written))
    own = tmp_path / "own.toml"
    own.write_text('[technical]\n"tag: VPN" = "yes"\n[urgency]\n"priority: urgent" = ""\n"tag: gone" = 3\n', "utf-8")
    answer = told(folder, capsys, "import", str(export), "--map", str(own))
    assert answer["marks_not_found"] == ["tag: gone"]
    assert {(ticket["category"], ticket["technical"]) for ticket in told(folder, capsys, "tickets")} == {
        ("network", True)
    }
    assert {row["question"] for row in told(folder, capsys, "labels")} == {"category", "technical"}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('[colour]\n"a: b" = "c"\n', "colour: allowed are the tables [technical], [category]"),
        ('[category]\n"group: x" = "y"\n', "'y' is no label of this desk"),
        ('[category]\n"x" = "network"\n', "write it as it is listed"),
        ("category", "is no TOML"),
    ],
)
def test_a_wrong_map_says_what_is_allowed(tmp_path: Path, document: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(document, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_meanings(path, {**QUESTIONS, "category": ("network",)})
    assert words in str(caught.value)


def test_everything_that_is_wrong_is_named_with_its_place_and_nothing_comes_in(
    tmp_path: Path, capsys: Captured
) -> None:
    folder = a_folder(tmp_path / "config")
    wrong = [
        a_zendesk_ticket(35),
        a_zendesk_ticket(36, created_at="yesterday"),
        a_zendesk_ticket(37, requester_id=None),
        a_zendesk_ticket(38, comments=[a_zendesk_comment(1, 1, "x", created_at=None, public="maybe")]),
    ]
    export = write_zendesk(tmp_path / "old", wrong)
    said = complaint(folder, capsys, "import", str(export))
    assert "Nothing was imported: 4 in old to be put right" in said
    assert "tickets.ndjson, line 2 (ticket 36): created_at: 'yesterday' is no time" in said
    assert "line 3 (ticket 37): neither requester_id nor requester says who asked" in said
    assert "line 4 (ticket 38), comment 1: created_at is missing" in said
    assert "comment 1: public: true or false was expected, and not 'maybe'" in said
    assert not list(tmp_path.glob("**/maild.db"))
    with (export / "tickets.ndjson").open("a") as file:
        file.write('{"id": 39, "subject"; 1}\n')
    assert "tickets.ndjson, line 5: no JSON: Expecting" in refused(export)


def test_files_that_miss_or_are_cut_short_are_named(tmp_path: Path) -> None:
    export = write_zendesk(tmp_path / "users", [a_zendesk_ticket(35)])
    (export / "users.ndjson").unlink()
    assert "there are no users in the export; put users.json" in refused(export)
    alone = write_json(tmp_path / "alone" / "conversations.json", [{"id": 1, "body": "x", "incoming": True}])
    assert "it names no ticket (ticket_id), nor does the file's name" in refused(alone.parent, "freshdesk")
    assert "there is no ticket in it" in refused(write_json(tmp_path / "none.json", {"groups": []}))
    half = write_json(tmp_path / "half.json", {"tickets": [a_zendesk_ticket(35)]})
    half.write_text(half.read_text("utf-8")[:200], "utf-8")
    with pytest.raises(Refused, match="ends in the middle; was the export or its copying cut short"):
        find_system(half)


def test_what_is_no_export_is_told_and_a_table_of_json_lines_stays_one(tmp_path: Path, capsys: Captured) -> None:
    folder, own = a_folder(tmp_path / "config"), tmp_path / "own.toml"
    own.write_text("", "utf-8")
    path = write_json(tmp_path / "x.json", {"weather": "rain"})
    assert "the JSON of another system (--from)" in complaint(folder, capsys, "import", str(path))
    assert "allowed are zendesk" in complaint(folder, capsys, "import", str(path), "--from", "notes", status=2)
    assert "this is none" in complaint(folder, capsys, "import", str(path), "--map", str(own), status=2)
    table = tmp_path / "old.jsonl"
    table.write_text('{"requester": "ana@client.example", "subject": "VPN", "text": "It is down."}\n', "utf-8")
    assert find_system(table) is None
    maild(folder, "import", str(write_freshdesk_api(tmp_path / "api")), "--dry-run")
    shown = capsys.readouterr().out
    assert "3 of 3 mails would come in" in shown
    assert "note: 1 attachments are not in the export" in shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = {
    "zendesk": (*a_zendesk_ticket(1), "comments", "requester", "group", "metadata", "assignee"),
    "freshdesk": (*FRESHDESK_API_TICKET, "notes", "conversations", "custom_field", "display_id"),
}


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_json_whatever_breaks_the_reading(tmp_path: Path, data: st.DataObject) -> None:
    system = data.draw(st.sampled_from(sorted(SYSTEMS)))
    usual: dict[str, Any] = (
        a_zendesk_ticket(1, comments=a_zendesk_conversation()) if system == "zendesk" else {**FRESHDESK_API_TICKET}
    )
    for key in data.draw(st.lists(st.sampled_from(KEYS[system]), max_size=3)):
        usual[key] = data.draw(JSON)
    page = data.draw(st.sampled_from(["tickets", "ticket", "comments", "users", None]))
    document = usual if page is None else {page: [usual, data.draw(JSON)], "users": [data.draw(JSON)]}
    path = tmp_path / "1.json"
    path.write_text(json.dumps(document), "utf-8")
    try:
        opened(path, system)
    except Refused as error:
        assert "Nothing was imported" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize("tags", [1, True, 0.5, {"name": "vpn"}])
def test_tags_that_are_no_list_are_no_tags(tmp_path: Path, tags: object) -> None:
    path = tmp_path / "1.json"
    path.write_text(json.dumps([{**FRESHDESK_API_TICKET, "tags": tags}]), "utf-8")
    assert opened(path, "freshdesk")
