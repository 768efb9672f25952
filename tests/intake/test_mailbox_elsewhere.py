"""The story of a mailbox on another make of server: the one in memory that the demo runs."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from maild.demo.sandbox import Sandbox
from maild.store.engine import Store
from tests.servers.dovecot import PASSWORD, Dovecot, until
from tests.support.watched import Watched, a_mail

DESK = "desk@acme.example"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(password=PASSWORD) as running:
        running.open(DESK)
        yield running


@pytest.fixture
def watched(sandbox: Sandbox, dovecot: Dovecot, store: Store) -> Watched:
    watched = Watched(dovecot, store, DESK)
    # This make does not announce what came between the last look and IDLE: that is what polling is for.
    watched.settings = replace(watched.settings, host=sandbox.host, port=sandbox.imap_port, poll_seconds=1.0)
    return watched


def submit(sandbox: Sandbox, number: int) -> None:
    with smtplib.SMTP(sandbox.host, sandbox.smtp_port, timeout=60) as client:
        client.sendmail("a@client.example", [DESK], a_mail(number))


@pytest.mark.parametrize("after", ["move", "flag", "leave"])
def test_mail_is_stored_and_marked(sandbox: Sandbox, watched: Watched, after: str) -> None:
    watched.settings = replace(watched.settings, after=after)
    with watched.running(watched.watch()):
        watched.until_well()
        for number in (1, 2, 3):
            submit(sandbox, number)
            watched.until_stored(number)
            watched.take_in()
        until(lambda: all(row.marked_at for row in watched.rows), "the mails were not marked")
        assert watched.trouble is None


def test_an_empty_mailbox_is_watched(watched: Watched) -> None:
    assert watched.watch().take_over_once() == 0
