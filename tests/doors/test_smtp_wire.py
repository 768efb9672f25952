import pytest

from maild.doors.smtp_wire import checked_address, dotted, mail_options


def test_lone_line_ends_cannot_end_the_content_early() -> None:
    assert dotted(b"a\n.\nb\r.\rc\r\n.\r\nd") == b"a\r\n..\r\nb\r\n..\r\nc\r\n..\r\nd\r\n.\r\n"


@pytest.mark.parametrize("address", ["bo@x.test", "o'neil+t17.abc@x.test", '"odd local"@x.test', "bo@[192.0.2.1]"])
def test_an_ordinary_address_is_left_as_it_is(address: str) -> None:
    assert checked_address(address) == address


@pytest.mark.parametrize(
    ("address", "written"),
    [("bo@bücher.test", "bo@xn--bcher-kva.test"), ("bö@BÜCHER.test", "bö@xn--bcher-kva.test")],
)
def test_an_international_domain_is_written_in_ascii(address: str, written: str) -> None:
    assert checked_address(address) == written


def test_only_an_international_address_asks_for_smtputf8() -> None:
    assert mail_options("bo@client.test", frozenset({"size", "smtputf8"}), 10) == ["SIZE=10"]
    assert mail_options("bö@client.test", frozenset({"smtputf8"}), 10) == ["SMTPUTF8"]
