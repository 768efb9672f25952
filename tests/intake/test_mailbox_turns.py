"""A mailbox in which many mails wait: who is fetched first, and that nobody is passed by."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from maild.doors.imap import ImapConnection
from maild.errors import Deferred
from maild.intake.backlog import Postponed, store_new
from maild.intake.fetching import Fetching
from maild.intake.turns import Turns
from maild.mail.message import Limits
from maild.process.rank import Rank
from maild.process.trust import TrustMethod
from maild.process.waiting.turns import Place
from maild.store.database.packing import unpack
from maild.store.engine import Store
from maild.store.tables import mails, sources
from tests.intake.test_line_turns import a_flood, vouched_for
from tests.servers.connections import Open
from tests.servers.dovecot import Dovecot
from tests.servers.imap_proxy import ImapProxy
from tests.stories.letters import a_letter
from tests.support.making import some_rules
from tests.support.watched import LAST_YEAR, Watched, now

GROUP = 5
VOUCHING = TrustMethod(method="header", value="X-Acme-Authenticated: yes")


@pytest.fixture
def watched(dovecot: Dovecot, store: Store, imap_user: str) -> Watched:
    made = Watched(dovecot, store, imap_user)
    made.begin(LAST_YEAR)
    return made


def turns(trust: TrustMethod | None = None) -> Turns:
    return Turns(
        rules=some_rules(trust=trust or TrustMethod(method="authserv_id", value="mx.acme.example")), group=GROUP
    )


def deliver(watched: Watched, *letters: bytes) -> None:
    for letter in letters:
        watched.server.deliver(watched.user, letter)


def stored_as(watched: Watched, words: bytes) -> int:
    """The place at which the mail with these words came into the store."""
    query = select(sources.c.content).join(mails, mails.c.digest == sources.c.digest).order_by(mails.c.id)
    with watched.store.read() as connection:
        stored = [unpack(content) for content in connection.scalars(query)]
    return next(place for place, source in enumerate(stored) if words in source)


def cursor(watched: Watched) -> int:
    assert watched.known is not None
    return watched.known.last_uid


def test_those_for_whom_something_speaks_are_fetched_before_the_rest_of_a_flood(watched: Watched) -> None:
    deliver(watched, *a_flood(60), vouched_for("ann@honest.example"), a_letter(From="bob@fair.example"))
    assert watched.watch(turns=turns()).take_over_once() == 62
    assert sorted(watched.uids) == list(range(1, 63))
    # Two commands bring the heads of all; one group is stored between them.
    assert GROUP <= stored_as(watched, b"ann@honest.example") < 3 * GROUP
    assert stored_as(watched, b"bob@fair.example") < 8 * GROUP
    assert cursor(watched) == 62
    assert watched.watch(turns=turns()).take_over_once() == 0


def test_a_field_that_only_our_server_adds_is_asked_for(watched: Watched) -> None:
    deliver(watched, *a_flood(30), a_letter(From="ann@honest.example", X_Acme_Authenticated="yes"))
    watched.watch(turns=turns(VOUCHING)).take_over_once()
    assert stored_as(watched, b"ann@honest.example") < GROUP


def test_few_mails_are_fetched_as_they_came(watched: Watched) -> None:
    deliver(watched, *a_flood(2 * GROUP - 1), vouched_for("ann@honest.example"))
    watched.watch(turns=turns()).take_over_once()
    assert watched.uids == list(range(1, 2 * GROUP + 1))


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("commits", [1, 2, 3, 6])
def test_a_process_that_is_killed_in_a_backlog_has_passed_nobody_by(watched: Watched, commits: int) -> None:
    deliver(watched, *a_flood(60), vouched_for("ann@honest.example"))
    asked: list[datetime] = []

    def clock() -> datetime:
        asked.append(now())
        if {*watched.uids} and len(watched.uids) >= commits * GROUP:
            raise Killed
        return asked[-1]

    with pytest.raises(Killed):
        watched.watch(turns=turns(), clock=clock).take_over_once()
    before = set(watched.uids)
    assert 0 < len(before) < 61
    waiting = set(range(1, 62)) - before
    assert cursor(watched) < min(waiting)
    watched.take_in()  # and what is taken in may be moved away meanwhile
    deliver(watched, a_letter(From="late@honest.example"))
    assert watched.watch(turns=turns()).take_over_once() == 62 - len(before)
    assert sorted(watched.uids) == list(range(1, 63))
    assert cursor(watched) == 62


def test_mail_that_is_too_old_or_larger_than_allowed_is_treated_as_ever(watched: Watched) -> None:
    watched.deliver(1, 2, at=datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
    deliver(watched, *a_flood(20), b"Subject: large\r\n\r\n" + b"x" * 40_000, vouched_for("ann@honest.example"))
    watched.watch(turns=turns(), limits=Limits(source_bytes=20_000)).take_over_once()
    assert sorted(watched.uids) == list(range(3, 25))
    assert [row.outcome for row in watched.rows if row.uid == 23] == ["held"]
    assert cursor(watched) == 24


class Looking:
    """Looks at the mailbox, as a watch does, on one connection."""

    def __init__(self, watched: Watched, connection: ImapConnection, group: int) -> None:
        self.watched, self.connection = watched, connection
        self.postponed = Postponed(turns=replace(turns(), group=group))
        self.breaks_at: int | None = None

    def look(self) -> int:
        """One look, after which the mailbox is marked."""
        fetching = Fetching(
            connection=self.connection,
            store=self.watched.store,
            source_bytes=1_000_000,
            keep_lease=lambda _: None,
            breaks=Counter(),
            clock=self.clock,
            is_stopped=lambda: False,
        )
        assert self.watched.known is not None
        return store_new(fetching, self.watched.known, self.connection.select("INBOX"), self.postponed)

    def clock(self) -> datetime:
        if self.breaks_at is not None and len(self.watched.uids) >= self.breaks_at:
            raise Deferred("the connection is lost")
        return now()


def test_a_look_ends_while_many_wait_so_that_what_is_taken_in_can_be_marked(
    watched: Watched, dovecot: Dovecot, open_inbox: Open
) -> None:
    deliver(watched, *a_flood(100), vouched_for("ann@honest.example"))
    looking = Looking(watched, open_inbox(dovecot), group=1)
    assert (looking.look(), looking.postponed.is_left) == (56, True)
    assert stored_as(watched, b"ann@honest.example") < 15
    assert cursor(watched) < min(set(range(1, 102)) - set(watched.uids))
    assert (looking.look(), looking.postponed.is_left) == (45, False)
    assert sorted(watched.uids) == list(range(1, 102))
    assert cursor(watched) == 101
    known = looking.postponed
    assert not any((known.queue.places, known.done, known.turns.line.given))


def test_in_a_flood_without_end_nothing_is_remembered_of_those_whom_the_cursor_has_passed(
    watched: Watched, dovecot: Dovecot, open_inbox: Open
) -> None:
    deliver(watched, *a_flood(160))
    looking = Looking(watched, open_inbox(dovecot), group=1)
    looking.look()
    passed = cursor(watched)
    looking.look()
    assert looking.postponed.is_left
    assert min(looking.postponed.done) > passed > 0


def test_a_first_look_that_is_continued_leaves_older_mail_alone_as_it_began(watched: Watched) -> None:
    watched.deliver(*range(1, 101), at=LAST_YEAR - timedelta(minutes=30))
    watched.deliver(101, at=LAST_YEAR + timedelta(minutes=1))
    assert watched.watch(turns=replace(turns(), group=1)).take_over_once() == 1
    assert watched.uids == [101]
    assert cursor(watched) == 101


def test_a_watch_looks_again_at_once_while_mail_is_left(watched: Watched) -> None:
    deliver(watched, *a_flood(100))
    assert watched.watch(turns=replace(turns(), group=1)).take_over_once() == 100
    assert cursor(watched) == 100


def test_a_watch_does_not_wait_for_its_next_poll_while_mail_is_left(watched: Watched) -> None:
    deliver(watched, *a_flood(100))
    with ImapProxy(watched.server.port, lambda _: None) as server:
        watched.settings = replace(watched.settings, poll_seconds=600, lease_seconds=600, port=server.port)
        watched.begin(LAST_YEAR)  # behind another port it is another mailbox
        with watched.running(watched.watch(turns=replace(turns(), group=1))):
            watched.until_stored(100)
    selected = [line for line in server.lines if line.startswith(b"SELECT")]
    assert len(selected) > 1  # with what is marked and moved in between, the mailbox has fewer mails


def test_who_had_a_place_when_the_connection_broke_keeps_it(
    watched: Watched, dovecot: Dovecot, open_inbox: Open
) -> None:
    deliver(watched, *a_flood(60))
    looking = Looking(watched, open_inbox(dovecot), group=GROUP)
    looking.breaks_at = 3 * GROUP
    with pytest.raises(Deferred):
        looking.look()
    before = dict(looking.postponed.queue.places)
    assert len(before) == 60 - 7 * GROUP
    deliver(watched, *a_flood(60), a_letter(From="late@honest.example"))
    looking.breaks_at = 4 * GROUP
    with pytest.raises(Deferred):
        looking.look()
    after = looking.postponed.queue.places
    assert {uid: place for uid, place in after.items() if uid in before}.items() <= before.items()
    looking.breaks_at = None
    looking.look()
    assert sorted(watched.uids) == list(range(1, 122))


def test_what_was_known_of_uids_is_not_believed_of_those_of_another_uidvalidity() -> None:
    postponed = Postponed(turns=turns(), uidvalidity=1)
    postponed.headless.add(1)
    postponed.done.add(2)
    postponed.queue.add({3: Place(rank=Rank.UNKNOWN, turn=0)})
    postponed.meet(1)
    assert (postponed.headless, postponed.done, set(postponed.queue.places)) == ({1}, {2}, {3})
    postponed.meet(2)
    assert not any((postponed.headless, postponed.done, postponed.queue.places))
