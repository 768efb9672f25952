"""The story of a mailbox on a good day: what is stored, what is left alone, what people see."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from maild.doors.credential import Password
from maild.doors.imap import ImapConnection
from maild.errors import Deferred
from maild.intake.account import open_account
from maild.intake.marking import Marking
from maild.mail.message import Limits
from maild.store.engine import Store
from maild.store.incoming.mailboxes import claim_mailbox
from maild.store.tables import mailboxes
from tests.servers.dovecot import PASSWORD, Dovecot, until
from tests.support.watched import LAST_YEAR, Watched, a_mail, now


@pytest.fixture
def watched(dovecot: Dovecot, store: Store, imap_user: str) -> Watched:
    return Watched(dovecot, store, imap_user)


def test_a_mail_that_arrives_is_stored_while_maild_idles(watched: Watched) -> None:
    with watched.running(watched.watch()):
        watched.until_well()
        watched.deliver(1)
        watched.until_stored(1)


def test_many_mails_are_stored_in_their_order_and_once(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(*range(1, 121))
    assert watched.watch().take_over_once() == 120
    assert watched.watch().take_over_once() == 0
    assert watched.uids == list(range(1, 121))


def test_mail_from_before_the_first_start_is_left_alone(watched: Watched) -> None:
    watched.deliver(1, at=now() - timedelta(days=300))
    watched.deliver(2, at=now() - timedelta(minutes=5))
    with watched.running(watched.watch()):
        watched.until_well()
        watched.deliver(3)
        watched.until_stored(1)
    assert watched.uids == [3]


def test_thousands_of_old_mails_cost_one_look(watched: Watched) -> None:
    watched.deliver(*range(3000), at=LAST_YEAR)
    assert watched.watch().take_over_once() == 0
    assert watched.known is not None
    assert watched.known.last_uid == 3000


def test_since_is_precise_to_the_second(watched: Watched) -> None:
    since = LAST_YEAR + timedelta(hours=12)
    watched.settings = replace(watched.settings, since=since)
    for seconds in (-1, 0, 1):
        watched.deliver(1, at=since + timedelta(seconds=seconds))
    assert watched.watch().take_over_once() == 2


def test_the_first_start_is_remembered(watched: Watched) -> None:
    watched.watch().take_over_once()
    known = watched.known
    assert known is not None
    watched.watch().take_over_once()
    assert watched.known is not None
    assert watched.known.since == known.since


@pytest.mark.parametrize("old_mails", [0, 1])
def test_a_server_whose_clock_is_behind_loses_nothing_after_the_first_look(watched: Watched, old_mails: int) -> None:
    watched.deliver(*range(old_mails), at=LAST_YEAR)
    watched.watch().take_over_once()
    watched.deliver(2, at=now() - timedelta(minutes=10))
    assert watched.watch().take_over_once() == 1


def test_a_mail_moved_in_from_last_year_is_left_alone(watched: Watched) -> None:
    watched.watch().take_over_once()
    watched.deliver(1, at=LAST_YEAR)
    assert watched.watch().take_over_once() == 0


def test_a_mail_is_moved_only_after_it_was_taken_in(watched: Watched) -> None:
    with watched.running(watched.watch()):
        watched.until_well()
        watched.deliver(1, 2)
        watched.until_stored(2)
        assert len(watched.server.sources(watched.user)) == 2
        watched.take_in()
        until(lambda: all(row.marked_at for row in watched.rows), "the mails were not marked")
    assert watched.server.sources(watched.user) == []
    assert sorted(watched.server.sources(watched.user, "Processed")) == [a_mail(1), a_mail(2)]


def test_a_flagged_mail_stays_unseen_where_it_is(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.settings = replace(watched.settings, after="flag")
    watched.deliver(1, 2)
    watched.watch().take_over_once()
    watched.take_in()
    watched.deliver(3)
    watched.watch().take_over_once()
    with watched.server.log_in(watched.user) as client:
        client.select()
        assert client.search(None, "KEYWORD", "$MaildTakenIn")[1] == [b"1 2"]
        assert client.search(None, "UNSEEN")[1] == [b"1 2 3"]


def test_a_server_without_keywords_gets_the_flag_that_people_see(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.settings = replace(watched.settings, after="flag")
    watched.deliver(1)
    watched.watch().take_over_once()
    watched.take_in()
    assert watched.known is not None
    with closing(open_account(watched.settings, Password(PASSWORD))) as connection:
        selected = replace(connection.select("INBOX"), keeps_keywords=False)
        marking = Marking(connection=connection, store=watched.store, settings=watched.settings, clock=now)
        assert marking.mark_taken_in(watched.known.id, selected) == 1
    with watched.server.log_in(watched.user) as client:
        client.select()
        assert client.search(None, "FLAGGED")[1] == [b"1"]


def test_a_mail_that_is_left_keeps_all_its_flags(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.settings = replace(watched.settings, after="leave")
    watched.deliver(1)
    watched.watch().take_over_once()
    watched.take_in()
    watched.watch().take_over_once()
    with watched.server.log_in(watched.user) as client:
        client.select()
        assert client.fetch("1", "(FLAGS)")[1] == [b"1 (FLAGS ())"]
    assert watched.rows[0].marked_at is not None


def test_a_mail_that_a_person_has_read_is_stored_all_the_same(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    with watched.server.log_in(watched.user) as client:
        client.select()
        client.store("1", "+FLAGS", r"(\Seen)")
    assert watched.watch().take_over_once() == 1


def test_a_mail_that_is_too_large_is_held_and_the_rest_goes_on(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.deliver(2, size=5000)
    watched.deliver(3)
    watch = watched.watch(limits=Limits(source_bytes=4000))
    assert watch.take_over_once() == 3
    watched.take_in()
    watch.take_over_once()
    assert [(row.uid, row.digest is None, row.outcome) for row in watched.rows] == [
        (1, False, "ticket"),
        (2, True, "held"),
        (3, False, "ticket"),
    ]
    assert watched.server.sources(watched.user) == [a_mail(2, size=5000)]


def test_batches_are_bounded_by_bytes_and_lose_nothing(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2, 3, size=5_000_000)
    assert watched.watch().take_over_once() == 3


def test_a_renumbered_mailbox_is_read_again(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2)
    watched.watch().take_over_once()
    watched.server.forget_uids(watched.user)
    watched.deliver(3)
    assert watched.watch().take_over_once() == 3
    assert len({row.digest for row in watched.rows}) == 3


def test_a_renumbered_mailbox_is_not_marked_by_its_old_numbers(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2)
    watched.watch().take_over_once()
    watched.take_in()
    watched.server.forget_uids(watched.user)
    watched.watch().take_over_once()
    assert len(watched.server.sources(watched.user)) == 2


def test_an_emptied_mailbox_is_watched_on(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2)
    watched.watch().take_over_once()
    expunge(watched, 1, 2)
    assert watched.watch().take_over_once() == 0
    watched.deliver(3)
    assert watched.watch().take_over_once() == 1
    assert watched.uids == [1, 2, 3]


@pytest.mark.parametrize("step", ["list_mails", "fetch"])
def test_a_mail_that_a_person_takes_away_in_between_stops_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1, 2, 3)
    original = getattr(ImapConnection, step)

    def late(connection: ImapConnection, uids: list[int]) -> object:
        expunge(watched, 2)
        return original(connection, uids)

    monkeypatch.setattr(ImapConnection, step, late)
    assert watched.watch().take_over_once() == 2
    assert watched.uids == [1, 3]
    assert watched.known is not None
    assert watched.known.last_uid == 3


def test_a_mail_taken_away_by_a_person_counts_as_marked(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.watch().take_over_once()
    watched.take_in()
    expunge(watched, 1)
    watched.watch().take_over_once()
    assert watched.rows[0].marked_at is not None


def test_only_one_process_watches_a_mailbox(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    known = watched.known
    assert known is not None
    lease = timedelta(minutes=1)
    watched.store.transact(lambda connection: claim_mailbox(connection, known.id, holder="another", lease=lease))
    assert watched.watch().take_over_once() == 0
    assert watched.uids == []


def test_another_process_takes_over_when_the_lease_ends(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    known = watched.known
    assert known is not None
    lease = timedelta(milliseconds=50)
    watched.store.transact(lambda connection: claim_mailbox(connection, known.id, holder="another", lease=lease))
    until(lambda: watched.watch().take_over_once() == 1, "nobody took over")


def test_a_process_that_was_overtaken_stores_nothing_more(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    original = ImapConnection.fetch

    def slow(connection: ImapConnection, uids: list[int]) -> dict[int, bytes]:
        watched.store.transact(lambda store: store.execute(update(mailboxes).values(lease_holder="another")))
        return original(connection, uids)

    monkeypatch.setattr(ImapConnection, "fetch", slow)
    with pytest.raises(Deferred, match="another process"):
        watched.watch().take_over_once()
    assert watched.uids == []


def test_the_lease_is_given_back_at_the_end(watched: Watched) -> None:
    watched.begin(LAST_YEAR)
    watched.deliver(1)
    watched.watch(holder="first").take_over_once()
    watched.deliver(2)
    assert watched.watch(holder="second").take_over_once() == 1


def expunge(watched: Watched, *uids: int) -> None:
    with watched.server.log_in(watched.user) as client:
        client.select()
        client.uid("STORE", ",".join(map(str, uids)), "+FLAGS", r"(\Deleted)")
        client.expunge()
