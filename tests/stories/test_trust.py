"""Each method of [trust], told by real mail: what vouches for an author, and what a liar writes in vain."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk

METHODS: Mapping[str, str] = {
    "authserv_id": 'method = "authserv_id"\nvalue = "mx.acme.example"',
    "microsoft365": 'method = "microsoft365"',
    "header": 'method = "header"\nvalue = "X-Acme-Login: yes"',
    "none": 'method = "none"',
}
VOUCHING: Mapping[str, Mapping[str, str]] = {
    "authserv_id": {"Authentication_Results": "mx.acme.example; dmarc=pass header.from=client.example"},
    "microsoft365": {
        "Authentication_Results": "spf=pass smtp.mailfrom=client.example; dmarc=pass header.from=client.example"
    },
    "header": {"X_Acme_Login": "yes"},
    "none": {},
}
LYING: Mapping[str, str] = {
    "another server": "mx.evil.example; dmarc=pass header.from=client.example",
    "another author": "mx.acme.example; dmarc=pass header.from=evil.example",
    "inside a quoted word": 'mx.acme.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=client.example"@evil.example',
    "inside a comment": "mx.acme.example; dmarc=fail (dmarc=pass header.from=client.example)",
    "below a truthful one": "mx.acme.example; dmarc=fail header.from=client.example\r\n"
    "Authentication-Results: mx.acme.example; dmarc=pass header.from=client.example",
}
LINK = "Look at https://shop.example/cart: it is down"


@pytest.fixture
def desk(  # noqa: PLR0917 - pytest gives a fixture what it names
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, sqlite_url: str, imap_user: str, method: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=sqlite_url,
        mailbox=f"\n[trust]\n{METHODS[method]}\n",
    )
    yield made
    made.stop()


def trust_in(database_url: str) -> Mapping[str, str]:
    """Message-ID to what was believed of the mail's author."""
    return dict(rows(database_url, "SELECT message_id, trust FROM mails"))


@pytest.mark.parametrize("method", METHODS)
def test_trust_is_computed_from_what_our_server_wrote(
    desk: RunningDesk, smtp_server: SmtpServer, sqlite_url: str, method: str
) -> None:
    desk.dovecot.deliver(desk.address, a_letter(Message_ID="<vouched@x>", Subject=LINK, **VOUCHING[method]))
    for number, field in enumerate(LYING.values()):
        liar = a_letter(
            Message_ID=f"<lie-{number}@x>", From=f"liar{number}@client.example", Authentication_Results=field
        )
        desk.dovecot.deliver(desk.address, liar)
    desk.take_turn()
    acknowledgement = sent_to(smtp_server, CLIENT)[0]
    assert ("https://shop.example/cart" in acknowledgement["Subject"]) is (method != "none")
    desk.dovecot.deliver(desk.address, an_answer(acknowledgement, Message_ID="<answer@x>"))
    desk.take_turn()
    trust = trust_in(sqlite_url)
    assert trust["<vouched@x>"] == ("claimed" if method == "none" else "proven")
    assert {level for name, level in trust.items() if name.startswith("<lie-")} == {"claimed"}
    assert trust["<answer@x>"] == "token"
