import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from maild.doors.smtp import SmtpDoor
from maild.errors import Bounced, Deferred, Refused, Unavailable, Uncertain
from tests.servers.script import ACCEPT_AND_DROP, ANYBODY, DROP, Step
from tests.servers.smtp import SmtpServer

DESK = "support@acme.test"
BO = "bo@client.test"
CONTENT = b"Message-ID: <1@acme.test>\r\nSubject: yes\r\n\r\nHello\r\n"


def a_door(server: SmtpServer, **difference: Any) -> SmtpDoor:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "timeout": timedelta(seconds=60),
    }
    return SmtpDoor(**(values | difference))


async def submit(door: SmtpDoor, recipient: str = BO, content: bytes = CONTENT, envelope_from: str = DESK) -> str:
    await door.open_envelope(envelope_from=envelope_from, recipient=recipient, size=len(content))
    return await door.submit_content(content)


def with_door(door: SmtpDoor, work: Callable[[SmtpDoor], Awaitable[Any]]) -> Any:
    async def work_and_close() -> Any:
        try:
            return await work(door)
        finally:
            await door.close()

    return asyncio.run(work_and_close())


def refusal_of(server: SmtpServer, recipient: str = BO, **difference: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        with_door(a_door(server, **difference), lambda door: submit(door, recipient))
    return caught.value


def test_a_mail_is_accepted_as_the_very_bytes_that_were_prepared(smtp_server: SmtpServer) -> None:
    content = CONTENT + b".\r\n..\r\n.hidden\r\n" + b"x" * 900 + b"\r\n"
    answer = with_door(a_door(smtp_server), lambda door: submit(door, content=content))
    assert answer == "250 2.0.0 accepted"
    (accepted,) = smtp_server.accepted
    assert (accepted.envelope_from, accepted.recipients, accepted.content) == (DESK, (BO,), content)


def test_one_connection_carries_many_mails(smtp_server: SmtpServer) -> None:
    async def submit_ten(door: SmtpDoor) -> None:
        for _ in range(10):
            await submit(door)

    with_door(a_door(smtp_server), submit_ten)
    assert (len(smtp_server.accepted), smtp_server.sessions) == (10, 1)
    assert "RSET" not in smtp_server.commands


def test_the_size_is_told_before_the_content(smtp_server: SmtpServer) -> None:
    with_door(a_door(smtp_server), submit)
    assert f"MAIL {DESK} SIZE={len(CONTENT)}" in smtp_server.commands


def test_a_mail_that_is_too_large_for_the_server_is_bounced() -> None:
    with SmtpServer(size_limit=1000) as server, pytest.raises(Bounced, match="552"):
        with_door(a_door(server), lambda door: submit(door, content=CONTENT + b"x" * 2000 + b"\r\n"))


def test_an_empty_envelope_sender_is_the_null_path(smtp_server: SmtpServer) -> None:
    with_door(a_door(smtp_server), lambda door: submit(door, envelope_from=""))
    assert smtp_server.accepted[0].envelope_from == "<>"


@pytest.mark.parametrize("at", ["rcpt", "data", "content"])
@pytest.mark.parametrize(("answer", "refusal"), [("451 4.7.1 later", Deferred), ("550 5.1.1 no", Bounced)])
def test_a_refusal_is_of_the_kind_that_its_first_digit_says(
    smtp_server: SmtpServer, at: str, answer: str, refusal: type
) -> None:
    smtp_server.script.add(BO, Step(at=at, answer=answer))
    caught = refusal_of(smtp_server)
    assert type(caught) is refusal
    assert str(caught) == answer


@pytest.mark.parametrize("at", ["rcpt", "data", "content"])
def test_after_a_refusal_the_next_mail_goes_over_the_same_connection(smtp_server: SmtpServer, at: str) -> None:
    smtp_server.script.add(BO, Step(at=at, answer="550 5.1.1 no"))

    async def refused_then_accepted(door: SmtpDoor) -> None:
        with pytest.raises(Bounced):
            await submit(door)
        await submit(door, "ann@client.test")

    with_door(a_door(smtp_server), refused_then_accepted)
    assert (len(smtp_server.accepted), smtp_server.sessions) == (1, 1)


def test_greylisting_ends_by_trying_again(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(BO, Step(at="rcpt", answer="451 4.7.1 greylisted", times=2))

    async def three_times(door: SmtpDoor) -> None:
        for _ in range(2):
            with pytest.raises(Deferred):
                await submit(door)
        await submit(door)

    with_door(a_door(smtp_server), three_times)
    assert len(smtp_server.accepted) == 1


def test_a_refused_sender_is_our_trouble_and_bounces_nobody(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(DESK, Step(at="mail", answer="553 5.7.1 not yours"))
    caught = refusal_of(smtp_server)
    assert type(caught) is Unavailable
    assert DESK in str(caught)
    assert "[desk] address" in str(caught)


def test_a_sender_refused_for_now_defers_the_mail(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(DESK, Step(at="mail", answer="450 4.7.1 slow down"))
    assert type(refusal_of(smtp_server)) is Deferred


def test_a_recipient_refused_for_want_of_a_log_in_is_our_trouble(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(BO, Step(at="rcpt", answer="530 5.7.0 authentication required"))
    assert type(refusal_of(smtp_server)) is Unavailable


def test_an_answer_that_nobody_knows_is_temporary(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(BO, Step(at="rcpt", answer="399 what"))
    assert type(refusal_of(smtp_server)) is Deferred


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
def test_a_connection_that_dies_before_the_content_leaves_no_doubt(smtp_server: SmtpServer, at: str) -> None:
    smtp_server.script.add(ANYBODY, Step(at=at, answer=DROP))
    with pytest.raises(Deferred, match="before the mail was handed over"):
        raise refusal_of(smtp_server)


@pytest.mark.parametrize(
    "step", [Step(at="inside"), Step(at="content", answer=DROP), Step(at="content", answer=ACCEPT_AND_DROP)]
)
def test_a_connection_that_dies_after_the_content_makes_it_uncertain(smtp_server: SmtpServer, step: Step) -> None:
    smtp_server.script.add(BO, step)
    assert type(refusal_of(smtp_server)) is Uncertain


def test_an_answer_that_comes_too_late_makes_it_uncertain(
    smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.doors.smtp.ANSWER_TIMEOUTS", 0.01)
    smtp_server.script.add(BO, Step(at="content", seconds=600))
    assert type(refusal_of(smtp_server)) is Uncertain


def test_content_answered_with_nonsense_is_uncertain(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(BO, Step(at="content", answer="nonsense"))
    assert type(refusal_of(smtp_server)) is Uncertain


def test_a_slow_recipient_is_deferred_and_the_next_mail_gets_a_new_connection(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(BO, Step(at="rcpt", seconds=600))

    async def slow_then_quick(door: SmtpDoor) -> None:
        with pytest.raises(Deferred, match="Timed out"):
            await submit(door)
        await submit(door, "ann@client.test")

    with_door(a_door(smtp_server, timeout=timedelta(seconds=3)), slow_then_quick)
    assert (len(smtp_server.accepted), smtp_server.sessions) == (1, 2)


def test_421_closes_the_connection_and_defers(smtp_server: SmtpServer) -> None:
    smtp_server.script.add(BO, Step(at="rcpt", answer="421 4.3.2 going down"))

    async def refused_then_accepted(door: SmtpDoor) -> None:
        with pytest.raises(Deferred, match="421"):
            await submit(door)
        assert not door.is_open
        await submit(door, "ann@client.test")

    with_door(a_door(smtp_server), refused_then_accepted)
    assert smtp_server.sessions == 2


def test_a_connection_that_the_server_closed_while_idle_is_made_again_unnoticed(smtp_server: SmtpServer) -> None:
    async def twice(door: SmtpDoor) -> None:
        await submit(door)
        smtp_server.script.add(DESK, Step(at="mail", answer="421 4.4.2 idle too long", times=1))
        await submit(door)

    with_door(a_door(smtp_server), twice)
    assert (len(smtp_server.accepted), smtp_server.sessions) == (2, 2)


def test_a_restarted_server_is_connected_to_again_unnoticed(smtp_server: SmtpServer) -> None:
    async def around_a_restart(door: SmtpDoor) -> None:
        await submit(door)
        smtp_server.stop()
        smtp_server.start()
        await submit(door)

    with_door(a_door(smtp_server), around_a_restart)
    assert len(smtp_server.accepted) == 2


def test_an_envelope_that_is_left_hands_over_nothing(smtp_server: SmtpServer) -> None:
    async def leave_and_submit(door: SmtpDoor) -> None:
        await door.open_envelope(envelope_from=DESK, recipient="ann@client.test", size=10)
        await door.leave_envelope()
        await submit(door)

    with_door(a_door(smtp_server), leave_and_submit)
    assert [mail.recipients for mail in smtp_server.accepted] == [(BO,)]


@pytest.mark.parametrize(
    "address",
    [
        "bo@x.test\r\nRCPT TO:<eve@x.test>",
        "bo@x.test> SIZE=1",
        "Bo <bo@x.test>",
        "bo",
        "",
        "a\0@x.test",
        "bo @x.test",
        "a@x@y",
    ],
)
def test_an_address_that_could_say_more_than_an_address_is_bounced(smtp_server: SmtpServer, address: str) -> None:
    assert type(refusal_of(smtp_server, address)) is Bounced
    assert smtp_server.commands == []


def test_an_international_address_goes_out_where_the_server_can(smtp_server: SmtpServer) -> None:
    with_door(a_door(smtp_server), lambda door: submit(door, "bö@bücher.test"))
    assert smtp_server.accepted[0].recipients == ("bö@xn--bcher-kva.test",)


def test_an_international_domain_needs_nothing_of_the_server() -> None:
    with SmtpServer(is_international=False) as server:
        with_door(a_door(server), lambda door: submit(door, "bo@straße.test"))
        assert server.accepted[0].recipients == ("bo@xn--strae-oqa.test",)


def test_an_international_address_is_bounced_clearly_where_the_server_cannot() -> None:
    with SmtpServer(is_international=False) as server:
        caught = refusal_of(server, "bö@bücher.test")
    assert type(caught) is Bounced
    assert "SMTPUTF8" in str(caught)
