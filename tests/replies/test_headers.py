"""Header fields: right for a mail client, whatever the client's own mail says."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.message import Address
from maild.replies.headers import address_field, ascii_address, id_field, text_field, thread
from maild.replies.kinds import KINDS
from maild.replies.plain import one_line
from tests.support.making import a_desk, a_mail, a_ticket
from tests.support.replies_making import TOKEN, about, an_occasion, written

HOSTILE = (
    "Hello\r\nBcc: everybody@victim.example",
    "Hello\n\nbody",
    "=?utf-8?b?SGVsbG8NCkJjYzogeEB4?=",
    "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
    "x" * 10_000,
    "ü" * 10_000,
    "word " * 4_000,
    "\u202egnp.exe\u202c",
    "\x00\x1b[31m\x7f\x85\u2028next",
    "\ud800 lone",
    '{{ config }} {% for x in y %} <b onclick="x">&amp;</b>',
    "🧑‍💻 مرحبا שלום 你好",
    '"quoted" \\ <a@b.example>, (comment)',
)


@pytest.mark.parametrize("kind", KINDS)
def test_no_subject_or_name_breaks_a_header(kind: str) -> None:
    for words in HOSTILE:
        breaks_no_header(kind, words)


def breaks_no_header(kind: str, words: str) -> None:
    someone = Address(address="bea@client.example", name=words)
    ticket = a_ticket(subject=words, client_name=words)
    mail = a_mail(subject=words, new_text=words, author=someone)
    occasion = an_occasion(kind, recipient=someone, ticket=ticket, mail=mail)
    reply, message = written(occasion)
    assert reply.content.isascii()
    assert max(map(len, reply.content.split(b"\r\n"))) <= 998
    assert reply.content.count(b"\n") == reply.content.count(b"\r\n") == reply.content.count(b"\r")
    assert [name for name in message if name.lower() in {"bcc", "cc"}] == []
    assert len(message.get_all("Subject", [])) == len(message.get_all("To", [])) == 1
    assert message["Subject"] == reply.subject
    assert [address.addr_spec for address in message["To"].addresses] == ["bea@client.example"]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_client_wrote_is_never_html(words: str) -> None:
    ticket = a_ticket(subject=words, client_name=words)
    _, message = written(an_occasion("assignment", ticket=ticket, mail=a_mail(subject=words, new_text=words)))
    html = message.get_body(("html",))
    assert html is not None
    assert "<b onclick" not in html.get_content()
    assert "\u202e" not in html.get_content()


@given(st.text())
def test_any_words_come_back_from_a_field_as_they_went_in(words: str) -> None:
    line = one_line(words, 400)
    field = text_field("Subject", f"[T-17] {line}".rstrip())
    assert max(map(len, field.split("\r\n"))) <= 78
    message = message_from_bytes(field.encode("ascii") + b"\r\n", policy=policy.default)
    assert message["Subject"] == f"[T-17] {line}".rstrip()


@given(st.text(max_size=200))
def test_any_name_comes_back_from_an_address_field(words: str) -> None:
    name = one_line(words, 80)
    field = address_field("To", name, "bea@client.example")
    # Not policy.default: it puts a space between the encoded words of a phrase, against RFC 2047 6.2.
    display, address = parseaddr(field.removeprefix("To:"))
    assert (str(make_header(decode_header(display))), address) == (name, "bea@client.example")


@pytest.mark.parametrize(
    ("address", "written_as"),
    [
        ("bea@client.example", "bea@client.example"),
        ("bea@bücher.example", "bea@xn--bcher-kva.example"),
        ("bea@straße.example", "bea@xn--strae-oqa.example"),
        ('"bea kunde"@client.example', '"bea kunde"@client.example'),
        ("beä@client.example", None),
        ("bea@client.example\r\nBcc: x@y.example", None),
        ("bea, x@client.example", None),
        ("bea", None),
        ("", None),
    ],
)
def test_an_address_is_ascii_or_left_to_the_envelope(address: str, written_as: str | None) -> None:
    assert ascii_address(address) == written_as


MACHINE_WRITTEN = [kind for kind, each in KINDS.items() if not each.is_relay]


def test_an_address_that_no_header_can_carry_does_not_stop_the_reply() -> None:
    reply, message = written(an_occasion(recipient=Address(address="beä@client.example", name="Beä")))
    assert reply.recipient == "beä@client.example"
    assert message["To"] == "undisclosed-recipients:;"


def test_an_answer_comes_back_to_the_ticket_by_its_address() -> None:
    _, message = written(an_occasion())
    assert message["From"] == "Acme Support <support@acme.example>"
    assert message["Reply-To"].addresses[0].addr_spec == f"support+t17.{TOKEN}@acme.example"
    assert message["Subject"] == "[T-17] Re: VPN is down"


def test_without_sub_addresses_the_token_is_in_the_subject() -> None:
    _, message = written(an_occasion(), desk=a_desk(subaddress=""))
    assert message["Reply-To"] is None
    assert message["Subject"] == f"[T-17 k3.{TOKEN[1:]}] Re: VPN is down"


def test_a_reply_stands_in_the_clients_thread() -> None:
    references = tuple(f"<{number}@client.example>" for number in range(50))
    _, message = written(an_occasion(in_reply_to="<49@client.example>", references=references))
    ids = message["References"].split()
    assert message["In-Reply-To"] == "<49@client.example>"
    assert len(ids) == 20
    assert (ids[0], ids[-1]) == ("<0@client.example>", "<49@client.example>")


def test_the_answered_mail_is_the_last_reference_even_if_it_was_not_named() -> None:
    assert thread(("<a@x>", "<b@x>"), "<c@x>") == ("<a@x>", "<b@x>", "<c@x>")
    assert thread(("<a@x>", "<b@x>", "<c@x>"), "<b@x>") == ("<a@x>", "<c@x>", "<b@x>")


@pytest.mark.parametrize("bad", ["", "x", "<a b@c>", "<a\r\nBcc: x>", "<ä@x>", "<" + "a" * 600 + "@x>", "<a@x><b@x>"])
def test_a_message_id_that_would_break_a_header_is_left_out(bad: str) -> None:
    assert id_field("References", [bad]) == ""
    assert thread((bad,), bad) == ()
    _, message = written(an_occasion(in_reply_to=bad, references=(bad,)))
    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_no_other_mail_stands_in_for_an_answered_one_that_cannot_be_named() -> None:
    _, message = written(an_occasion(in_reply_to="no id", references=("<parent@client.example>",)))
    assert message["In-Reply-To"] is None
    assert message["References"] == "<parent@client.example>"


def test_every_kind_that_no_person_wrote_is_marked_as_written_by_a_machine() -> None:
    for kind in MACHINE_WRITTEN:
        _, message = written(an_occasion(kind))
        assert message["Auto-Submitted"] in {"auto-replied", "auto-generated"}
        assert message["Precedence"] is None
        words = message["X-Auto-Response-Suppress"].split(", ")
        assert not {"All", "NDR"} & set(words)


def test_only_mail_to_clients_suppresses_out_of_office_answers_and_a_reminder_wants_the_date_of_return() -> None:
    suppressed = {kind: "OOF" in written(an_occasion(kind))[1]["X-Auto-Response-Suppress"] for kind in MACHINE_WRITTEN}
    wanted = {kind: KINDS[kind].audience == "client" for kind in MACHINE_WRITTEN}
    assert suppressed == {**wanted, "client_reminder": False}


def test_a_persons_words_go_out_in_their_name_and_without_a_mark_of_machines() -> None:
    _, message = written(an_occasion("answer", words="Please restart it.", author_name="Ana Ruiz"))
    assert message["From"].addresses[0].display_name == "Ana Ruiz via Acme Support"
    assert message["From"].addresses[0].addr_spec == "support@acme.example"
    assert message["Auto-Submitted"] is None
    assert message["X-Auto-Response-Suppress"] is None


def test_the_envelope_sender_is_the_desk_or_null_where_the_admin_wants_it() -> None:
    assert written(an_occasion())[0].envelope_from == "support@acme.example"
    assert written(an_occasion(), null_sender=True)[0].envelope_from == ""


def test_the_date_is_told_in_the_desks_zone() -> None:
    _, message = written(an_occasion(), desk=a_desk(time_zone="Europe/Berlin"))
    assert message["Date"] == "Mon, 23 Nov 2026 13:00:00 +0100"


def test_the_topic_stands_before_the_subject_and_is_the_clients() -> None:
    _, message = written(about("Re: VPN is down", "update_overdue"))
    names = list(message)
    assert message["Thread-Topic"] == "VPN is down"
    assert names.index("Thread-Topic") < names.index("Subject")


@pytest.mark.parametrize("tapped", ["T-17 works", "Re: [T-17] Re: T-17 fails", "[T-17 a3.abcdefgh2345] works"])
def test_the_subject_of_a_tap_is_no_conversations(tapped: str) -> None:
    _, message = written(an_occasion("closure_thanks", client_subject=tapped))
    assert message["Subject"] == "[T-17] Re: VPN is down"
