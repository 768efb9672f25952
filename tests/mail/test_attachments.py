"""Attachments: named safely, digested, found again."""

import base64
import binascii
import time
from collections.abc import Callable

import pytest

from maild.mail.contents import File
from maild.mail.enclosing import enclose
from maild.mail.message import Attachment, Limits
from maild.mail.names import NAME_OCTETS, safe_name
from maild.mail.pictures import pictures_in
from maild.replies.files import file_part
from tests.mail.tnef_making import a_winmail
from tests.support import attachments
from tests.support.mail_making import a_multipart, a_source, read

NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\ana\\x.txt": "x.txt",
    "a\x00b.txt": "a b.txt",
    "line\r\nend.txt": "line end.txt",
    "gpj.\u202eexe.txt": "gpj.exe.txt",
    "CON": "_CON",
    "con.txt": "_con.txt",
    "LPT1.log": "_LPT1.log",
    "": "attachment-7.bin",
    "...": "attachment-7.bin",
    "..": "attachment-7.bin",
    "/": "attachment-7.bin",
    ".bashrc": "bashrc",
    "x.txt. . ": "x.txt",
    'a"b<c>|d?.txt': "a_b_c__d_.txt",
    "x.txt:stream": "x.txt_stream",
    "=?utf-8?q?J=C3=B6rg=2Epdf?=": "Jörg.pdf",
    "=?utf-8?q?=2E=2E=2Fx=2Epdf?=": "x.pdf",
    "Rechnung März.pdf": "Rechnung März.pdf",
    "👩‍💻.png": "👩💻.png",
}


@pytest.mark.parametrize(("written", "expected"), NAMES.items(), ids=[ascii(name) for name in NAMES])
def test_a_name_is_safe_on_any_system(written: str, expected: str) -> None:
    assert safe_name(written, "application/octet-stream", 7) == expected


def test_a_name_of_4_kb_is_cut_and_keeps_its_ending() -> None:
    name = safe_name("ü" * 4_096 + ".pdf", "application/pdf", 1)
    assert len(name.encode()) <= NAME_OCTETS
    assert name.endswith("ü.pdf")


def test_an_unnamed_part_is_named_alike_each_time() -> None:
    source = a_multipart("\r\nhello", "Content-Type: image/png\r\n\r\nx", "Content-Type: image/png\r\n\r\ny")
    names = [attachment.name for attachment in read(source).attachments]
    assert names == ["attachment-1.png", "attachment-2.png"]
    assert names == [attachment.name for attachment in read(source).attachments]


def test_bytes_come_back_by_their_digest() -> None:
    content = bytes(range(256)) * 4
    source = a_multipart(
        "\r\nhello",
        'Content-Type: application/octet-stream; name="x.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(content).decode(),
    )
    (attachment,) = read(source).attachments
    assert attachment.name == "x.bin"
    assert attachment.size == len(content)
    assert attachments.read(source, attachment.digest) == content
    assert attachments.read(source, "0" * 64) is None


def test_a_text_file_is_an_attachment_and_no_text() -> None:
    source = a_multipart("\r\nhello", "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nfile")
    mail = read(source)
    assert mail.text == "hello"
    assert mail.attachments[0].name == "attachment-1.txt"


def test_a_picture_in_the_text_is_inline() -> None:
    mail = read(a_multipart("\r\nhello", "Content-Type: image/png\r\nContent-ID: <a@b>\r\n\r\nx", subtype="related"))
    assert mail.attachments[0].is_inline


def test_an_rfc_2231_name_is_read() -> None:
    part = "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''M%C3%A4rz.pdf\r\n\r\nx"
    assert read(a_multipart("\r\nhello", part)).attachments[0].name == "März.pdf"


WRITTEN = {
    "octets of UTF-8": ('filename="Что нового 😀.pdf"', "Что нового 😀.pdf"),
    "octets of latin-1": ('filename="Auftragsbestätigung.pdf"'.encode("latin-1"), "Auftragsbestätigung.pdf"),
    "octets of ISO-2022-JP": ('filename="報告.pdf"'.encode("iso-2022-jp"), "報告.pdf"),
    "octets beside RFC 2231": ("x-y=\"ü\"; filename*0*=utf-8''M%C3;\r\n filename*1*=%A4rz.pdf", "März.pdf"),
    "encoded words, folded": (
        'filename="=?utf-8?B?TcOkcno=?=\r\n =?utf-8?Q?=20x=2Epdf?="',
        "März x.pdf",
    ),
    "a letter and its dots apart": ('filename="Ma\u0308rz.pdf"', "März.pdf"),
}


@pytest.mark.parametrize(("written", "expected"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_name_is_read_however_it_is_written(written: str | bytes, expected: str) -> None:
    field = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; "
    part = field + (written.encode() if isinstance(written, str) else written) + b"\r\n\r\nx"
    assert read(a_multipart("\r\nhello", part)).attachments[0].name == expected


def test_the_text_of_a_mail_that_has_a_name_is_read_where_there_is_no_other() -> None:
    named = "Content-Type: text/plain; name=body.txt\r\nContent-Disposition: inline\r\n\r\nIt burns."
    picture = "Content-Type: image/png; name=a.png\r\n\r\nx"
    assert read(a_multipart(named, picture)).text == "It burns."
    assert [each.name for each in read(a_multipart(named, picture)).attachments] == ["body.txt", "a.png"]
    assert read(a_multipart("\r\nhello", named)).text == "hello"
    attached = named.replace("inline", "attachment")
    assert read(a_multipart(attached, picture)).text == ""


def test_pictures_within_html_are_files_and_hide_no_text() -> None:
    shot, logo = b"\x89PNG shot" + bytes(900_000), b"\x89PNG logo" + bytes(900)
    places = [base64.encodebytes(shot).decode(), base64.b64encode(logo).decode()]
    html = (
        f'<p>It burns:</p><img alt="x" src="data:image/png;base64,{places[0]}"><p>Since Monday.</p>'
        f"<div class='gmail_signature'><IMG SRC = 'data:image/png;base64,{places[1]}'></div><img src='data:image/gif;base64,R0lG'>"
    )
    source = a_source(html, content_type="text/html", content_transfer_encoding="8bit")
    mail = read(source, Limits(html_bytes=10_000))
    assert mail.text.split() == ["It", "burns:", "Since", "Monday."]
    assert [(each.name, each.size) for each in mail.attachments] == [
        ("attachment-1.png", len(shot)),
        ("attachment-2.png", len(logo)),
    ]
    assert attachments.read(source, mail.attachments[0].digest) == shot
    assert [file.content for file in enclose(source, mail, most_octets=2_000_000).files] == [shot]


@pytest.mark.parametrize("octets", ["src = " + " " * 500_000, "src=data:image/png;base64," * 20_000])
def test_what_only_begins_like_a_picture_costs_little(octets: str) -> None:
    assert list(pictures_in(octets.encode())) == []


@pytest.mark.parametrize(
    "name", ["März 2026.pdf", "재빠 게으갈색 여 우가 통나 (위로뛰어 올랐) 😀.pdf", "a" * 90 + ".pdf"]
)
def test_a_file_that_leaves_is_named_in_both_ways_that_programs_know(name: str) -> None:
    file = File(attachment=Attachment(name=name, media_type="application/pdf", size=1, digest=""), content=b"x")
    part = file_part(file)
    assert max(map(len, part.split(b"\r\n"))) < 78
    (found,) = read(a_multipart("\r\nhello", part)).attachments
    assert found.name == name
    older = part.replace(b"filename*", b"x-unknown*")
    (found,) = read(a_multipart("\r\nhello", older)).attachments
    assert found.name == name


def test_an_attached_mail_has_the_line_ends_of_mail() -> None:
    fields = b"Content-Type: message/rfc822; name=x.eml\n\n"
    for source in (
        a_multipart("\r\nsee", fields + a_source("one\r\ntwo=\r\n")),
        a_multipart("\nsee", fields + b"Subject: x\n\none\n"),
    ):
        content = attachments.read(source, read(source).attachments[0].digest) or b""
        assert content.count(b"\n") == content.count(b"\r\n") > 2


def test_a_mail_that_was_attached_in_base64_is_a_mail() -> None:
    inner = b"From: bea@client.example\r\nSubject: Printer\r\n\r\nThe printer is dead.\r\n"
    fields = "Content-Type: message/rfc822; name=x.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    source = a_multipart("\r\nsee", fields + base64.encodebytes(inner).decode())
    mail = read(source)
    assert attachments.read(source, mail.attachments[0].digest) == inner
    assert mail.forwarded is not None
    assert (mail.forwarded.author.address, mail.forwarded.text) == ("bea@client.example", "The printer is dead.")


def winmail_part(content: bytes) -> str:
    return (
        "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content).decode()
    )


def test_a_winmail_is_opened_and_its_files_are_like_any_others() -> None:
    source = a_multipart("\r\nhello", winmail_part(a_winmail("not needed", {"report.pdf": b"%PDF-1.4 x"})))
    mail = read(source)
    assert mail.text == "hello"
    assert [attachment.name for attachment in mail.attachments] == ["report.pdf"]
    assert attachments.read(source, mail.attachments[0].digest) == b"%PDF-1.4 x"


def test_the_text_of_a_winmail_is_read_where_the_mail_has_none() -> None:
    mail = read(a_multipart(winmail_part(a_winmail("Bonjour à tous", {}))))
    assert mail.text == "Bonjour à tous"


@pytest.mark.parametrize("length", [0, 3, 10, 40, 90])
def test_a_broken_winmail_stays_an_attachment(length: int) -> None:
    broken = a_winmail("hello", {"x.txt": b"x"})[:length]
    mail = read(a_multipart("\r\nhello", winmail_part(broken)))
    assert mail.text == "hello"
    assert len(mail.attachments) <= 1


def test_a_path_inside_a_winmail_is_cut_off() -> None:
    mail = read(a_multipart("\r\nhello", winmail_part(a_winmail("", {"..\\..\\evil.exe": b"x"}))))
    assert mail.attachments[0].name == "evil.exe"


def test_what_a_mail_says_once_more_for_machines_is_no_file() -> None:
    parts = (
        f"Content-Type: {kind}\r\n\r\nIt burns."
        for kind in ("text/plain", "text/x-amp-html", "text/watch-html", "text/html")
    )
    mail = read(a_multipart(*parts, subtype="alternative"))
    assert (mail.text, mail.attachments) == ("It burns.", ())
    alone = a_multipart("\r\nIt burns.", "Content-Type: text/x-amp-html\r\nContent-Disposition: attachment\r\n\r\nx")
    assert len(read(alone).attachments) == 1


def test_what_only_machines_are_shown_is_a_file_where_nothing_else_says_it() -> None:
    part = "--b\r\nContent-Type: text/x-amp-html\r\n\r\n<p>It burns.</p>\r\n--b--\r\n"
    mail = read(a_source(part.encode(), content_type="multipart/alternative; boundary=b"))
    assert [each.media_type for each in mail.attachments] == ["text/x-amp-html"]


def uuencoded(name: str, content: bytes, end: str = "\r\n") -> str:
    lines = [binascii.b2a_uu(content[at : at + 45]).decode()[:-1] for at in range(0, len(content), 45)]
    return end.join([f"begin 644 {name}", *lines, "`", "end", ""])


LOG_CONTENT = bytes(range(256)) * 3


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize(
    "change", [lambda text: text, lambda text: text.replace("`", " "), lambda text: text.replace(" \n", "\n")]
)
def test_a_uuencoded_file_is_a_file_and_none_of_its_letters_are_words(end: str, change: Callable[[str], str]) -> None:
    coded = change(uuencoded("server log.txt", LOG_CONTENT, end))
    source = a_source(
        f"Here is the log.{end}{end}{coded}{end}Thanks, Ana{end}{coded}".encode(), content_type="text/plain"
    )
    mail = read(source)
    assert mail.text.split() == ["Here", "is", "the", "log.", "Thanks,", "Ana"]
    assert [(each.name, each.media_type) for each in mail.attachments] == [("server log.txt", "text/plain")] * 2
    assert attachments.read(source, mail.attachments[0].digest) == LOG_CONTENT
    assert [file.content for file in enclose(source, mail, most_octets=1_000).files] == [LOG_CONTENT]


def test_a_uuencoded_file_may_begin_with_zeros_whose_letters_were_lost() -> None:
    content = bytes([66, 77, *bytes(43), *range(45)])
    coded = "\n".join(line.rstrip(" ") for line in uuencoded("x.bmp", content, "\n").replace("`", " ").split("\n"))
    source = a_source(coded, content_type="text/plain")
    assert attachments.read(source, read(source).attachments[0].digest) == content


@pytest.mark.parametrize(
    ("written", "name"), [("../../etc/passwd", "passwd"), ("Счёт.pdf", "Счёт.pdf"), ("CON", "_CON")]
)
def test_a_uuencoded_file_has_a_safe_name(written: str, name: str) -> None:
    source = a_source(uuencoded(written, b"x").encode(), content_type="text/plain; charset=utf-8")
    assert [each.name for each in read(source).attachments] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 of you\nSTART NOW\nend\n",
        "begin 644 x\n#AAAA\n",
        "begin 644 A\nM TEXT\nend\n",
        "begin 644 x\nend\n",
        "> begin 644 x\n> #AAAA\n> end\n",
        "begin 644 x\nplain words\n#AAAA\n`\nend\n",
        "Please begin 644 x\n#AAAA\n`\nend\n",
    ],
)
def test_words_that_only_look_uuencoded_stay_words(text: str) -> None:
    mail = read(a_source(text, content_type="text/plain"))
    assert (mail.text, mail.attachments) == (text.strip("\n"), ())


def test_many_uuencoded_files_cost_little_and_further_ones_stay_in_the_text() -> None:
    mail = read(a_source(uuencoded("x", b"hello") * 1_000, content_type="text/plain"))
    assert (len(mail.attachments), mail.text.count("begin 644")) == (50, 950)
    for burden in (
        "begin 644 x\n" * 40_000,
        "begin 644 x\n" + "M\n" * 200_000,
        ("begin 644 x\n" + "#AAAA\n" * 20) * 2_000,
    ):
        started = time.process_time()
        read(a_source(burden, content_type="text/plain"))
        assert time.process_time() - started < 5
