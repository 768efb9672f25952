"""The support address is a group: its mail is a person's, and nothing is ever written to it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, a_letter, sent_to
from tests.stories.running import RunningDesk

GROUP = "help@acme.example"
GROUPS_FIELDS = {
    "List_Id": "Help <help.acme.example>",
    "List_Post": f"<mailto:{GROUP}>",
    "List_Unsubscribe": "<mailto:leave@acme.example>",
    "Precedence": "list",
}


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        desk=f'own_lists = ["{GROUP}"]',
    )
    yield made
    made.stop()


def test_who_writes_to_our_group_is_the_client_and_the_group_gets_no_mail(
    desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    letters = {
        "kept": a_letter(Message_ID="<kept@x>", To=GROUP, **GROUPS_FIELDS),
        "rewritten": a_letter(
            Message_ID="<rewritten@x>",
            To=GROUP,
            From=f'"Cleo via Help" <{GROUP}>',
            X_Original_From="Cleo <cleo@client.example>",
            **GROUPS_FIELDS,
        ),
        "answered": a_letter(
            Message_ID="<answered@x>",
            To=GROUP,
            From=f'"Dora via Help" <{GROUP}>',
            Reply_To="Dora <dora@client.example>",
            **GROUPS_FIELDS,
        ),
        "nobody": a_letter(Message_ID="<nobody@x>", To=GROUP, From=GROUP, **GROUPS_FIELDS),
        "foreign": a_letter(Message_ID="<foreign@x>", From="news@other.example", List_Id="<news.other.example>"),
    }
    for letter in letters.values():
        desk.dovecot.deliver(desk.address, letter)
    desk.take_turn()
    tickets = json.loads(desk.run("tickets", "--json").stdout)
    clients = [CLIENT, "cleo@client.example", "dora@client.example"]
    assert [ticket["client"] for ticket in tickets] == [*clients, GROUP]
    assert [len(sent_to(smtp_server, client)) for client in clients] == [1, 1, 1]
    assert [mail for mail in smtp_server.accepted if {GROUP, "news@other.example"} & set(mail.recipients)] == []
    withheld = json.loads(desk.run("trace", "<nobody@x>", "--json").stdout)
    assert "help@acme.example is an address or a list of our own" in withheld["because"]
    assert json.loads(desk.run("trace", "<foreign@x>", "--json").stdout)["outcome"] == "bulk"

    ours = smtp_server.accepted[0].content
    desk.dovecot.deliver(desk.address, b"List-Id: <help.acme.example>\r\n" + ours)
    desk.take_turn()
    copy = json.loads(desk.run("trace", smtp_server.accepted[0].message_id, "--json").stdout)
    assert (copy["outcome"], copy["ticket"]) == ("unrelated", None)
