"""A desk without a password: tokens for IMAP and submission, on a Dovecot that reads them and a server that rotates them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

import jwt
import pytest

from maild.doors.credential import Bearer
from maild.doors.imap import connect
from maild.errors import Refused
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.tokens import CLIENT_ID, SIGNING_KEY, TokenServer, oauth_dovecot
from tests.stories.letters import CLIENT, a_letter, sent_to
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
    missing = desk.run("check", "--json")
    assert "nobody has logged in yet" in missing.stdout
    token_server.logged_in = True
    logged_in = desk.run("init", str(desk.folder), "--log-in")
    assert logged_in.returncode == 0, logged_in.stderr
    assert "WDJB-MJHT" in logged_in.stdout
    desk.take_turn()
    assert len(sent_to(smtp_server, CLIENT)) == 1
    checked = desk.run("check", "--json")
    assert '"part": "oauth mailbox[0].oauth"' in checked.stdout
    assert "gives a token that holds until" in checked.stdout
    for told in (checked, missing, logged_in):
        assert not any(token in told.stdout + told.stderr for token in ("refresh-token-", "eyJ"))


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
