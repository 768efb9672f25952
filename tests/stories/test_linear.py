"""A desk that is mirrored in Linear: either side can lead, and nothing that is done there writes to a client."""

from datetime import timedelta
from pathlib import Path

import pytest

from maild.errors import Unavailable
from tests.servers.dovecot import Dovecot
from tests.servers.linear import LinearServer
from tests.servers.linear_world import ANA, EVA, World
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, an_answer, sent_to
from tests.stories.mirrors import MirroredDesk

LETTER = (
    "Bea Kunde here, +49 170 1234567: error 809 in the VPN client.\n"
    "It is a ThinkPad T14, since Monday; host: vpn01.client.example.\n"
)

Servers = tuple[LinearServer, SmtpServer, Dovecot]


@pytest.fixture
def servers(linear: LinearServer, smtp_server: SmtpServer, dovecot: Dovecot) -> Servers:
    return linear, smtp_server, dovecot


def test_a_ticket_is_an_issue_and_both_sides_work_on_it(
    tmp_path: Path, servers: Servers, imap_user: str, database_url: str
) -> None:
    linear, smtp, dovecot = servers
    with MirroredDesk(tmp_path, linear, smtp, dovecot, address=imap_user, url=database_url) as desk:
        the_desk_leads(desk, linear.world)
        they_lead(desk, linear.world)
        linear_is_down(desk, linear)


def the_desk_leads(desk: MirroredDesk, world: World) -> None:
    assignment, issue = desk.open_ticket(body=LETTER), world.issue
    assert issue["title"] == "T-1 VPN connection drops every few minutes"
    assert (issue["state"]["type"], issue["assignee"]["email"], issue["priority"]) == ("started", ANA, 4.0)
    assert [label["name"] for label in issue["labels"]] == ["maild"]
    assert "[client] here, [number]: error 809" in issue["description"]
    assert [each["url"] for each in world.attachments] == [f"mailto:{desk.address}?subject=%5BT-1%5D"]
    assert "ENG-1" in desk.rows("SELECT because FROM events WHERE event = 'mirrored'")[0]
    desk.order(assignment, "/note\nBea Kunde's firewall again.\n")
    desk.order(assignment, "/impact 1\nDear Bea Kunde, we look into it.\n")
    assert (issue["state"]["name"], issue["priority"]) == ("In Progress", 2.0)
    assert [words.split("\n\n") for words in world.said()] == [
        ["**Internal note, by Ana Ruiz:**", "> [client]'s firewall again."],
        ["**Answer to the client, by Ana Ruiz:**", "> Dear [client], we look into it."],
    ]
    acknowledged = sent_to(desk.smtp, CLIENT)[-1]
    desk.later(an_answer(acknowledged, body="It is [worse](https://evil.example) now.\n"))
    assert world.said()[-1] == "**The client wrote:**\n\n```text\nIt is [worse](https://evil.example) now.\n```"


def they_lead(desk: MirroredDesk, world: World) -> None:
    issue, before = world.issue, len(sent_to(desk.smtp, CLIENT))
    world.say(issue, EVA, "The gateway drops idle tunnels. <img src=x onerror=alert(1)> [log](javascript:alert(2))")
    desk.later()
    noted = sent_to(desk.smtp, ANA)[-1]
    html = str(noted.get_body(("html",)))
    assert ("&lt;img" in html, "<img" in html, 'href="javascript' in html) == (True, False, False)
    assert "The gateway drops idle tunnels." in str(noted.get_body(("plain",)))
    assert "Eva Engineer (Linear) via" in str(noted["From"])
    world.move(issue, ANA, priority=4)
    world.move(issue, ANA, state="Done")
    desk.later()
    assert desk.rows("SELECT status, priority FROM tickets") == [("closed", 4)]
    assert desk.rows("SELECT actor, because FROM events WHERE event = 'closed'") == [
        (ANA, "in Linear: state Done (/close)")
    ]
    assert len(sent_to(desk.smtp, CLIENT)) == before
    assert "idle tunnels" not in desk.told(CLIENT)
    assert (issue["state"]["name"], len(world.said())) == ("Done", 4)


def linear_is_down(desk: MirroredDesk, linear: LinearServer) -> None:
    linear.down = True
    answered = sent_to(desk.smtp, CLIENT)[-1]
    with pytest.raises(Unavailable):
        desk.later(an_answer(answered, body="It fails again.\n"), wait=timedelta(hours=1))
    linear.down = False
    desk.later()
    issue = linear.world.issue
    assert desk.rows("SELECT status FROM tickets") == ["open"]
    assert (issue["state"]["name"], "It fails again." in linear.world.said()[-1]) == ("In Progress", True)
    made = list(linear.world.made)
    desk.later()
    assert linear.world.made == made
