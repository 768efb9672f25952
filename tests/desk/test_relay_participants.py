"""The client's side in copy: who takes part, who is only shown, and who never is written to."""

from collections.abc import Mapping

import pytest
from sqlalchemy import event

from maild.mail.pool import ParsingPool
from maild.process.trust import TrustMethod
from maild.store.desk.relations import taken_out
from maild.store.engine import Store
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake, look
from tests.support.making import some_rules
from tests.support.relays import CLIENT, TSM, Relaying, an_answer, html_of, text_of

PROOF = {"X_Acme_Login": "yes"}
BOSS, COLLEAGUE = "boss@client.example", "carl@client.example"


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    """A desk whose server vouches for people by a field."""
    rules = some_rules(trust=TrustMethod(method="header", value="X-Acme-Login: yes"))
    return Relaying(intake=an_intake(store, pool, rules=rules))


def clients(desk: Relaying) -> list[str]:
    rows = look(desk.intake.store, "SELECT address FROM participants WHERE role = 'client' ORDER BY address")
    return [str(address) for (address,) in rows]


def opened(desk: Relaying, cc: str, fields: Mapping[str, str] = PROOF) -> None:
    assert desk.take_in(a_letter(Cc=cc, **fields)) == ["ticket"]


def answered(desk: Relaying, text: str = "Please restart the router.\n") -> None:
    assert desk.answer(text, **PROOF) == ["relay"]


def test_who_is_in_copy_of_a_proven_mail_gets_the_answer_too(desk: Relaying) -> None:
    opened(desk, f"Big Boss <{BOSS}>, {COLLEAGUE}")
    answered(desk)
    for recipient in (CLIENT, BOSS, COLLEAGUE):
        (mail,) = desk.sent("answer", recipient)
        assert [each.addr_spec for each in mail["To"].addresses] == [CLIENT]
        assert [each.addr_spec for each in mail["Cc"].addresses] == [BOSS, COLLEAGUE]
        assert mail["In-Reply-To"] == desk.sent("acknowledgement")[0]["In-Reply-To"]
    assert len({mail["Reply-To"] for mail in desk.sent("answer")}) == 3
    assert len({mail["Message-ID"] for mail in desk.sent("answer")}) == 3


def test_what_maild_itself_says_is_for_the_client_alone(desk: Relaying) -> None:
    opened(desk, BOSS)
    assert len(desk.sent("acknowledgement")) == 1
    assert desk.sent("acknowledgement", BOSS) == []


def test_who_is_in_copy_of_an_unproven_mail_is_shown_with_one_tap_to_add(desk: Relaying) -> None:
    opened(desk, BOSS, {})
    assert clients(desk) == [CLIENT]
    html = html_of(desk.sent("assignment")[0])
    assert f"Put in copy: {BOSS}" in html
    link = html.partition(f">Put in copy: {BOSS}")[0].rpartition("mailto:")[2].partition("?")[0]
    assert desk.take_in(a_letter(From=TSM, To=link.replace("%2B", "+"), Subject="T-1 cc", body="", **PROOF)) == [
        "command"
    ]
    answered(desk)
    assert len(desk.sent("answer", BOSS)) == 1


def test_whom_a_proven_mail_names_that_was_written_to_them_alone_is_shown_with_one_tap_to_add(desk: Relaying) -> None:
    """Its reader may have sent it again to the desk, to read along from then on; its author may have put the desk in Bcc."""
    opened(desk, "")
    told = desk.sent("acknowledgement")[0]
    reply = a_letter(
        To=f"Mallory <{BOSS}>", In_Reply_To=str(told["Message-ID"]), Message_ID="<again@x>", body="Lunch?\n", **PROOF
    )
    assert desk.take_in(reply) == ["follow_up"]
    assert clients(desk) == [CLIENT]
    assert f"Put in copy: {BOSS}" in html_of(desk.sent("follow_up", TSM)[0])


SIGNED = {
    "Authentication_Results": "mx.acme.example; dkim=pass header.d=client.example",
    "DKIM_Signature": "v=1; a=rsa-sha256; d=client.example; s=k;\r\n h=From:Date:Subject:Message-ID; bh=AA==; b=AA==",
}
"""As a server signs that leaves To and Cc out."""


@pytest.mark.parametrize(("subject", "takes_part"), [("Re: [T-1] VPN", True), ("Re: Lunch", False)])
def test_whom_a_mail_names_whose_signature_leaves_cc_out_takes_part_where_its_subject_is_of_an_answer(
    store: Store, pool: ParsingPool, subject: str, takes_part: bool
) -> None:
    """Whoever gets a mail of the client's could put themselves into Cc, and send it into their ticket."""
    rules = some_rules(trust=TrustMethod(method="authserv_id", value="mx.acme.example"))
    desk = Relaying(intake=an_intake(store, pool, rules=rules))
    opened(desk, "", SIGNED)
    told = desk.sent("acknowledgement")[0]
    assert desk.take_in(an_answer(told, From=CLIENT, Subject=subject, Cc=BOSS, **SIGNED)) == ["follow_up"]
    assert (BOSS in clients(desk)) is takes_part


@pytest.mark.parametrize(
    "named",
    [
        "support@acme.example",
        "support+t1.aaaaaaaaaaaaaa@acme.example",
        "finance@acme.example",
        "lena@acme.example",
        "no-reply@client.example",
        ", ".join(f"c{number}@client.example" for number in range(30)),
    ],
)
def test_the_house_machines_and_mailings_never_take_part(desk: Relaying, named: str) -> None:
    opened(desk, named)
    assert clients(desk) == [CLIENT]


def test_the_answer_of_a_participant_joins_the_ticket(desk: Relaying) -> None:
    opened(desk, BOSS)
    answered(desk)
    reply = an_answer(desk.sent("answer", BOSS)[0], From=BOSS, body="The router is in my office. Thank you.\n")
    assert desk.take_in(reply) == ["follow_up"]
    told = " ".join(text_of(desk.sent("follow_up", TSM)[0]).split())
    assert "The router is in my office." in told
    assert f"{BOSS}, who takes part beside {CLIENT}, wrote it" in told


def test_a_strangers_answer_with_a_participants_token_does_not_join(desk: Relaying) -> None:
    opened(desk, BOSS)
    answered(desk)
    reply = an_answer(desk.sent("answer", BOSS)[0], From="mallory@evil.example", body="Our VPN is down as well.\n")
    assert desk.take_in(reply) != ["follow_up"]


def test_who_is_taken_out_hears_nothing_more(desk: Relaying) -> None:
    opened(desk, BOSS)
    assert desk.answer(f"/cc remove {BOSS}\n", **PROOF) == ["command"]
    answered(desk)
    assert desk.sent("answer", BOSS) == []


def test_who_is_taken_out_stays_out_though_the_client_replies_to_all_until_a_tsm_lets_them_hear(desk: Relaying) -> None:
    opened(desk, BOSS)
    answered(desk)
    assert desk.answer(f"/cc remove {BOSS}\n", **PROOF) == ["command"]
    reply = an_answer(desk.sent("answer", CLIENT)[0], From=CLIENT, body="More.\n", Cc=f"{BOSS}, {COLLEAGUE}", **PROOF)
    assert desk.take_in(reply) == ["follow_up"]
    assert clients(desk) == [CLIENT, COLLEAGUE]
    assert f"Put in copy: {BOSS}" in html_of(desk.sent("follow_up", TSM)[0])
    assert desk.answer(f"/cc add {BOSS}\n", **PROOF) == ["command"]
    assert clients(desk) == [CLIENT, BOSS, COLLEAGUE]


def test_who_is_taken_out_stays_out_when_the_ticket_goes_on_in_another_one(desk: Relaying) -> None:
    opened(desk, "")
    second = a_letter(Cc=BOSS, Message_ID="<second@client.example>", Subject="Another matter", **PROOF)
    assert desk.take_in(second) == ["ticket"]
    assigned = desk.sent("assignment")[1]
    for number, (text, outcome) in enumerate((("Hello.\n", "relay"), (f"/cc remove {BOSS}\n/merge T-1\n", "command"))):
        assert desk.answer(text, assigned, Message_ID=f"<{number}@acme.example>", **PROOF) == [outcome]
    reply = an_answer(desk.sent("answer", CLIENT)[0], From=CLIENT, body="More.\n", Cc=BOSS, **PROOF)
    assert desk.take_in(reply) == ["follow_up"]
    assert look(desk.intake.store, f"SELECT 1 FROM participants WHERE address = '{BOSS}'") == []  # noqa: S608
    assert f"Put in copy: {BOSS}" in html_of(desk.sent("follow_up", TSM)[0])


def test_a_person_who_comes_in_copy_later_takes_part_from_then_on(desk: Relaying) -> None:
    opened(desk, "")
    reply = an_answer(desk.sent("acknowledgement")[0], From=CLIENT, body="More.\n", Cc=BOSS, **PROOF)
    assert desk.take_in(reply) == ["follow_up"]
    assert clients(desk) == [CLIENT, BOSS]
    answered(desk)
    assert len(desk.sent("answer", BOSS)) == 1


def test_who_was_taken_out_is_looked_for_among_the_links_of_the_ticket_alone(sqlite_url: str) -> None:
    """Each follow-up that names somebody asks; a large desk has a hundred thousand links."""
    store, asked = Store(sqlite_url), []
    with store.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        assert taken_out(connection, 1) == set()
        query, values = asked[-1]
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]
    store.close()
    assert [step for step in steps if "links" in step and "(ticket_id=?)" in step]
    assert not [step for step in steps if "AUTOMATIC" in step]
