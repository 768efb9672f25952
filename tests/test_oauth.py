"""Access tokens: shared, renewed in time, rotated without loss, and refused in words that help."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from maild.doors.device_log_in import Invitation, log_in
from maild.doors.oauth import AccessTokens, Application, client_credentials, refresh_token
from maild.doors.oauth_assertion import service_account
from maild.doors.token_file import TokenFile
from maild.errors import ConfigurationError, Deferred, Refused
from tests.making import NOON
from tests.servers.tokens import CLIENT_ID, CLIENT_SECRET, SCOPE, TokenServer


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


def test_a_token_server_in_plain_is_for_loopback_only() -> None:
    application = Application(key="x", token_url="http://login.example.org/token", client_id="x")
    with pytest.raises(ConfigurationError, match="is not https"):
        application.ask(grant_type="client_credentials")
