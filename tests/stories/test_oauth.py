"""A desk without a password: tokens for IMAP and submission, on a Dovecot that reads them and a server that rotates them."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

import jwt
import pytest

from maild.doors.credential import Bearer
from maild.doors.imap import connect
from maild.doors.oauth import AccessTokens
from maild.doors.token_file import TokenFile
from maild.errors import Deferred, Refused
from maild.intake.mailbox import MailboxWatch
from maild.mail.message import Limits
from maild.settings.values import MailboxSettings, Secret
from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.tokens import CLIENT_ID, SIGNING_KEY, TokenServer, oauth_dovecot
from tests.stories.letters import CLIENT, LEAD, a_letter, sent_to
from tests.stories.running import RunningDesk

OAUTH = """
[mailbox.oauth]
provider = "other"
client_id = "{client_id}"
token_url = "{url}/token"
device_url = "{url}/device"
scope = "mail offline_access"
"""


@pytest.fixture(params=["xoauth2", "oauthbearer"])
def server(request: pytest.FixtureRequest, smtp_server: SmtpServer) -> Iterator[tuple[Dovecot, int]]:
    """Dovecot as IMAP and submission server, and its submission port."""
    with TemporaryDirectory(prefix="oauth-") as folder:
        made, port = oauth_dovecot(Path(folder), smtp_server.port, mechanisms=request.param)
        made.start()
        yield made, port
        made.remove()


@pytest.fixture
def desk(
    tmp_path: Path, server: tuple[Dovecot, int], sqlite_url: str, token_server: TokenServer, imap_user: str
) -> Iterator[RunningDesk]:
    dovecot, port = server
    with RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=port,
        database_url=sqlite_url,
        mailbox=OAUTH.format(client_id=CLIENT_ID, url=token_server.url),
    ) as made:
        toml = made.folder / "maild.toml"
        toml.write_text(toml.read_text().replace('username = ""\n', ""))
        (made.folder / "secrets" / "mailbox-password").unlink()
        yield made


def test_mail_comes_in_and_goes_out_with_tokens_alone(
    desk: RunningDesk, smtp_server: SmtpServer, token_server: TokenServer
) -> None:
    desk.dovecot.deliver(desk.address, a_letter())
    missing = desk.run_alone("check", "--json")
    assert "nobody has logged in yet" in missing.stdout
    token_server.logged_in, token_server.interval = True, 1
    token_server.while_waiting = Lockable(TokenFile(desk.folder / "secrets" / "refresh-token"))
    logged_in = desk.run_alone("init", str(desk.folder), "--log-in")
    assert logged_in.returncode == 0, logged_in.stderr
    assert "WDJB-MJHT" in logged_in.stdout
    assert token_server.while_waiting.is_free, (
        "a running maild is not kept from its tokens by a person who takes their time"
    )
    desk.take_turn()
    assert len(sent_to(smtp_server, CLIENT)) == 1
    assert desk._parts is not None
    figures = {metric.name: metric.samples for metric in desk._parts.watching.metrics()}
    assert [section["section"] for section, seconds in figures["maild_token_expires_in_seconds"] if seconds > 3_000]
    checked = desk.run_alone("check", "--json")
    assert '"part": "oauth mailbox[0].oauth"' in checked.stdout
    assert "gives a token that holds until" in checked.stdout
    for told in (checked, missing, logged_in):
        assert not any(token in told.stdout + told.stderr for token in ("refresh-token-", "eyJ"))
    the_log_in_is_taken_back(desk, smtp_server, token_server)


class Lockable:
    """Called while somebody is waited for, it tries whether the file of the token is free; called again, it says so."""

    def __init__(self, file: TokenFile) -> None:
        self.file, self.is_free = file, False

    def __call__(self) -> bool:
        with suppress(Deferred), self.file.locked():
            self.is_free = True
        return self.is_free


def the_log_in_is_taken_back(desk: RunningDesk, smtp: SmtpServer, tokens: TokenServer) -> None:
    """Minutes before the token at hand expires: the alarm leaves with it, once, though no mailbox has been in trouble."""
    before, tokens.valid, begun = len(sent_to(smtp, LEAD)), set(), datetime.now(UTC)
    for minutes in (56, 57, 58):
        desk.clock = lambda at=begun + timedelta(minutes=minutes): at  # type: ignore[misc]
        desk.take_turn()
    (alarm,) = sent_to(smtp, LEAD)[before:]
    assert str(alarm["Subject"]) == "Acme Support: maild cannot renew its log-in ([mailbox[0].oauth])"
    assert "log in again with maild init --log-in" in str(alarm.get_body(("plain",)))


def test_a_token_that_the_server_does_not_believe_is_refused_and_forgotten(
    server: tuple[Dovecot, int], imap_user: str
) -> None:
    forgotten: list[str] = []
    claims = {"iss": "https://login.example.test/", "sub": "1", "email": imap_user, "exp": int(time()) - 60}
    stale = jwt.encode(claims, SIGNING_KEY, algorithm="HS256", headers={"kid": "default"})
    for text in (stale, "nonsense"):

        def forget(text: str = text) -> None:
            forgotten.append(text)

        connection = connect("localhost", server[0].port, security="none")
        with pytest.raises(Refused, match=r"refused the log-in of .*the application may use this mailbox"):
            connection.log_in(imap_user, Bearer(text, forget=forget))
        connection.close()
    assert forgotten == [stale, "nonsense"]


def test_a_token_that_is_taken_back_before_its_time_wakes_nobody(
    server: tuple[Dovecot, int], sqlite_url: str, token_server: TokenServer, imap_user: str
) -> None:
    signed = iter([token_server.sign(life=-60), token_server.sign()])
    tokens = AccessTokens(key="x", grant=lambda: {"access_token": next(signed)}, clock=lambda: datetime.now(UTC))
    tokens()  # it has served another log-in
    store, alarms = Store(sqlite_url), list[str]()
    watch = MailboxWatch(
        MailboxSettings(
            host="localhost", port=server[0].port, security="none", username=imap_user, secret=Secret(key="none")
        ),
        store,
        credentials=tokens,
        holder="this process",
        limits=Limits(),
        clock=lambda: datetime.now(UTC),
        stop=threading.Event(),
        alarm=lambda *told: alarms.append(told[-1]),
    )
    assert watch.take_over_once() == 0
    store.close()
    assert alarms == []
