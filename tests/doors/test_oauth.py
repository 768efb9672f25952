"""Access tokens: shared, renewed in time, rotated without loss, and refused in words that help."""

import logging
import os
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from maild.daemon.log_in import access_tokens
from maild.daemon.tokens import TokenWatch
from maild.doors.credential import OAUTHBEARER, XOAUTH2, initial_response
from maild.doors.device_log_in import Invitation, log_in
from maild.doors.oauth import AccessTokens, Application, NoToken, client_credentials, refresh_token
from maild.doors.oauth_assertion import service_account
from maild.doors.token_file import TokenFile
from maild.errors import ConfigurationError, Deferred, Refused
from maild.settings.values import OAuthSettings
from tests.servers.tokens import CLIENT_ID, CLIENT_SECRET, SCOPE, SIGNING_KEY, TokenServer
from tests.support.making import NOON


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    file = TokenFile(tmp_path / "secrets" / "refresh-token")
    file.replace("first-refresh-token")
    return file


def an_application(server: TokenServer, secret: Callable[[], str] | None = None) -> Application:
    return Application(
        key="[mailbox[0].oauth]",
        token_url=f"{server.url}/token",
        client_id=CLIENT_ID,
        client_secret=secret,
        scope=SCOPE,
    )


def refreshing(server: TokenServer, file: TokenFile, clock: Clock) -> AccessTokens:
    return AccessTokens(key="[mailbox[0].oauth]", grant=refresh_token(an_application(server), file), clock=clock)


def test_one_token_serves_all_until_shortly_before_it_expires(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    tokens = refreshing(token_server, file, clock)
    first = tokens()
    clock.pass_by(minutes=54)
    assert tokens().text == first.text
    assert tokens.expires_at == NOON + timedelta(hours=1)
    clock.pass_by(minutes=1)
    tokens()
    assert len(token_server.asked) == 2


def test_a_short_life_is_used_for_nine_tenths(token_server: TokenServer, file: TokenFile, clock: Clock) -> None:
    token_server.life = 100
    tokens = refreshing(token_server, file, clock)
    tokens()
    clock.pass_by(seconds=89)
    tokens()
    assert len(token_server.asked) == 1
    clock.pass_by(seconds=1)
    tokens()
    assert len(token_server.asked) == 2


def test_a_rotated_refresh_token_is_on_disk_before_it_is_needed(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    tokens = refreshing(token_server, file, clock)
    for number in range(2, 5):
        tokens()
        assert file.read() == f"refresh-token-{number}"
        clock.pass_by(hours=1)
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.path.parent.iterdir() if "lock" not in path.name] == [file.path.name]


def test_processes_that_refresh_at_once_never_use_a_token_twice(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    refused: list[Exception] = []

    def refresh() -> None:
        try:
            refreshing(token_server, file, clock)()
        except Refused as error:
            refused.append(error)

    threads = [threading.Thread(target=refresh) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert {file.read()} == token_server.valid


def test_the_first_refusal_is_an_alarm_with_its_cure_and_the_next_ones_are_none(
    token_server: TokenServer, file: TokenFile, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="maild")
    token_server.valid.clear()
    tokens = refreshing(token_server, file, clock)
    for _ in range(3):
        with pytest.raises(Refused, match=r"invalid_grant: AADSTS70008: expired\. .*maild init --log-in") as caught:
            tokens()
        assert "first-refresh-token" not in str(caught.value)
    assert [record.message for record in caplog.records] == ["oauth refused"]


def test_the_leads_hear_of_a_refusal_of_submission_alone_once_until_it_is_over(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    section = OAuthSettings(
        key="smtp.oauth",
        grant="refresh_token",
        client_id=CLIENT_ID,
        client_secret=None,
        token_url=f"{token_server.url}/token",
        device_url=None,
        scope=SCOPE,
        refresh_token_file=file.path,
        service_account_file=file.path,
        username="desk",
    )
    told: list[tuple[str, str]] = []
    watch = TokenWatch(sections=[section], alarm=lambda *what: told.append(what))
    watch.look()
    tokens, valid, token_server.valid = access_tokens(section, {}, clock), token_server.valid, set()
    with pytest.raises(NoToken):
        tokens()
    for _ in range(2):
        watch.look()
    assert [(where, "log in again" in because) for where, because in told] == [("smtp.oauth", True)]
    token_server.valid = valid
    tokens()
    watch.look()
    token_server.valid = set()
    clock.pass_by(minutes=56)
    watch.look()
    assert len(told) == 2


def test_a_server_in_trouble_is_asked_again_and_spoils_nothing(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    tokens = refreshing(token_server, file, clock)
    token_server.down = True
    with pytest.raises(Deferred, match="HTTP status 503"):
        tokens()
    assert file.read() == "first-refresh-token"
    token_server.down = False
    assert tokens().text


def test_while_there_is_no_new_token_the_one_at_hand_serves_until_it_expires(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    tokens = refreshing(token_server, file, clock)
    first = tokens().text
    token_server.down = True
    clock.pass_by(minutes=56)
    assert tokens().text == first
    token_server.down, valid, token_server.valid = False, token_server.valid, set()
    assert tokens().text == first
    assert "AADSTS70008: expired. The log-in has expired" in str(tokens.refusal)
    clock.pass_by(minutes=4)
    with pytest.raises(NoToken):
        tokens()
    token_server.valid = valid
    assert tokens().text != first
    assert tokens.refusal is None


def test_a_token_is_renewed_though_nobody_logs_in(token_server: TokenServer, file: TokenFile, clock: Clock) -> None:
    tokens = refreshing(token_server, file, clock)
    tokens.keep_fresh()
    assert token_server.asked == [], "nobody has needed one yet"
    tokens()
    clock.pass_by(minutes=55)
    tokens.keep_fresh()
    assert tokens.expires_at == clock.now + timedelta(hours=1)


def test_a_token_tells_whether_it_has_served_before(token_server: TokenServer, file: TokenFile, clock: Clock) -> None:
    tokens = refreshing(token_server, file, clock)
    assert [tokens().was_shown, tokens().was_shown] == [False, True]
    clock.pass_by(hours=1)
    assert not tokens().was_shown


@contextmanager
def a_full_disk() -> Iterator[None]:
    """No file can be written that is longer than nothing."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_was_full_at_the_renewal_is_no_reason_to_log_in_again(
    token_server: TokenServer, file: TokenFile, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = refreshing(token_server, file, clock)
    for _ in range(2):
        with a_full_disk():
            assert tokens().text
        assert file.read() == "first-refresh-token"
        clock.pass_by(hours=1)
    assert caplog.messages == ["refresh token not saved, tried again at the next renewal"] * 2
    tokens()
    assert {file.read()} == token_server.valid
    with a_full_disk():
        clock.pass_by(hours=1)
        tokens()
    file.replace("somebody-logged-in-again")
    token_server.valid = {"somebody-logged-in-again"}
    clock.pass_by(hours=1)
    assert tokens().text


def test_who_waits_for_another_process_does_not_wait_for_ever(file: TokenFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maild.doors.token_file.LOOKS", 2)
    with file.locked(), pytest.raises(Deferred, match="another process is busy with"), file.locked():
        pass
    with file.locked():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_log_in_by_root_leaves_the_file_to_the_account_that_has_it(file: TokenFile) -> None:
    os.chown(file.path.parent, 12_345, 12_345)
    fresh = TokenFile(file.path.with_name("another"))
    os.chown(file.path, 23_456, 23_456)
    for each, owner in ((fresh, 12_345), (file, 23_456)):
        with each.locked():
            each.replace("token")
        lock = each.path.with_name(f".{each.path.name}.lock")
        assert {path.stat().st_uid for path in (each.path, lock)} == {owner}


def test_a_token_that_the_mail_server_did_not_believe_is_not_shown_again(
    token_server: TokenServer, file: TokenFile, clock: Clock
) -> None:
    tokens = refreshing(token_server, file, clock)
    refused = tokens()
    refused.forget()
    tokens()
    refused.forget()  # of the old one: the new one stays
    tokens()
    assert len(token_server.asked) == 2


def test_who_has_not_logged_in_yet_is_told_how(token_server: TokenServer, tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(Refused, match=r"holds no refresh token\. Log in once: maild init --log-in"):
        refreshing(token_server, TokenFile(tmp_path / "nothing"), clock)()
    assert token_server.asked == []


def test_an_application_logs_in_as_itself(token_server: TokenServer, clock: Clock) -> None:
    application = an_application(token_server, secret=lambda: CLIENT_SECRET)
    assert AccessTokens(key="x", grant=client_credentials(application), clock=clock)().text.count(".") == 2
    wrong = an_application(token_server, secret=lambda: "hunter2")
    with pytest.raises(Refused, match=r"invalid_client\. Check client_id and client_secret") as caught:
        AccessTokens(key="x", grant=client_credentials(wrong), clock=clock)()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("mechanism", [XOAUTH2, OAUTHBEARER])
def test_a_shared_mailbox_is_opened_in_its_own_name_by_the_token_of_a_member(
    token_server: TokenServer, file: TokenFile, clock: Clock, mechanism: str
) -> None:
    token_server.username = "jo@acme.example"
    token = refreshing(token_server, file, clock)()
    shown = initial_response(mechanism, "support@acme.example", token).decode()
    name, bearer = shown.split("\1")[:2]
    assert "support@acme.example" in name
    assert "jo@acme.example" not in name
    claims = jwt.decode(bearer.removeprefix("auth=Bearer "), SIGNING_KEY, algorithms=["HS256"])
    assert claims["email"] == "jo@acme.example"


def test_a_service_account_signs_for_the_mailbox(
    token_server: TokenServer, tmp_path: Path, imap_user: str, clock: Clock
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    token_server.account_key = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    path = tmp_path / "service-account.json"
    path.write_text(a_key_file(key))
    clock.now = datetime.now(NOON.tzinfo)
    application = an_application(token_server)
    assert service_account(application, path, subject=imap_user, clock=clock)()["access_token"]
    path.write_text('{"client_email": "a@b.example", "private_key": "nothing"}')
    with pytest.raises(ConfigurationError, match="no RSA key in PEM"):
        service_account(application, path, subject=imap_user, clock=clock)()
    path.write_text("[]")
    with pytest.raises(ConfigurationError, match="not a service account's key file"):
        service_account(application, path, subject=imap_user, clock=clock)()


def a_key_file(key: rsa.RSAPrivateKey) -> str:
    import json

    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps({"client_email": "maild@desk.example", "private_key": pem, "private_key_id": "1"})


def test_a_person_logs_in_on_another_device(token_server: TokenServer) -> None:
    shown: list[Invitation] = []
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        token_server.logged_in = len(naps) == 3

    token = log_in(an_application(token_server), f"{token_server.url}/device", show=shown.append, sleep=sleep)
    assert token == "first-refresh-token"
    assert naps == [5, 5, 5]
    assert [(each.code, each.page) for each in shown] == [("WDJB-MJHT", "https://login.example.test/device")]


def test_nobody_logs_in_and_the_code_expires(token_server: TokenServer) -> None:
    with pytest.raises(Refused, match="nobody entered the code in time"):
        log_in(an_application(token_server), f"{token_server.url}/device", show=print, sleep=lambda _: None)


def test_a_server_that_wants_to_be_asked_less_often_is_and_a_person_may_decline(token_server: TokenServer) -> None:
    naps: list[float] = []
    for word, says in (("access_denied", "nobody was logged in: .*access_denied"), ("expired_token", "expired_token")):
        token_server.answers = ["slow_down", "authorization_pending", word]
        with pytest.raises(Refused, match=says):
            log_in(an_application(token_server), f"{token_server.url}/device", show=print, sleep=naps.append)
    assert naps == [5, 10, 10] * 2


def test_a_token_server_in_plain_is_for_loopback_only() -> None:
    application = Application(key="x", token_url="http://login.example.org/token", client_id="x")
    with pytest.raises(ConfigurationError, match="is not https"):
        application.ask(grant_type="client_credentials")
