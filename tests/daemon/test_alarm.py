"""Somebody is told by mail when a mailbox cannot be opened, and once a day about one mailbox."""

from contextlib import suppress
from datetime import timedelta

import pytest

from maild.daemon.alarm import Alarm
from maild.errors import Deferred, Refused
from maild.store.engine import Store
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.support.intakes import look
from tests.support.making import NOON, some_rules
from tests.support.replies_making import a_voice
from tests.support.watched import LAST_YEAR, Watched


@pytest.fixture
def watched(own_dovecot: Dovecot, store: Store, imap_user: str) -> Watched:
    return Watched(own_dovecot, store, imap_user)


def test_each_lead_is_told_once_a_day(store: Store) -> None:
    rules = some_rules()
    for hours in (0, 1, 24):
        at = NOON + timedelta(hours=hours)
        alarm = Alarm(store=store, rules=rules, voice=a_voice(), clock=lambda at=at: at)  # type: ignore[misc]
        alarm(1, "support@acme.example@imap.acme.example:993/INBOX", "refused:\r\n 'x' <b>hello</b>")
    rows = look(store, "SELECT recipient, kind, audience, subject, new_text FROM outbox ORDER BY id")
    assert len(rows) == 2 * len(rules.team.leads)
    recipient, kind, audience, subject, text = rows[0]
    assert (recipient, kind, audience) == (rules.team.leads[0].addresses[0], "alarm", "internal")
    assert "maild cannot open the mailbox support@acme.example" in str(subject)
    assert "refused: 'x' <b>hello</b>" in str(text)


def test_a_refused_log_in_alarms_once_and_a_server_that_is_away_does_not(watched: Watched) -> None:
    alarms: list[str] = []
    watched.begin(LAST_YEAR)
    passwords = iter(["wrong", "wrong", "wrong"])
    watch = watched.watch(
        password=lambda: next(passwords, PASSWORD), alarm=lambda _, __, because: alarms.append(because)
    )
    for _ in range(3):
        with suppress(Refused):
            watch.take_over_once()
    watch.take_over_once()
    watched.server.stop()
    with pytest.raises(Deferred):
        watch.take_over_once()
    assert len(alarms) == 1
    assert "refused the log-in" in alarms[0]
