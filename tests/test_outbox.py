import logging
import socket
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.doors.smtp import SmtpDoor
from maild.errors import Bounced, Deferred, NotFound, Refused, Unavailable, Uncertain
from maild.outbox import Schedule
from maild.outbox.fate import decide_fate
from maild.store import outbox as rows
from maild.store.engine import Connection, Store
from tests.outboxes import DESK, NOW, Notes, a_mail, an_outbox, now, put, row, running, states, wait_until
from tests.servers.script import ACCEPT_AND_DROP, ANYBODY, DROP, Step
from tests.servers.smtp import SmtpServer

SOON = Schedule(pauses=(timedelta(milliseconds=1),))


def test_all_that_is_due_is_submitted_once_and_sent(store: Store, smtp_server: SmtpServer) -> None:
    mails = [a_mail(recipient=f"c{number}@client.test") for number in range(30)]
    put(store, *mails)
    came_to = an_outbox(store, smtp_server.port).submit_due_once()
    assert (came_to.sent, came_to.trouble) == (30, None)
    assert set(states(store)) == {"sent"}
    assert sorted(mail.content for mail in smtp_server.accepted) == sorted(mail.content for mail in mails)


def test_a_second_round_has_nothing_to_do(store: Store, smtp_server: SmtpServer) -> None:
    put(store, a_mail())
    outbox = an_outbox(store, smtp_server.port)
    outbox.submit_due_once()
    assert outbox.submit_due_once().sent == 0
    assert len(smtp_server.accepted) == 1


def test_the_row_keeps_the_words_of_the_server(store: Store, smtp_server: SmtpServer) -> None:
    (number,) = put(store, a_mail())
    an_outbox(store, smtp_server.port).submit_due_once()
    assert row(store, number).answer == "250 2.0.0 accepted"


def test_what_is_due_later_stays(store: Store, smtp_server: SmtpServer) -> None:
    put(store, a_mail(due_at=now() + timedelta(hours=1)))
    an_outbox(store, smtp_server.port).submit_due_once()
    assert states(store) == ["due"]
    assert smtp_server.sessions == 0


def test_a_recipient_refused_for_good_is_bounced_and_noted_on_the_ticket(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add("gone@client.test", Step(at="rcpt", answer="550 5.1.1 no such user"))
    gone, _ = put(store, a_mail(recipient="gone@client.test"), a_mail())
    notes = Notes()
    an_outbox(store, smtp_server.port, note=notes).submit_due_once()
    assert states(store) == ["bounced", "sent"]
    assert notes.notes == [(gone, "bounced", "550 5.1.1 no such user")]


def test_greylisting_is_answered_by_patience(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="rcpt", answer="451 4.7.1 greylisted", times=3))
    put(store, a_mail())
    with running(an_outbox(store, smtp_server.port, schedule=SOON)):
        wait_until(lambda: states(store) == ["sent"])
    assert len(smtp_server.accepted) == 1


def test_a_refusal_for_now_is_deferred_by_the_schedule(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="content", answer="452 4.3.1 disk full"))
    (number,) = put(store, a_mail())
    an_outbox(store, smtp_server.port).submit_due_once()
    deferred = row(store, number)
    assert (deferred.state, deferred.answer, deferred.lease_holder) == ("deferred", "452 4.3.1 disk full", None)


@pytest.mark.parametrize("answer", [DROP, ACCEPT_AND_DROP])
def test_a_mail_of_unknown_fate_is_uncertain_and_never_repeated(
    store: Store, smtp_server: SmtpServer, answer: str
) -> None:
    smtp_server.script.add(ANYBODY, Step(at="content", answer=answer, times=1))
    (number,) = put(store, a_mail())
    notes = Notes()
    outbox = an_outbox(store, smtp_server.port, note=notes)
    outbox.submit_due_once()
    outbox.submit_due_once()
    assert states(store) == ["uncertain"]
    assert [note[:2] for note in notes.notes] == [(number, "uncertain")]
    assert len(smtp_server.accepted) == (answer == ACCEPT_AND_DROP)


def test_a_note_that_fails_is_told_in_the_log_and_loses_no_fate(
    store: Store, smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    smtp_server.script.add("gone@client.test", Step(at="rcpt", answer="550 5.1.1 no"))
    put(store, a_mail(recipient="gone@client.test"), *[a_mail() for _ in range(20)])

    def broken_note(*_: Any) -> None:
        raise NotFound("no such ticket")

    an_outbox(store, smtp_server.port, note=broken_note).submit_due_once()
    assert states(store) == ["bounced", *["sent"] * 20]
    assert "ticket not told what became of its mail" in caplog.messages


def test_our_own_refused_address_bounces_nobody(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(DESK, Step(at="mail", answer="553 5.7.1 not yours"))
    put(store, a_mail(), a_mail(), a_mail())
    came_to = an_outbox(store, smtp_server.port).submit_due_once()
    assert set(states(store)) <= {"due", "deferred"}
    assert came_to.trouble is not None
    assert DESK in came_to.trouble


def test_a_dead_server_leaves_everything_due_and_is_told_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    (number,) = put(store, a_mail())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    outbox = an_outbox(store, port)
    with caplog.at_level(logging.INFO, "maild"), running(outbox):
        wait_until(lambda: outbox.trouble is not None)
        wait_until(lambda: row(store, number).state == "due")
    assert row(store, number).attempts == 0
    assert [record.message for record in caplog.records] == ["outbox stands still"]


def test_mail_goes_out_when_the_server_comes_back(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.stop()
    put(store, a_mail())
    outbox = an_outbox(store, smtp_server.port)
    with running(outbox):
        wait_until(lambda: outbox.trouble is not None)
        smtp_server.start()
        wait_until(lambda: states(store) == ["sent"])
        wait_until(lambda: outbox.trouble is None)


def test_a_dead_server_costs_no_busy_loop(store: Store) -> None:
    put(store, *[a_mail() for _ in range(20)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    attempts: list[float] = []

    def counted_door() -> SmtpDoor:
        attempts.append(time.monotonic())
        return SmtpDoor(host="127.0.0.1", port=port, security="none")

    with running(an_outbox(store, port, door_factory=counted_door)):
        wait_until(lambda: len(attempts) >= 4)
    assert len(attempts) <= 8


def test_a_new_mail_goes_out_at_once(store: Store, smtp_server: SmtpServer) -> None:
    with running(an_outbox(store, smtp_server.port)):
        put(store, a_mail())
        wait_until(lambda: states(store) == ["sent"])
        began = time.monotonic()
        put(store, a_mail())
        wait_until(lambda: states(store) == ["sent", "sent"])
        assert time.monotonic() - began < 5


def test_one_mail_now_and_then_needs_one_connection(store: Store, smtp_server: SmtpServer) -> None:
    with running(an_outbox(store, smtp_server.port, connections=1)):
        for number in range(1, 6):
            put(store, a_mail())
            wait_until(lambda count=number: states(store) == ["sent"] * count)  # type: ignore[misc]
    assert smtp_server.sessions == 1


def test_a_slow_recipient_holds_up_nobody_else(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add("slow@client.test", Step(at="rcpt", seconds=60))
    put(store, a_mail(recipient="slow@client.test"))
    with running(an_outbox(store, smtp_server.port)):
        wait_until(lambda: "RCPT slow@client.test" in smtp_server.commands)
        put(store, a_mail())
        wait_until(lambda: states(store)[1] == "sent", limit_seconds=4)
    assert states(store)[0] == "due"


def test_a_stop_waits_for_content_that_is_under_way(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="content", seconds=1.5))
    put(store, a_mail())
    with running(an_outbox(store, smtp_server.port)):
        wait_until(lambda: states(store) == ["sending"])
    assert states(store) == ["sent"]


def test_a_stop_gives_back_what_was_only_claimed(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="rcpt", seconds=60))
    numbers = put(store, *[a_mail() for _ in range(5)])
    with running(an_outbox(store, smtp_server.port), limit_seconds=5):
        wait_until(lambda: len(smtp_server.commands) >= 2)
    assert set(states(store)) == {"due"}
    assert all(row(store, number).attempts == 0 for number in numbers)


def test_a_stop_does_not_wait_for_ever_for_an_answer(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="content", seconds=60))
    put(store, a_mail())
    outbox = an_outbox(store, smtp_server.port, grace=timedelta(seconds=0.3))
    with running(outbox, limit_seconds=5):
        wait_until(lambda: states(store) == ["sending"])
    assert states(store) == ["uncertain"]


def test_a_mail_whose_process_vanished_in_the_middle_is_uncertain(store: Store, smtp_server: SmtpServer) -> None:
    (number,) = put(store, a_mail())
    lease = timedelta(seconds=0.2)

    def vanish(connection: Connection) -> None:
        rows.claim_due(connection, holder="vanished", lease=lease, limit=1, now=now())
        rows.begin_sending(connection, [number], holder="vanished", lease=lease)

    store.transact(vanish)
    notes = Notes()
    outbox = an_outbox(store, smtp_server.port, note=notes)
    wait_until(lambda: outbox.submit_due_once().sent == 0 and states(store) == ["uncertain"])
    assert [note[:2] for note in notes.notes] == [(number, "uncertain")]
    assert smtp_server.accepted == []


def test_a_mail_that_was_only_claimed_by_a_vanished_process_is_submitted(store: Store, smtp_server: SmtpServer) -> None:
    put(store, a_mail())
    lease = timedelta(seconds=0.2)
    store.transact(lambda connection: rows.claim_due(connection, holder="vanished", lease=lease, limit=1, now=now()))
    outbox = an_outbox(store, smtp_server.port)
    wait_until(lambda: outbox.submit_due_once().sent == 1)
    assert len(smtp_server.accepted) == 1


def test_content_is_never_handed_over_under_a_claim_that_has_ended(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="rcpt", seconds=0.5, times=1))
    put(store, a_mail())
    outbox = an_outbox(store, smtp_server.port, connections=1, claim_lease=timedelta(seconds=0.2))
    assert outbox.submit_due_once().sent == 1
    # The first envelope came to nothing; the second, under a new claim, carried the mail.
    assert smtp_server.commands.count("RCPT bo@client.test") == 2
    assert len(smtp_server.accepted) == 1


def test_two_outboxes_on_one_store_send_each_mail_once(store: Store, smtp_server: SmtpServer) -> None:
    mails = [a_mail() for _ in range(60)]
    put(store, *mails)
    with (
        running(an_outbox(store, smtp_server.port, holder="one")),
        running(an_outbox(store, smtp_server.port, holder="two")),
    ):
        wait_until(lambda: set(states(store)) == {"sent"})
    assert sorted(mail.message_id for mail in smtp_server.accepted) == sorted(mail.message_id for mail in mails)


def test_a_password_that_was_put_right_is_used_without_a_restart(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("wrong")
    with SmtpServer(login=("desk", "right")) as server:

        def open_door() -> SmtpDoor:
            password = secret.read_text()
            return SmtpDoor(host="127.0.0.1", port=server.port, security="none", username="desk", password=password)

        outbox = an_outbox(store, server.port, door_factory=open_door)
        put(store, a_mail())
        with running(outbox):
            wait_until(lambda: outbox.trouble is not None)
            secret.write_text("right")
            wait_until(lambda: states(store) == ["sent"])


DUE = rows.Due(
    id=1,
    ticket_id=None,
    kind="reminder",
    recipient="a@b.test",
    envelope_from=DESK,
    message_id="<1@b>",
    content=b"",
    created_at=NOW,
    attempts=3,
)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("250 ok", "sent"),
        (Bounced("550 no"), "bounced"),
        (Uncertain("gone"), "uncertain"),
        (Deferred("451 later"), "deferred"),
        (Unavailable("our trouble"), "deferred"),
        (Refused("whatever"), "deferred"),
    ],
)
def test_each_outcome_has_its_fate(outcome: str | Refused, state: str) -> None:
    assert decide_fate(DUE, outcome, schedule=Schedule(), now=NOW).state == state


@pytest.mark.parametrize(("refusal", "state"), [(Deferred("451 later"), "bounced"), (Unavailable("535 who?"), "held")])
def test_after_five_days_a_mail_is_given_up_but_never_bounced_for_our_own_trouble(refusal: Refused, state: str) -> None:
    fate = decide_fate(DUE, refusal, schedule=Schedule(), now=NOW + timedelta(days=5))
    assert fate.state == state
    assert str(refusal) in fate.answer


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (50, 240)])
def test_pauses_grow_up_to_four_hours(attempts: int, minutes: int) -> None:
    next_try_at = Schedule().next_try_at(attempts=attempts, created_at=NOW, now=NOW)
    assert next_try_at == NOW + timedelta(minutes=minutes)
