from datetime import timedelta

from maild.store.engine import Connection, Store
from maild.store.outgoing import outbox as rows
from tests.outboxes import Notes, a_mail, an_outbox, now, put, row, running, states, wait_until
from tests.servers.script import ANYBODY, Step
from tests.servers.smtp import SmtpServer


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
