import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.doors.credential import Password
from maild.doors.smtp import SmtpDoor
from maild.errors import ConfigurationError, Unavailable
from tests.servers.certificate import Certificate
from tests.servers.ports import closed_port
from tests.servers.smtp import SmtpServer


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with closed_port() as port, pytest.raises(Unavailable, match=f"127.0.0.1:{port} cannot be used"):
        probe(SmtpDoor(host="127.0.0.1", port=port, security="none"))


def test_a_server_that_says_nothing_is_unavailable_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unavailable, match="Timed out"):
        probe(SmtpDoor(host="127.0.0.1", port=silent.getsockname()[1], security="none", timeout=timedelta(seconds=0.2)))


def test_a_server_that_greets_with_a_refusal_is_unavailable() -> None:
    with one_line_server(b"554 5.3.2 go away\r\n") as port, pytest.raises(Unavailable, match=r"554 5\.3\.2 go away"):
        probe(SmtpDoor(host="127.0.0.1", port=port, security="none"))


def test_what_is_no_mail_server_is_unavailable() -> None:
    with one_line_server(b"HTTP/1.1 400 Bad Request\r\n") as port, pytest.raises(Unavailable):
        probe(SmtpDoor(host="127.0.0.1", port=port, security="none"))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_check_connects_with_tls_and_logs_in(certificate: Certificate, security: str) -> None:
    with SmtpServer(certificate=certificate, security=security, login=("desk", "secret")) as server:
        said = probe(a_secure_door(server, certificate, security))
    assert said == f"localhost:{server.port} ({security}), logged in as desk"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_out_over_tls_with_a_log_in(certificate: Certificate, security: str) -> None:
    with SmtpServer(certificate=certificate, security=security, login=("desk", "secret")) as server:
        asyncio.run(submit_one(a_secure_door(server, certificate, security)))
    assert len(server.accepted) == 1


def test_a_refused_log_in_is_unavailable_and_does_not_tell_the_password(certificate: Certificate) -> None:
    with (
        SmtpServer(certificate=certificate, security="tls", login=("desk", "secret")) as server,
        pytest.raises(Unavailable) as caught,
    ):
        probe(a_secure_door(server, certificate, "tls", credentials=lambda: Password("hunter2")))
    assert "refuses the log-in of desk: 535" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_authority_is_refused_by_default(certificate: Certificate, security: str) -> None:
    with (
        SmtpServer(certificate=certificate, security=security) as server,
        pytest.raises(Unavailable, match=r"certificate verify failed.*ca_file"),
    ):
        probe(a_secure_door(server, certificate, security, ca_file=None))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_without_tls_is_never_spoken_to_in_plain(
    smtp_server: SmtpServer, certificate: Certificate, security: str
) -> None:
    with pytest.raises(Unavailable):
        probe(a_secure_door(smtp_server, certificate, security))
    assert smtp_server.commands == []


@pytest.mark.parametrize("host", ["192.0.2.1", "mail.example.org"])
def test_security_none_is_for_loopback_only(host: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[smtp\] security = 'none'"):
        SmtpDoor(host=host, port=25, security="none")


@pytest.mark.parametrize("host", ["127.9.9.9", "::1", "LocalHost", "localhost."])
def test_this_machine_may_be_spelt_as_the_configuration_allows(host: str) -> None:
    assert SmtpDoor(host=host, port=25, security="none").longest_submission(0)


def test_a_ca_file_that_is_none_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(ConfigurationError, match="ca_file"):
        SmtpDoor(host="localhost", port=25, security="tls", ca_file=tmp_path / "ca.pem")


def test_the_answer_to_content_is_waited_for_as_long_as_the_standard_asks() -> None:
    door = SmtpDoor(host="localhost", port=25, security="none")
    assert door.longest_submission(0) >= timedelta(minutes=10)
    assert door.longest_submission(25_000_000) > door.longest_submission(0)


def probe(door: SmtpDoor) -> str:
    async def check_and_close() -> str:
        try:
            return await door.check()
        finally:
            await door.close()

    return asyncio.run(check_and_close())


def a_secure_door(server: SmtpServer, certificate: Certificate, security: str, **difference: Any) -> SmtpDoor:
    values: dict[str, Any] = {
        "host": "localhost",
        "port": server.port,
        "username": "desk",
        "credentials": lambda: Password("secret"),
        "ca_file": certificate.authority,
    }
    return SmtpDoor(security=security, timeout=timedelta(seconds=60), **(values | difference))


@contextmanager
def one_line_server(line: bytes) -> Iterator[int]:
    """A server that says one line to its first visitor and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(line)

        speaker = threading.Thread(target=speak)
        speaker.start()
        yield listening.getsockname()[1]
        speaker.join()


async def submit_one(door: SmtpDoor) -> None:
    try:
        await door.open_envelope(envelope_from="support@acme.test", recipient="bo@client.test", size=6)
        await door.submit_content(b"\r\nhi\r\n")
    finally:
        await door.close()
