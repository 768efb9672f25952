import threading
from datetime import timedelta

from sqlalchemy import update

from maild.store.engine import Connection, Store
from maild.store.outgoing import outbox as rows
from maild.store.tables import outbox as outbox_table
from tests.servers.script import ANYBODY, Step
from tests.servers.smtp import SmtpServer
from tests.support.outboxes import NOW, Notes, a_mail, an_outbox, now, put, row, running, states, wait_until

NEVER = timedelta(minutes=10)
"""Longer than any test."""


def test_a_stop_waits_for_content_that_is_under_way(store: Store, smtp_server: SmtpServer) -> None:
    is_stopping = threading.Event()
    smtp_server.script.add(ANYBODY, Step(at="content", until=is_stopping.is_set, seconds=0.3))
    put(store, a_mail())
    with running(an_outbox(store, smtp_server.port, grace=NEVER)):
        wait_until(lambda: bool(smtp_server.accepted))
        is_stopping.set()
    assert states(store) == ["sent"]


def test_a_stop_gives_back_what_was_only_claimed(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="rcpt", seconds=NEVER.total_seconds()))
    numbers = put(store, *[a_mail() for _ in range(5)])
    with running(an_outbox(store, smtp_server.port)):
        wait_until(lambda: len(smtp_server.commands) >= 2)
    assert set(states(store)) == {"due"}
    assert all(row(store, number).attempts == 0 for number in numbers)


def test_a_stop_does_not_wait_for_ever_for_an_answer(store: Store, smtp_server: SmtpServer) -> None:
    smtp_server.script.add(ANYBODY, Step(at="content", seconds=NEVER.total_seconds()))
    put(store, a_mail())
    outbox = an_outbox(store, smtp_server.port, grace=timedelta(seconds=0.3))
    with running(outbox):
        wait_until(lambda: states(store) == ["sending"])
    assert states(store) == ["uncertain"]


def test_a_mail_whose_process_vanished_in_the_middle_is_uncertain(store: Store, smtp_server: SmtpServer) -> None:
    (number,) = put(store, a_mail())

    def vanish(connection: Connection) -> None:
        rows.claim_due(connection, holder="vanished", lease=NEVER, limit=1, now=now())
        rows.sending(number, holder="vanished", lease=timedelta(seconds=0.2))(connection)

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
    (number,) = put(store, a_mail())
    is_over = threading.Event()
    smtp_server.script.add(ANYBODY, Step(at="rcpt", until=is_over.is_set, times=1))

    def end_the_claim() -> None:
        wait_until(lambda: smtp_server.commands[-1:] == ["RCPT bo@client.test"])
        ended = update(outbox_table).where(outbox_table.c.id == number).values(lease_until=NOW)
        store.transact(lambda connection: connection.execute(ended).rowcount)
        is_over.set()

    ending = threading.Thread(target=end_the_claim)
    ending.start()
    assert an_outbox(store, smtp_server.port, connections=1).submit_due_once().sent == 1
    ending.join()
    # The first envelope came to nothing; the second, under a new claim, carried the mail.
    assert smtp_server.commands.count("RCPT bo@client.test") == 2
    assert len(smtp_server.accepted) == 1
