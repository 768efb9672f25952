"""The IMAP door against a real Dovecot."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.doors.credential import Password
from maild.doors.imap import ImapConnection, connect
from maild.doors.imap_sets import windows
from maild.errors import ConfigurationError, Deferred, Refused
from tests.servers.certificate import make_certificate
from tests.servers.connections import Open, forget
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.ports import closed_port
from tests.servers.smtp import SmtpServer

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SOURCE = b"From: ana@client.example\r\nSubject: The printer is on fire\r\n\r\nHelp.\r\n"


def all_uids(connection: ImapConnection) -> list[int]:
    return connection.search(after_uid=0, since=LONG_AGO, exists=connection.select("INBOX").exists)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_mail_comes_back_byte_for_byte(dovecot: Dovecot, open_inbox: Open, imap_user: str, security: str) -> None:
    dovecot.deliver(imap_user, SOURCE)
    connection = open_inbox(dovecot, security=security)
    assert connection.fetch(all_uids(connection)) == {1: SOURCE}


def test_an_unknown_authority_is_refused_with_its_cure(dovecot: Dovecot) -> None:
    with pytest.raises(Refused, match=r"not trusted: .*ca_file"):
        connect("localhost", dovecot.tls_port, security="tls")


def test_an_unknown_authority_is_refused_after_starttls_too(dovecot: Dovecot) -> None:
    with pytest.raises(Refused, match="not trusted"):
        connect("localhost", dovecot.port, security="starttls")


def test_an_authority_that_is_not_there_is_named(dovecot: Dovecot, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"ca_file = '.*nothere\.pem': No such file"):
        connect("localhost", dovecot.tls_port, security="tls", ca_file=tmp_path / "nothere.pem")


def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot) -> None:
    with pytest.raises(Refused, match=r"not trusted: .*another name.*`host`"):
        connect("127.1", dovecot.tls_port, security="tls", ca_file=dovecot.certificate.authority)


def test_a_certificate_that_has_expired_says_who_can_mend_it(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, days=0)
    expired = pytest.raises(Refused, match=r"not trusted: .*expired\. Renew it on the server")
    # what it speaks behind TLS does not matter: nobody gets there
    with SmtpServer(certificate=certificate, security="tls") as server, expired:
        connect("localhost", server.port, security="tls", ca_file=certificate.authority)


def test_no_password_leaves_this_machine_in_plain() -> None:
    with pytest.raises(ConfigurationError, match=r"\[\[mailbox\]\] security = 'none'"):
        connect("imap.desk.example", 143, security="none")


def test_a_wrong_password_is_refused_in_one_clear_line(dovecot: Dovecot, imap_user: str) -> None:
    connection = connect("localhost", dovecot.port, security="none")
    with pytest.raises(Refused, match=r"refused the log-in of .*Authentication failed\. Check username and password$"):
        connection.log_in(imap_user, Password("wrong"))
    connection.close()


def test_a_refused_log_in_never_shows_the_password(dovecot: Dovecot, imap_user: str) -> None:
    connection = connect("localhost", dovecot.port, security="none")
    with pytest.raises(Refused) as refusal:
        connection.log_in(imap_user, Password('wröng word \\ "'))
    connection.close()
    assert "wröng" not in str(refusal.value)


def test_nobody_listening_is_deferred(free_port: int) -> None:
    with pytest.raises(Deferred, match="cannot be reached"):
        connect("localhost", free_port, security="none")


def test_a_server_that_dies_at_log_in_does_not_look_like_a_wrong_password(own_dovecot: Dovecot, imap_user: str) -> None:
    connection = connect("localhost", own_dovecot.port, security="none")
    own_dovecot.kill()
    with pytest.raises(Deferred):
        connection.log_in(imap_user, Password(PASSWORD))
    connection.close()


def test_a_server_that_does_not_answer_is_given_up(own_dovecot: Dovecot, open_inbox: Open) -> None:
    connection = open_inbox(own_dovecot, timeout_seconds=0.3)
    own_dovecot.pause()
    with pytest.raises(Deferred, match="no answer in time"):
        connection.select("INBOX")
    own_dovecot.resume()


def test_a_missing_mailbox_is_refused_by_name(dovecot: Dovecot, open_inbox: Open) -> None:
    with pytest.raises(Refused, match="'Nowhere'"):
        open_inbox(dovecot).select("Nowhere")


def test_a_connection_lives_on_after_a_refusal(dovecot: Dovecot, open_inbox: Open) -> None:
    connection = open_inbox(dovecot)
    with pytest.raises(Refused):
        connection.select("Nowhere")
    assert connection.select("INBOX").exists == 0


def test_the_last_mail_is_not_found_again(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    dovecot.deliver(imap_user, SOURCE)
    assert open_inbox(dovecot).search(after_uid=1, since=LONG_AGO, exists=1) == []


def test_search_leaves_old_days_out_but_no_day_that_begins_later_at_the_server(
    dovecot: Dovecot, open_inbox: Open, imap_user: str
) -> None:
    since = datetime(2026, 3, 10, 0, 30, tzinfo=UTC)
    for days in (-30, 0, 1):
        dovecot.append(imap_user, SOURCE, at=since + timedelta(days=days))
    assert open_inbox(dovecot).search(after_uid=0, since=since, exists=3) == [2, 3]


def test_arrival_has_its_zone_and_size_is_known_before_the_bytes(
    dovecot: Dovecot, open_inbox: Open, imap_user: str
) -> None:
    at = datetime(2026, 3, 10, 12, 0, 5, tzinfo=UTC)
    dovecot.deliver(imap_user, SOURCE, at=at)
    connection = open_inbox(dovecot)
    (listed,) = connection.list_mails(all_uids(connection))
    assert (listed.uid, listed.size, listed.arrived_at) == (1, len(SOURCE), at)


def test_mails_that_have_gone_are_left_out(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    dovecot.deliver(imap_user, SOURCE)
    connection = open_inbox(dovecot)
    assert [mail.uid for mail in connection.list_mails([1, 2])] == [1]
    assert list(connection.fetch([1, 2])) == [1]
    assert connection.present([1, 2]) == {1}


def test_fetching_does_not_mark_seen(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    dovecot.deliver(imap_user, SOURCE)
    open_inbox(dovecot).fetch([1])
    with dovecot.log_in(imap_user) as client:
        client.select()
        assert client.search(None, "UNSEEN")[1] == [b"1"]


def test_an_empty_mail_is_fetched(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    dovecot.deliver(imap_user, b"")
    assert open_inbox(dovecot).fetch([1]) == {1: b""}


def test_a_mail_of_all_octets_is_fetched(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    source = b"Subject: =)(\r\n\r\n" + bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"\r\n") + b"{5}\r\n)"
    dovecot.deliver(imap_user, source)
    assert open_inbox(dovecot).fetch([1]) == {1: source}


@pytest.mark.parametrize("missing", [(), ("MOVE",), ("MOVE", "UIDPLUS")])
def test_move_takes_only_what_it_names(
    dovecot: Dovecot, open_inbox: Open, imap_user: str, missing: tuple[str, ...]
) -> None:
    for number in range(3):
        dovecot.deliver(imap_user, b"Subject: %d\r\n\r\n" % number)
    connection = open_inbox(dovecot)
    forget(connection, *missing)
    connection.flag([3], r"\Deleted")
    connection.create("Processed")
    connection.move([1, 99], "Processed")
    assert dovecot.sources(imap_user, "Processed") == [b"Subject: 0\r\n\r\n"]
    assert connection.present([2, 3]) == {2, 3}
    assert connection.present([1]) == ({1} if "UIDPLUS" in missing else set())


def test_an_interrupted_move_is_finished_without_a_second_copy(
    dovecot: Dovecot, open_inbox: Open, imap_user: str
) -> None:
    dovecot.deliver(imap_user, SOURCE)
    connection = open_inbox(dovecot)
    forget(connection, "MOVE", "UIDPLUS")
    connection.create("Processed")
    connection.move([1], "Processed")
    connection.move([1], "Processed")
    assert len(dovecot.sources(imap_user, "Processed")) == 1


def test_a_mailbox_that_cannot_be_created_names_the_prefix_of_the_server(
    prefixed_dovecot: Dovecot, imap_user: str
) -> None:
    connection = connect("localhost", prefixed_dovecot.port, security="none")
    connection.log_in(imap_user, Password(PASSWORD))
    with pytest.raises(Refused, match=r"INBOX/Processed"):
        connection.create("Processed")
    connection.close()


def test_a_created_mailbox_is_shown_by_mail_clients(dovecot: Dovecot, open_inbox: Open, imap_user: str) -> None:
    connection = open_inbox(dovecot)
    connection.create("Büro/Erledigt")
    connection.create("Büro/Erledigt")
    with dovecot.log_in(imap_user) as client:
        assert b"Erledigt" in b"".join(filter(None, client.lsub()[1]))


def test_a_large_mailbox_is_searched_in_windows_from_the_end() -> None:
    assert windows(1) == windows(50_000) == [[]]
    assert windows(100_001) == [["100001:*"], ["50001:100000"], ["1:50000"]]


def test_an_empty_mailbox_is_not_searched_because_some_servers_call_any_set_of_its_mails_wrong() -> None:
    assert windows(0) == []


def test_more_mails_than_one_command_may_name_are_listed_by_several(
    dovecot: Dovecot, open_inbox: Open, imap_user: str
) -> None:
    for _ in range(3):
        dovecot.deliver(imap_user, SOURCE)
    sparse = range(1, 40_000, 2)  # longer than Dovecot takes a command to be
    assert [mail.uid for mail in open_inbox(dovecot).list_mails(sparse)] == [1, 3]


@pytest.fixture
def prefixed_dovecot() -> Iterator[Dovecot]:
    """A server whose mailboxes all lie below INBOX."""
    server = Dovecot(extra="namespace inbox {\n  prefix = INBOX/\n}\n")
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def free_port() -> Iterator[int]:
    with closed_port() as port:
        yield port
