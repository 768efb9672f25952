"""The sandbox of the demo is a mail server that mail clients can use."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from imapclient import IMAPClient

from maild.demo.sandbox import Sandbox
from maild.doors.credential import Password
from maild.doors.imap import connect
from tests.support.places import ROOT

MAILS = sorted((ROOT / "maild" / "demo" / "mails").glob("*.eml"))
MAIL = b"From: a@client.example\r\nTo: desk@acme.example\r\nSubject: hello\r\nMessage-ID: <1@client.example>\r\n\r\nHello\r\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(password="secret", unreachable=["gone@client.example"]) as running:
        yield running


def log_in(sandbox: Sandbox, address: str) -> IMAPClient:
    client = IMAPClient(sandbox.host, port=sandbox.imap_port, ssl=False, timeout=60)
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.login(address, "secret")
    client.select_folder("INBOX")
    return client


def read(sandbox: Sandbox, address: str) -> list[bytes]:
    client = log_in(sandbox, address)
    try:
        uids = client.search("ALL")
        fetched = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
        return [fetched[uid][b"BODY[]"] for uid in uids]
    finally:
        client.logout()


def submit(sandbox: Sandbox, recipient: str, source: bytes, *, return_path: str = "a@client.example") -> None:
    with smtplib.SMTP(sandbox.host, sandbox.smtp_port, timeout=60) as client:
        client.sendmail(return_path, [recipient], source)


def test_submitted_mail_lands_in_the_recipient_s_mailbox(sandbox: Sandbox) -> None:
    submit(sandbox, "desk@acme.example", MAIL)
    (source,) = read(sandbox, "desk@acme.example")
    assert source.endswith(MAIL)
    assert source.startswith(b"Return-Path: <a@client.example>\r\nDelivered-To: desk@acme.example\r\n")
    assert b"dmarc=none header.from=client.example" in source


def test_a_sub_address_belongs_to_its_address(sandbox: Sandbox) -> None:
    submit(sandbox, "desk+t17.abc@acme.example", MAIL)
    (source,) = read(sandbox, "desk@acme.example")
    assert b"Delivered-To: desk+t17.abc@acme.example" in source


def test_who_cannot_be_reached_comes_back_as_a_delivery_report(sandbox: Sandbox) -> None:
    submit(sandbox, "gone@client.example", MAIL, return_path="desk@acme.example")
    (report,) = read(sandbox, "desk@acme.example")
    assert b"report-type=delivery-status" in report
    assert b"Final-Recipient: rfc822; gone@client.example" in report
    assert b"Message-ID: <1@client.example>" in report


def test_a_mail_without_return_path_is_never_reported(sandbox: Sandbox) -> None:
    submit(sandbox, "gone@client.example", MAIL, return_path="")
    sandbox.open("a@client.example")
    assert read(sandbox, "a@client.example") == []
    assert [mail.recipient for mail in sandbox.submitted] == ["gone@client.example"]


def test_who_idles_is_told_of_new_mail(sandbox: Sandbox) -> None:
    sandbox.open("desk@acme.example")
    with closing(connect(sandbox.host, sandbox.imap_port, security="none")) as connection:
        connection.log_in("desk@acme.example", Password("secret"))
        connection.select("INBOX")
        delivery = Timer(0.5, sandbox.deliver, ("desk@acme.example", MAIL))
        delivery.start()
        assert connection.wait(60)
        delivery.join()


def test_a_mail_can_be_moved_by_its_uid(sandbox: Sandbox) -> None:
    sandbox.deliver("desk@acme.example", MAIL)
    client = log_in(sandbox, "desk@acme.example")
    client.create_folder("Processed")
    client.move(client.search("ALL"), "Processed")
    assert client.search("ALL") == []
    assert client.folder_status("Processed", ["MESSAGES"]) == {b"MESSAGES": 1}
    client.logout()


def test_a_wrong_password_is_refused(sandbox: Sandbox) -> None:
    with smtplib.SMTP(sandbox.host, sandbox.smtp_port, timeout=60) as client, pytest.raises(smtplib.SMTPException):
        client.login("desk@acme.example", "wrong")


@pytest.mark.parametrize(("log_in_name", "verdict"), [("a@client.example", b"pass"), ("b@client.example", b"none")])
def test_the_server_vouches_for_who_logs_in_under_the_address_in_from(
    sandbox: Sandbox, log_in_name: str, verdict: bytes
) -> None:
    with smtplib.SMTP(sandbox.host, sandbox.smtp_port, timeout=60) as client:
        client.login(log_in_name, "secret")
        client.sendmail("a@client.example", ["desk@acme.example"], MAIL)
    (source,) = read(sandbox, "desk@acme.example")
    assert b"mx.sandbox.example; dmarc=" + verdict + b" header.from=client.example" in source


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_every_mail_of_the_demo_comes_back_as_it_was_delivered(sandbox: Sandbox, path: Path) -> None:
    source = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    sandbox.deliver("desk@acme.example", source)
    assert read(sandbox, "desk@acme.example") == [source]
