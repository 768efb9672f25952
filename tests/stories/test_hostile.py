"""The hostile world, through real servers: nobody is let in who does not belong there, and nobody is flooded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from maild.process.token import address_part
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.stories.staffed import MORNING


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    yield made
    made.stop()


def take_in(desk: RunningDesk, *sources: bytes) -> None:
    """Deliver mails, and let the desk do all that there is to do."""
    desk.take_turn(*sources)


def told(desk: RunningDesk, *command: str) -> Any:
    answer = desk.run(*command, "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


WRITTEN_BY_NOBODY = frozenset({"opened", "assigned", "information_asked", "confirmation_asked"})
"""What happens to a ticket without anybody having joined it."""


def test_nobody_joins_a_ticket_that_is_not_theirs(desk: RunningDesk, smtp_server: SmtpServer) -> None:
    take_in(desk, a_letter())
    acknowledgement, notice = sent_to(smtp_server, CLIENT)[0], sent_to(smtp_server, LEAD)[0]
    clients_token = str(acknowledgement["Reply-To"])
    local, _, domain = desk.address.partition("@")
    strangers = {
        "a valid token": an_answer(acknowledgement, From="m1@evil.example"),
        "valid references": a_letter(From="m2@evil.example", References=str(acknowledgement["References"])),
        "the number alone": a_letter(From="m3@evil.example", Subject="Re: [T-1] VPN"),
        "the client as display name": an_answer(acknowledgement, From=f'"{CLIENT}" <m4@evil.example>'),
        "the client as bare display name": an_answer(acknowledgement, From=f"{CLIENT} <m5@evil.example>"),
        "our own fields": echo(acknowledgement, From="m6@evil.example"),
        "our own fields but the mark of machines": echo(acknowledgement, From="m7@evil.example", Auto_Submitted=""),
    }
    forgers = {
        "the lead with the client's token": an_answer(acknowledgement, From=LEAD, To=clients_token),
        "the lead with an invented token": a_letter(From=LEAD, To=f"{local}+{address_part(1, 'a' * 14)}@{domain}"),
        "the lead with a legacy token": a_letter(From=LEAD, To=f"{local}+t1@{domain}", Subject="[T-1] /close"),
        "the lead with their token for another ticket": a_letter(
            From=LEAD, To=str(notice["Reply-To"]).replace("+t1.", "+t2.")
        ),
        "the desk itself": an_answer(acknowledgement, From=desk.address),
    }
    before = len(smtp_server.accepted)
    take_in(desk, *strangers.values(), *forgers.values())

    ticket = told(desk, "show", "T-1")
    assert [mail["author"] for mail in ticket["mails"] if mail["direction"] == "in"] == [CLIENT]
    happened = {event["event"] for event in ticket["events"]}
    assert {"opened", "assigned", "stranger_linked"} <= happened <= {*WRITTEN_BY_NOBODY, "stranger_linked"}
    assert len([mail for mail in smtp_server.accepted[before:] if CLIENT in mail.recipients]) == 0
    held = told(desk, "held")
    assert sorted(mail["author"] for mail in held) == sorted([LEAD] * 4 + [desk.address])
    assert outcome(desk, strangers["our own fields"]) == "automatic"
    theirs = [row for row in told(desk, "tickets") if "@evil.example" in row["client"]]
    assert sorted(row["client"][:2] for row in theirs) == ["m1", "m2", "m3", "m4", "m5", "m7"]
    assert sorted(link["ticket"] for link in ticket["links"]) == sorted(row["number"] for row in theirs)
    assert_house_is_in_order(desk)


def echo(message: Any, **fields: str) -> bytes:
    """A mail with all header fields of one of ours."""
    ours = {name.replace("-", "_"): " ".join(str(value).split()) for name, value in message.items()}
    mime = {"MIME_Version", "Content_Type", "Content_Transfer_Encoding"}
    return a_letter(**{**{name: value for name, value in ours.items() if name not in mime}, **fields})


def outcome(desk: RunningDesk, source: bytes) -> str:
    path = desk.folder / "traced.eml"
    path.write_bytes(source)
    return str(told(desk, "trace", str(path))["outcome"])


def assert_house_is_in_order(desk: RunningDesk) -> None:
    """Every ticket that is not closed has somebody, and a time by which the client hears from us."""
    for row in told(desk, "tickets"):
        if row["status"] != "closed":
            assert row["assignee"] or row["team"]
            assert row["next_update_due_at"]


def test_a_flood_with_forged_authors_brings_a_domain_no_more_than_its_limit(
    desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    process = desk.folder / "process.toml"
    process.write_text(process.read_text().replace("per_domain = 30", "per_domain = 7"))
    words = "Buy at https://evil.example or call +49 170 1234567. Our server is down and cannot connect.\n"
    desk.clock = lambda: MORNING  # in no moment of which an hour ends
    flood = [a_letter(From=f"victim{number}@client.example", Subject=words[:60], body=words) for number in range(40)]
    take_in(desk, *flood, a_letter(From="other@elsewhere.example", Subject="Printer is broken"))
    to_victims = [mail for mail in smtp_server.accepted if "victim" in mail.recipients[0]]
    assert len(to_victims) == 7
    assert not [mail for mail in to_victims if b"evil.example" in mail.content or b"1234567" in mail.content]
    assert len(sent_to(smtp_server, "other@elsewhere.example")) == 1
    assert len(told(desk, "tickets")) == 41
    withheld = told(desk, "trace", header(flood[-1], "Message-ID"))
    assert "the limit of 7 an hour for domain client.example" in withheld["because"]
    assert_house_is_in_order(desk)


def header(source: bytes, name: str) -> str:
    line = next(line for line in source.decode().splitlines() if line.startswith(f"{name}: "))
    return line.partition(": ")[2]
