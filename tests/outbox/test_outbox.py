import asyncio
import logging
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.doors.credential import Password
from maild.doors.smtp import SmtpDoor
from maild.errors import NotFound, Unavailable
from maild.outbox import Schedule
from maild.outbox.claims import Claims
from maild.outbox.watching import LOOK_SECONDS, Watch
from maild.outbox.worker import Worker
from maild.store.engine import Store
from tests.servers.ports import closed_port
from tests.servers.script import ACCEPT_AND_DROP, ANYBODY, DROP, Step
from tests.servers.smtp import SmtpServer
from tests.support.outboxes import DESK, Notes, a_mail, an_outbox, now, put, row, running, states, wait_until

SOON = Schedule(pauses=(timedelta(milliseconds=1),))
NEVER = 600.0
"""Seconds: longer than any test."""


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


def test_a_server_that_does_not_relay_for_us_bounces_nobody_and_stops_nobody_else(
    store: Store, smtp_server: SmtpServer
) -> None:
    clients = [a_mail(recipient=f"{name}@client.test") for name in "abc"]
    denied = Step(at="rcpt", answer="554 5.7.1 Relay access denied", times=1)
    for mail in clients:
        smtp_server.script.add(mail.recipient, denied)
    put(store, *clients, a_mail(recipient="lead@acme.test"))
    notes = Notes()
    came_to = an_outbox(store, smtp_server.port, schedule=SOON, note=notes).submit_due_once()
    assert (came_to.deferred, came_to.sent, came_to.bounced, came_to.trouble) == (3, 4, 0, None)
    assert notes.notes == []


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
    with closed_port() as port, caplog.at_level(logging.INFO, "maild"):
        outbox = an_outbox(store, port)
        with running(outbox):
            wait_until(lambda: outbox.trouble is not None)
    assert (row(store, number).state, row(store, number).attempts) == ("due", 0)
    assert [record.message for record in caplog.records] == ["outbox stands still"]


def test_whoever_is_stopped_with_a_mail_in_hand_does_not_say_that_the_outbox_goes_on(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    (number,) = put(store, a_mail())

    async def stop_between(workers: list[Worker], claims: Claims, _: threading.Event) -> None:
        outbox._report(Unavailable("the server is gone"))
        serving = asyncio.create_task(outbox._serve(workers[0], Watch(claims, threading.Event(), now)))
        await asyncio.sleep(0)  # until it claims
        workers[0].is_stopping = True
        await serving

    with closed_port() as port, caplog.at_level(logging.INFO, "maild"):
        outbox = an_outbox(store, port)
        asyncio.run(outbox._run(threading.Event(), stop_between))
    assert (row(store, number).state, row(store, number).attempts) == ("due", 0)
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
    doors: list[SmtpDoor] = []
    began = time.monotonic()
    with closed_port() as port:

        def counted_door() -> SmtpDoor:
            doors.append(SmtpDoor(host="127.0.0.1", port=port, security="none"))
            return doors[-1]

        with running(an_outbox(store, port, door_factory=counted_door)):
            wait_until(lambda: len(doors) >= 6)
    # One each for three connections, and one more for each after every pause, which are seconds.
    assert len(doors) <= 6 + 3 * (time.monotonic() - began)


def test_a_process_that_does_not_reach_the_server_keeps_no_mail_from_others(
    store: Store, smtp_server: SmtpServer
) -> None:
    doors: list[SmtpDoor] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def counted_door() -> SmtpDoor:
            port, patience = silent.getsockname()[1], timedelta(seconds=0.5)
            doors.append(SmtpDoor(host="127.0.0.1", port=port, security="none", timeout=patience))
            return doors[-1]

        cut_off = an_outbox(store, 0, holder="cut off", connections=1, door_factory=counted_door)
        with running(cut_off):
            put(store, a_mail())
            wait_until(lambda: cut_off.trouble is not None)
            (second,) = put(store, a_mail())

            def has_tried_again() -> bool:
                assert row(store, second).lease_holder is None
                return len(doors) >= 3  # the first, one after the failure, and one more after the next

            wait_until(has_tried_again)
            assert an_outbox(store, smtp_server.port).submit_due_once().sent == 2


def test_a_new_mail_goes_out_at_once(store: Store, smtp_server: SmtpServer) -> None:
    with running(an_outbox(store, smtp_server.port)):
        put(store, a_mail())
        wait_until(lambda: states(store) == ["sent"])
        put(store, a_mail())
        wait_until(lambda: states(store) == ["sent", "sent"], limit_seconds=LOOK_SECONDS * 0.9)


def test_one_mail_now_and_then_needs_one_connection(store: Store, smtp_server: SmtpServer) -> None:
    with running(an_outbox(store, smtp_server.port, connections=1)):
        for number in range(1, 6):
            put(store, a_mail())
            wait_until(lambda count=number: states(store) == ["sent"] * count)  # type: ignore[misc]
    assert smtp_server.sessions == 1


def test_a_slow_recipient_holds_up_nobody_else(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add("slow@client.test", Step(at="rcpt", seconds=NEVER))
    put(store, a_mail(recipient="slow@client.test"))
    with running(an_outbox(store, smtp_server.port)):
        wait_until(lambda: "RCPT slow@client.test" in smtp_server.commands)
        put(store, a_mail())
        wait_until(lambda: states(store)[1] == "sent")
    assert states(store)[0] == "due"


def test_two_outboxes_on_one_store_send_each_mail_once(store: Store, smtp_server: SmtpServer) -> None:
    mails = [a_mail() for _ in range(60)]
    put(store, *mails)
    with (
        running(an_outbox(store, smtp_server.port, holder="one")),
        running(an_outbox(store, smtp_server.port, holder="two")),
    ):
        wait_until(lambda: set(states(store)) == {"sent"})
    assert sorted(mail.message_id for mail in smtp_server.accepted) == sorted(mail.message_id for mail in mails)


def test_a_mail_that_another_connection_has_taken_over_meanwhile_is_not_put_off_by_the_slow_one(
    store: Store, smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    in_hand = threading.Event()

    def is_settled_by_the_slow_one() -> bool:
        in_hand.set()
        return "mail settled by somebody else" in caplog.text or states(store)[0] == "deferred"

    late = Step(at="rcpt", answer="451 4.7.1 come later", until=in_hand.is_set, times=1)
    smtp_server.script.add("slow@client.test", late, Step(at="content", until=is_settled_by_the_slow_one, times=1))
    put(store, a_mail(recipient="slow@client.test"))
    with running(an_outbox(store, smtp_server.port, schedule=SOON)):
        wait_until(lambda: "RCPT slow@client.test" in smtp_server.commands)
        ended = "UPDATE outbox SET lease_until = '2026-01-01 00:00:00.000000'"
        store.transact(lambda connection: connection.execute(text(ended)).rowcount)
        put(store, a_mail())
        wait_until(lambda: set(states(store)) == {"sent"})
    assert [mail.recipients for mail in smtp_server.accepted].count(("slow@client.test",)) == 1


def test_a_password_that_was_put_right_is_used_without_a_restart(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("wrong")
    with SmtpServer(login=("desk", "right")) as server:

        def credentials() -> Password:
            return Password(secret.read_text())

        def open_door() -> SmtpDoor:
            return SmtpDoor(
                host="127.0.0.1", port=server.port, security="none", username="desk", credentials=credentials
            )

        outbox = an_outbox(store, server.port, door_factory=open_door)
        put(store, a_mail())
        with running(outbox):
            wait_until(lambda: outbox.trouble is not None)
            secret.write_text("right")
            wait_until(lambda: states(store) == ["sent"])
