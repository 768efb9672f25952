"""The past moves in: threads are found, nobody is mailed, and nothing comes in twice."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild import shipped
from maild.desk.past_arrival import Origin, PastArrival
from maild.desk.remembering import remember
from maild.errors import Refused
from maild.history.header_labels import HeaderLabels
from maild.history.line import Account, HistoryLine
from maild.history.opening import open_archive
from maild.history.past_table import PastTable
from maild.intake.classifying import Classifying
from maild.mail.message import Limits
from maild.mail.pool import ParsingPool
from maild.process.past import Ours
from maild.process.questions import questions_of
from maild.process.ticket import Outcome
from maild.process.trust import TrustMethod
from maild.store.engine import Connection, Store
from maild.store.models.labels import read_examples
from tests.support.desks import Desk
from tests.support.intakes import look
from tests.support.making import NOON, a_mail, some_rules
from tests.support.past_mails import BEGIN, DESK, a_past_mail, a_past_thread, past_threads, write_maildir, write_mbox

RULES = some_rules()
QUESTIONS = questions_of(RULES.categories, RULES.priorities, RULES.team)
LATEST = NOON + timedelta(days=1)
SILENT = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM deadlines)"

Bring = Callable[..., Account]


@pytest.fixture(scope="module")
def classifying_pool() -> Iterator[ParsingPool]:
    """As the command has it: it parses and classifies, and gathers nothing."""
    classifying = Classifying(folder=shipped.folder("models"), error_budget=0.05, categories=None, own_lists=())
    with ParsingPool(Limits(), ("en", "de", "fr", "es"), then=classifying) as started:
        yield started


@pytest.fixture
def bring(store: Store, classifying_pool: ParsingPool) -> Bring:
    """Move a path in, all of it."""

    def bring(
        path: Path,
        *,
        headers: dict[str, str] | None = None,
        further: tuple[str, ...] = (),
        is_stopped: Callable[[], bool] = lambda: False,
        **how: Any,
    ) -> Account:
        line = HistoryLine(
            store=store,
            known=store,
            pool=classifying_pool,
            limits=how.pop("limits", Limits()),
            origin=Origin(ours=Ours(rules=RULES, further=frozenset(further)), said_by="the test", now=NOON),
            header_labels=HeaderLabels(headers=headers or {}, questions=QUESTIONS, renamed=how.get("renamed", {})),
            undated_at=NOON,
        )
        table = PastTable(
            path=path, desk=DESK, questions=QUESTIONS, latest=LATEST, zone=ZoneInfo("Europe/Berlin"), **how
        )
        archive = open_archive(path, table.open, latest=LATEST, tell=lambda *_: None)
        return line.bring_in(archive, lambda *_: None, is_stopped)

    return bring


def test_a_thread_is_one_closed_ticket_with_its_dates(store: Store, bring: Bring, tmp_path: Path) -> None:
    account = bring(write_mbox(tmp_path / "old", past_threads(3)))
    assert account.outcomes == {"ticket": 3, "follow_up": 6, "relay": 3}
    tickets = look(store, "SELECT status, client, subject, next_update_due_at, assignee FROM tickets ORDER BY id")
    subject = "The VPN does not connect since this morning (0)"
    assert tickets[0] == ("closed", "client0@c0.example", subject, None, None)
    events = look(store, "SELECT event, actor, at FROM events WHERE ticket_id = 1 ORDER BY id")
    assert [(event, actor) for event, actor, _ in events] == [
        ("imported", "client0@c0.example"),
        ("tsm_answered", DESK),
        ("client_replied", "client0@c0.example"),
        ("client_replied", "client0@c0.example"),
    ]
    assert str(events[1][2]).startswith("2024-02-05 09:00:00")


def test_nobody_is_mailed_nothing_is_owed_and_nothing_waits(store: Store, bring: Bring, tmp_path: Path) -> None:
    bring(write_maildir(tmp_path / "old", past_threads(2)))
    assert look(store, SILENT) == [(0,)]
    assert look(store, "SELECT count(*) FROM mails WHERE outcome IS NULL OR marked_at IS NULL") == [(0,)]


def test_what_is_moved_in_again_is_there_already(store: Store, bring: Bring, tmp_path: Path) -> None:
    bring(write_mbox(tmp_path / "first", past_threads(2)))
    again = bring(write_mbox(tmp_path / "again", past_threads(3)))
    assert (again.there, again.outcomes) == (8, {"ticket": 1, "follow_up": 2, "relay": 1})
    assert look(store, "SELECT count(*) FROM mails") == [(12,)]


def test_what_is_stopped_goes_on_where_it_was(store: Store, bring: Bring, tmp_path: Path) -> None:
    path = write_mbox(tmp_path / "old", past_threads(30))
    assert bring(path, is_stopped=lambda: True).through == 50
    assert look(store, "SELECT count(*) FROM mails") == [(50,)]
    again = bring(path)
    assert (again.there, again.through) == (50, 120)
    assert look(store, "SELECT count(*) FROM tickets") == [(30,)]


def test_the_same_mail_by_another_way_is_a_duplicate_and_no_ticket(store: Store, bring: Bring, tmp_path: Path) -> None:
    source = a_past_thread(0)[0]
    bring(write_mbox(tmp_path / "first", [source]))
    again = bring(write_mbox(tmp_path / "again", [b"Received: from elsewhere by here\n" + source]))
    assert again.outcomes == {"duplicate": 1}
    assert look(store, "SELECT count(*) FROM tickets") == [(1,)]


def test_a_later_answer_to_an_imported_ticket_opens_it_again_if_it_is_proven_and_else_a_linked_one(
    store: Store, bring: Bring, tmp_path: Path
) -> None:
    bring(write_mbox(tmp_path / "old", past_threads(1)))
    client = replace(a_mail().author, address="client0@c0.example")  # type: ignore[type-var]
    answer = a_mail(author=client, message_id="<new@c0.example>", in_reply_to=("<0.1@past.example>",))
    claimed = Desk(store, RULES).arrive(answer)
    assert (claimed.outcome.value, claimed.link_to) == ("ticket", 1)
    vouching = replace(RULES, trust=TrustMethod(method="header", value="X-Ours: yes"))
    proven = replace(answer, message_id="<newer@c0.example>", fingerprint="9" * 64, headers=(("x-ours", "yes"),))
    decision = Desk(store, vouching).arrive(proven)
    assert (decision.outcome.value, decision.ticket) == ("follow_up", 1)
    assert look(store, "SELECT status FROM tickets WHERE id = 1") == [("open",)]


def test_a_mail_of_the_past_that_comes_by_imap_too_is_known_again(store: Store, bring: Bring, tmp_path: Path) -> None:
    source = a_past_thread(0)[0]
    bring(write_mbox(tmp_path / "old", [source]))
    ((fingerprint, subject),) = look(store, "SELECT fingerprint, subject FROM mails")
    desk = Desk(store, RULES)
    mail = a_mail(fingerprint=fingerprint, message_id="<0.0@past.example>", subject=subject, written_at=BEGIN)
    assert desk.arrive(mail).outcome.value == "duplicate"
    assert desk.written() == []


def test_an_answer_that_comes_before_its_question_waits_for_it(store: Store, bring: Bring, tmp_path: Path) -> None:
    question, answer, *_ = a_past_thread(0)
    bring(write_mbox(tmp_path / "sent", [answer]))
    account = bring(write_mbox(tmp_path / "inbox", [question]))
    assert account.outcomes == {"follow_up": 1}
    assert look(store, "SELECT count(*), min(client) FROM tickets") == [(1, "client0@c0.example")]


def test_a_strangers_mail_is_linked_and_does_not_join(store: Store, bring: Bring, tmp_path: Path) -> None:
    stranger = a_past_mail(
        "eve@evil.example", DESK, "Re: VPN", "Me too.\n", BEGIN + timedelta(days=9), In_Reply_To="<0.0@past.example>"
    )
    account = bring(write_mbox(tmp_path / "old", [*past_threads(1), stranger]))
    assert account.outcomes["ticket"] == 2
    assert look(store, "SELECT kind FROM links WHERE ticket_id = 2") == [("speaks_of",)]


def test_colleagues_who_have_left_are_named_and_their_mails_are_answers(
    store: Store, bring: Bring, tmp_path: Path
) -> None:
    question, answer, *_ = a_past_thread(0)
    sources = [question, answer.replace(DESK.encode(), b"max@former.example")]
    assert bring(write_mbox(tmp_path / "old", sources), further=("@former.example",)).outcomes == {
        "ticket": 1,
        "relay": 1,
    }
    assert look(store, "SELECT count(*) FROM tickets") == [(1,)]


def test_machines_and_lists_become_no_tickets(store: Store, bring: Bring, tmp_path: Path) -> None:
    sources = [
        a_past_mail("news@x.example", DESK, "News", "Buy now\n", BEGIN, List_Unsubscribe="<https://x.example/>", List_Id="<n.x>", Precedence="bulk"),
        a_past_mail("a@x.example", DESK, "Away", "I am away\n", BEGIN, Auto_Submitted="auto-replied"),
        a_past_mail("lena@acme.example", "office@acme.example", "Lunch", "At noon?\n", BEGIN),
    ]  # fmt: skip
    assert bring(write_mbox(tmp_path / "old", sources)).outcomes == {"bulk": 1, "automatic": 1, "unrelated": 1}
    assert look(store, "SELECT count(*) FROM tickets") == [(0,)]


@pytest.mark.parametrize(("author", "is_read"), [("carl@client.example", True), (DESK, False)])
def test_what_a_client_forwarded_as_a_file_is_read_as_it_is_today(
    store: Store, bring: Bring, tmp_path: Path, author: str, is_read: bool
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = author, "carl@client.example" if author == DESK else DESK, "Fwd"
    mail.set_content("See attached.\n")
    mail.add_attachment(message_from_bytes(a_past_mail("bea@client.example", DESK, "Printer", "It jams.", BEGIN)))
    write_mbox(tmp_path / "old.mbox", [mail.as_bytes()])
    assert bring(tmp_path / "old.mbox").outcomes == {"ticket": 1}
    handed_on = "\n\nFrom: bea@client.example\nSubject: Printer\n\nIt jams." if is_read else ""
    assert look(store, "SELECT new_text FROM mails") == [(f"See attached.{handed_on}",)]


def test_what_cannot_be_read_is_left_out_with_its_place_and_reason(store: Store, bring: Bring, tmp_path: Path) -> None:
    deep = b"From: a@b.example\nSubject: x\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level) for level in range(60)
    )
    account = bring(write_mbox(tmp_path / "old", [*past_threads(1), deep]))
    assert (account.outcomes.total(), account.left_out) == (4, 1)
    assert "mail 5: The mail has parts within parts" in account.reasons[0]
    assert look(store, "SELECT count(*) FROM mails WHERE outcome = 'held'") == [(0,)]


def test_a_mail_over_the_limit_is_not_even_read(bring: Bring, tmp_path: Path) -> None:
    account = bring(write_mbox(tmp_path / "old", past_threads(1)), limits=Limits(source_bytes=100))
    assert (account.left_out, account.outcomes.total()) == (4, 0)
    assert "at most 100 are read" in account.reasons[0]


def test_labels_are_found_in_a_header_field(store: Store, bring: Bring, tmp_path: Path) -> None:
    source = a_past_mail("a@b.example", DESK, "VPN", "It is down\n", BEGIN, X_Queue='Inbox, "Netze", Urgent')
    path = write_mbox(tmp_path / "old", [source])
    renamed = {("category", "netze"): "network"}
    account = bring(path, headers={"x-queue": "category"}, renamed=renamed)
    assert account.unknown == {"category: Inbox": 1, "category: Urgent": 1}
    bring(path, headers={"x-queue": "category"}, renamed=renamed)
    with store.read() as connection:
        (text,) = read_examples(connection, "category")
    assert (text.label, text.said_by, text.said_at, text.source, text.ticket) == (
        "network",
        "the test",
        BEGIN,
        "import",
        1,
    )


TABLE = (
    "Ticket ID,Requester,Customer Name,Title,Description,Created,Category,Urgency,Squad\n"
    '17,ana@x.example,Ana "A" Ruiz,VPN,"It does not connect,\nsince today",2024-02-05 09:00,network,1,blue\n'
    "18,Bob <bob@y.example>,,Invoice,Where is it?,2024-02-06,billing,,red\n"
)


def test_a_table_of_tickets_is_moved_in_with_its_labels_and_dates(store: Store, bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE, "utf-8")
    assert bring(path).outcomes == {"ticket": 2}
    tickets = look(store, "SELECT client, client_name, category, urgency, subject, opened_at FROM tickets ORDER BY id")
    assert tickets[0][:5] == ("ana@x.example", "Ana A Ruiz", "network", 1, "VPN")
    assert str(tickets[0][5]).startswith("2024-02-05 08:00:00")
    with store.read() as connection:
        assert [(text.new_text, text.label) for text in read_examples(connection, "category")] == [
            ("It does not connect,\nsince today", "network"),
            ("Where is it?", "billing"),
        ]
    assert bring(path).there == 2
    assert look(store, "SELECT count(*) FROM labels") == [(3,)]


def test_the_answers_of_a_table_belong_to_their_tickets(store: Store, bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "id,email,title,body,created,solution,owner,closed,kind\n"
        "1,ana@x.example,VPN,It is down,2024-02-05,Restart the client.,lena lead,2024-02-06,incident\n"
        "2,bob@y.example,Mail,It is late,2024-02-05,,,,incident\n",
        "utf-8",
    )
    assert bring(path, columns={"kind": "-"}).outcomes == {"ticket": 2, "relay": 1}
    mails = look(store, "SELECT ticket_id, author, new_text FROM mails ORDER BY id")
    assert mails[:2] == [(1, "ana@x.example", "It is down"), (1, DESK, "Restart the client.")]
    ((event, at),) = look(store, "SELECT event, at FROM events WHERE event <> 'imported'")
    assert (event, str(at)[:10]) == ("tsm_answered", "2024-02-05")  # midnight in Berlin is the evening before in UTC
    assert bring(path, columns={"kind": "-"}).there == 3


def test_who_answered_then_and_is_there_now_has_solved_the_ticket(store: Store, bring: Bring, tmp_path: Path) -> None:
    question, answer, *_ = a_past_thread(0)
    for number, author in enumerate(
        (b"lena@acme.example", b"Lena Lead <support@acme.example>", b"Otto <support@acme.example>")
    ):
        replaced = [source.replace(b"<0.", b"<%d0." % number) for source in (question, answer)]
        replaced[1] = replaced[1].replace(DESK.encode(), author)
        bring(write_mbox(tmp_path / f"old{number}", replaced))
    assert look(store, "SELECT assignee FROM tickets ORDER BY id") == [("Lena Lead",), ("Lena Lead",), (None,)]


def test_a_table_with_mistakes_is_refused_whole_with_every_one(store: Store, bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE + "19,nobody,,x,y,soon,netwok,,\n", "utf-8")
    with pytest.raises(Refused) as refusal:
        bring(path)
    told = str(refusal.value)
    assert "3 in tickets.csv to be put right" in told
    assert "row 4, column requester: 'nobody' is no address" in told
    assert "row 4, column created: 'soon' is no time" in told
    assert "is network meant?" in told
    assert "--column category=- leaves the column out" in told
    assert look(store, "SELECT count(*) FROM mails") == [(0,)]


def test_a_table_whose_columns_are_called_otherwise_is_read_by_their_names(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("wer;was\nana@x.example;Der Drucker brennt\n", "utf-8")
    with pytest.raises(Refused, match=r"no column for client, text \(there are wer, was\)"):
        bring(path)
    assert bring(path, columns={"client": "wer", "text": "Was"}).outcomes == {"ticket": 1}


def test_a_mail_that_the_desk_fails_on_is_left_out_alone(
    bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remember_others(connection: Connection, arrival: PastArrival, origin: Origin) -> Outcome:
        if arrival.mail.message_id == "<1.2@past.example>":
            raise ZeroDivisionError
        return remember(connection, arrival, origin)

    monkeypatch.setattr("maild.history.line.remember", remember_others)
    account = bring(write_mbox(tmp_path / "old", past_threads(2)))
    assert (account.outcomes.total(), account.left_out) == (7, 1)
    assert "<1.2@past.example>: maild failed on it (ZeroDivisionError())" in account.reasons[0]


def test_rows_of_json_lines_are_asked_one_by_one_for_what_they_need(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "tickets.jsonl"
    path.write_text('{"from": "a@x.example", "body": "x"}\n{"body": "y"}\n{"client": "b@x.example"}\n', "utf-8")
    with pytest.raises(Refused) as refusal:
        bring(path)
    assert "row 2, column client: there is no client" in str(refusal.value)
    assert "row 3, column text: there is no text" in str(refusal.value)


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "\r\nBcc: victim@x.example\r\n\r\nx",
        "\u202egnp.exe",
        "=?utf-8?q?x=0d=0aBcc:_y@z.example?=",
        "x" * 70_000,
        "\ud800",
    ],
)
def test_hostile_cells_stay_words(store: Store, bring: Bring, tmp_path: Path, cell: str) -> None:
    path = tmp_path / "tickets.jsonl"
    rows = {"client": "ana@x.example", "client_name": cell, "subject": cell, "text": cell}
    path.write_text(json.dumps(rows), "utf-8")
    assert bring(path).outcomes == {"ticket": 1}
    assert look(store, "SELECT client, count(*) FROM tickets GROUP BY client") == [("ana@x.example", 1)]
    ((facts,),) = look(store, "SELECT facts FROM mails")
    assert "victim@" not in str(facts)
