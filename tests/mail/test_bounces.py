"""Delivery reports: which mail, which recipient, for good or for now."""

import pytest

from maild.mail.message import Mail
from tests.support.mail_making import a_mail, a_multipart, a_source, read
from tests.support.places import MAILS

RETURNED = (
    "Content-Type: message/rfc822\r\n\r\nFrom: support@desk.example\r\nMessage-ID: <ours@desk.example>\r\n\r\nHello"
)
HEADER_ONLY = (
    "Content-Type: text/rfc822-headers\r\n\r\nFrom: support@desk.example\r\nMessage-ID: <ours@desk.example>\r\n"
)


def a_report(
    action: str = "failed", status: str = "5.1.1", returned: str = RETURNED, recipient: str = "ana@client.example"
) -> Mail:
    delivery_status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such\r\n user here\r\n"
    )
    source = a_multipart("\r\nYour mail was not delivered.", delivery_status, returned, subtype="report")
    return read(source.replace(b"multipart/report;", b"multipart/report; report-type=delivery-status;"))


def test_a_report_names_recipient_code_reason_and_mail() -> None:
    mail = a_report()
    assert mail.facts.report_type == "delivery-status"
    assert mail.bounce is not None
    assert mail.bounce.is_final
    assert mail.bounce.recipients == ("ana@client.example",)
    assert mail.bounce.status == "5.1.1"
    assert mail.bounce.diagnostic == "smtp; 550 no such user here"
    assert mail.bounce.original_message_id == "<ours@desk.example>"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_that_is_no_failure_is_not_final(action: str) -> None:
    bounce = a_report(action, "4.4.1").bounce
    assert bounce is not None
    assert not bounce.is_final


def test_a_report_with_header_fields_alone_names_the_mail() -> None:
    bounce = a_report(returned=HEADER_ONLY).bounce
    assert bounce is not None
    assert bounce.original_message_id == "<ours@desk.example>"


def test_the_returned_text_is_not_the_text_of_the_report() -> None:
    assert a_report().text == "Your mail was not delivered."


def test_a_report_attached_by_a_client_is_an_attachment_and_no_bounce() -> None:
    report = "Content-Type: message/rfc822\r\n\r\n" + (MAILS / "enmime/dsn/simple_dsn.raw").read_text("latin-1")
    mail = read(a_multipart("\r\nWhy do I get this?", report))
    assert mail.bounce is None
    assert mail.text == "Why do I get this?"


def test_a_report_whose_parts_a_client_hands_on_is_theirs_and_no_bounce() -> None:
    """Google's mail client forwards a report with its parts as files: whoever asks what it means must be heard."""
    status = "Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    mail = read(a_multipart("\r\nOur mail comes back. What does this mean?", status))
    assert mail.bounce is None
    assert mail.text == "Our mail comes back. What does this mean?"
    for mark in (b"Return-Path: <>\r\n", b"Auto-Submitted: auto-replied\r\n"):
        machine = read(mark + a_multipart("\r\nNot delivered.", status))
        assert machine.bounce is not None


def test_an_out_of_office_note_with_a_null_path_is_no_bounce() -> None:
    mail = a_mail("I am away until Monday.", Return_Path="<>", Auto_Submitted="auto-replied")
    assert mail.facts.return_path == ""
    assert mail.bounce is None


def test_a_bounce_in_prose_is_read() -> None:
    mail = read((MAILS / "flufl.bounce/qmail_01.txt").read_bytes())
    assert mail.bounce is not None
    assert mail.bounce.is_final
    assert mail.bounce.recipients
    assert mail.bounce.diagnostic


def test_prose_over_which_the_library_trips_leaves_no_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    read(b"Return-Path: <>\r\nSubject: Undelivered mail returned to sender\r\n\r\nIt failed.\r\n")
    assert not caplog.records


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Leider nicht zugestellt:\n\nana@client.example:\n550 mailbox unavailable",
            (True, None, "550 mailbox unavailable"),
        ),
        ("Non remis : ana@client.example\n#5.2.2 boîte pleine", (True, "5.2.2", "#5.2.2 boîte pleine")),
        ("Aún no: ana@client.example\n421 4.4.1 sin respuesta", (False, "4.4.1", "421 4.4.1 sin respuesta")),
    ],
)
def test_a_bounce_in_other_words_is_known_by_its_code_and_our_mail(
    words: str, expected: tuple[bool, str | None, str]
) -> None:
    copy = "\n\n---\nMessage-ID: <ours@desk.example>\nSubject: 553 steps\n"
    bounce = a_mail(words + copy, From="MAILER-DAEMON@mx.example", Return_Path="<>").bounce
    assert bounce is not None
    assert (bounce.is_final, bounce.status, bounce.diagnostic) == expected
    assert (bounce.recipients, bounce.original_message_id) == (("ana@client.example",), "<ours@desk.example>")
    assert a_mail(words, Return_Path="<>").bounce is None
    assert a_mail("I am away." + copy, Return_Path="<>").bounce is None
    assert a_mail(words + copy).bounce is None


def test_the_address_of_a_host_is_no_status() -> None:
    words = (
        "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. "
        "The following address(es) failed:\n\n  ana@client.example\n    host mx [10.5.1.1]: 550 No such user\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <ours@desk.example>\n"
    )
    bounce = a_mail(words, From="Mail Delivery System <Mailer-Daemon@mx.example>", Return_Path="<>").bounce
    assert bounce is not None
    assert (bounce.is_final, bounce.status) == (True, None)


@pytest.mark.parametrize(
    ("media_type", "written", "address"),
    [
        ("global-delivery-status", "ana@client.example", "ana@client.example"),
        ("global-delivery-status", "jörg@client.example", "jörg@client.example"),
        ("delivery-status", r"j\x{F6}rg@client.example", "jörg@client.example"),
        ("delivery-status", r"j\x{D800}rg@client.example", "x{D800}rg@client.example"),
    ],
)
def test_a_report_about_an_internationalized_mail_is_read(media_type: str, written: str, address: str) -> None:
    status = (
        f"Content-Type: message/{media_type}\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n"
        f"Final-Recipient: utf-8; {written}\r\nAction: failed\r\nStatus: 5.6.7\r\n"
    )
    returned = "Content-Type: message/global-headers\r\n\r\nMessage-ID: <ours@desk.example>\r\n"
    bounce = read(a_multipart("\r\nNot delivered.", status, returned, subtype="report")).bounce
    assert bounce is not None
    assert (bounce.is_final, bounce.recipients, bounce.status) == (True, (address,), "5.6.7")
    assert bounce.original_message_id == "<ours@desk.example>"


@pytest.mark.parametrize("subtype", ["report", "mixed"])
def test_a_receipt_is_known_by_its_part(subtype: str) -> None:
    receipt = "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n"
    mail = read(a_multipart("\r\nIt was displayed.", receipt, subtype=subtype))
    assert mail.facts.report_type == "disposition-notification"
    attached = "Content-Type: message/rfc822\r\n\r\n" + a_multipart("\r\nx", receipt, boundary="z").decode()
    assert read(a_multipart("\r\nWhat is this?", attached)).facts.report_type is None


def test_raw_octets_in_the_author_of_a_bounce_break_nothing() -> None:
    source = a_source("x", From=b"M\xe4iler <mailer-daemon@client.example>", Return_Path="<>")
    assert read(source).bounce is None


def test_most_bounces_of_other_projects_are_known() -> None:
    sources = sorted((MAILS / "flufl.bounce").glob("*.txt"))
    found = [path.name for path in sources if read(path.read_bytes()).bounce]
    assert len(found) >= 0.85 * len(sources)


def test_several_status_parts_are_one_report() -> None:
    (path,) = (MAILS / "mikel-mail").rglob("multipart_report_multiple_status.eml")
    bounce = read(path.read_bytes()).bounce
    assert bounce is not None
    assert (bounce.is_final, bounce.recipients, bounce.status) == (True, ("u@ci.com",), "5.3.0")
