"""One mail in, one Mail out: text, charsets, parts, identifiers, fingerprint."""

import pytest

from maild.mail.message import Limits
from maild.mail.reading import read_html
from tests.support.mail_making import a_mail, a_multipart, a_source, read

PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\nplain words"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>html words</p>"

NUMBERED = b"\x1b$B-!\x1b(B \x1b$B3t<02q<R\x1b(B \x1b$B-j%F%9%H\x1b(B"
"""Japanese with letters that only Windows has in it."""

CHARSETS = {
    "utf-8": ("text/plain; charset=utf-8", "Grüße", "Grüße"),
    "latin-1": ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
    "windows quotes called latin-1": ("text/plain; charset=iso-8859-1", b"\x93hi\x94", "\u201chi\u201d"),
    "cp1252 without a word": ("text/plain", "Grüße".encode("cp1252"), "Grüße"),
    "utf-8 called ascii": ("text/plain; charset=us-ascii", "Grüße", "Grüße"),
    "utf-8 with a mark": ("text/plain; charset=utf-8", b"\xef\xbb\xbfhi", "hi"),
    "latin-1 called utf-8": ("text/plain; charset=utf-8", b"Gr\xfc\xdfe", "Grüße"),
    "a charset of another star": ("text/plain; charset=klingon", "Grüße", "Grüße"),
    "gb2312": ("text/plain; charset=gb2312", "你好".encode("gb18030"), "你好"),
    "koi8-r": ("text/plain; charset=koi8-r", "привет".encode("koi8-r"), "привет"),
    "iso-2022-jp": ("text/plain; charset=iso-2022-jp", "こんにちは".encode("iso-2022-jp"), "こんにちは"),
    "Windows' letters called iso-2022-jp": ("text/plain; charset=iso-2022-jp", NUMBERED, "① 株式会社 ㈱テスト"),
    "Japanese without a word": ("text/plain;", NUMBERED, "① 株式会社 ㈱テスト"),
    "a stray escape of Japanese": ("text/plain; charset=utf-8", "> \x1b$B$3\n\nYes.\n", "> こ\n\nYes."),
    "Japanese called utf-8": ("text/plain; charset=utf-8", "こんにちは".encode("iso-2022-jp"), "こんにちは"),
    "narrow kana": ("text/plain; charset=cp50221", b"\x1b(ICZ:\x1b(B \x1b$B-!", "ﾃﾚｺ ①"),
    "rare kanji": ("text/plain; charset=iso-2022-jp-ms", b"\x1b$(D0!\x1b$B-!\x1b(B", "丂①"),
    "a footer in latin-1": ("text/plain; charset=utf-8", "Grüße „x“\n".encode() + b"gepr\xfcft", "Grüße „x“\ngeprüft"),
    "one word in latin-1": ("text/plain; charset=utf-8", "Grüße äöü ".encode() + b"gepr\xfcft", "Grüße äöü geprüft"),
    "cut within a letter": ("text/plain; charset=utf-8", "Grüße, Köln ü".encode()[:-1], "Grüße, Köln \ufffd"),
    "cut within a letter, above empty lines": (
        "text/plain; charset=utf-8",
        "Grüße, Köln ü".encode()[:-1] + b"\r\n\r\n",
        "Grüße, Köln \ufffd",
    ),
    "a pair of latin-1 that utf-8 has too": ("text/plain", "Ça va, «CAFÉ»".encode("cp1252"), "Ça va, «CAFÉ»"),
    "HTML that names its charset alone": ("text/html", "<meta charset=windows-1251>привет".encode("cp1251"), "привет"),
    "HTML that names another than it has": ("text/html", "<meta charset=windows-1251>привет", "привет"),
    "HTML that its mail contradicts": (
        "text/html; charset=koi8-r",
        "<meta charset=windows-1251>привет".encode("koi8-r"),
        "привет",
    ),
}

NAMES = {
    "x-windows-1251": "cp1251",
    "win-1251": "cp1251",
    "cp-1250": "cp1250",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "8859-2": "iso-8859-2",
    "latin-9": "iso-8859-15",
    "windows-31j": "cp932",
    "x-euc-jp": "euc-jp",
    "x-windows-949": "cp949",
    "gb_2312-80": "gb18030",
    "x-big5": "big5",
    "tis-620": "cp874",
    "utf8mb4": "utf-8",
    "x-unicode-2-0-utf-8": "utf-8",
}
LETTERS = {
    "cp1251": "привет",
    "cp932": "①こんにちは",
    "euc-jp": "こんにちは",
    "cp949": "안녕똠",
    "gb18030": "你好镕",
    "big5": "你好嗎",
    "cp874": "สวัสดี",
    "cp1250": "řeka",
    "iso-8859-2": "řeka",
    "iso-8859-15": "5 €",
    "cp1252": "“5 €”",
    "utf-8": "“Grüße”",
}

SUBJECTS = {
    "Windows' letters called iso-2022-jp": ("=?iso-2022-jp?B?GyRCLWIbKEI0?=", "№4"),
    "iso-2022-jp by another name": ("=?ISO-2022-JP-MS?B?GyRCJEkkSyRoJGsbKEI=?=", "どによる"),
    "Japanese as it lies": ("テストの件".encode("iso-2022-jp"), "テストの件"),
    "cut off": ("=?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4gw?=", "Grüße aus Köln"),
    "cut within a letter": ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln_=C3?=", "Grüße aus Köln \ufffd"),
    "glued together": ("=?utf-8?B?R3LDvMOf=ZSBhdXM==?=", "Grüße aus"),
    "not padded, and cut between words": (
        "=?gb2312?B?ufrE2rGo0A?=\r\n =?gb2312?B?sA==?=",
        "国内报" + b"\xd0\xb0".decode("gb18030"),
    ),
    "in two encodings": (
        "=?UTF-8?B?UsO8Y2tzZW5kdW5nIGRlcyBNYXQ=?=\r\n =?UTF-8?Q?erials?=",
        "Rücksendung des Materials",
    ),
    "with spaces inside": ("=?ISO-8859-1?Q?Vorgang 7: M=F6chten Sie =E4ndern??=", "Vorgang 7: Möchten Sie ändern?"),
}


@pytest.mark.parametrize(("content_type", "body", "expected"), CHARSETS.values(), ids=CHARSETS.keys())
def test_text_is_decoded_whatever_is_declared(content_type: str, body: str | bytes, expected: str) -> None:
    assert a_mail(body, content_type=content_type).text == expected


@pytest.mark.parametrize(("name", "codec"), NAMES.items())
def test_a_charset_is_known_by_each_of_its_names(name: str, codec: str) -> None:
    mail = a_mail(LETTERS[codec].encode(codec), content_type=f"text/plain; charset={name}")
    assert (mail.text, mail.defects) == (LETTERS[codec], ())


@pytest.mark.parametrize(("written", "expected"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_a_subject_is_decoded_however_it_is_broken(written: str | bytes, expected: str) -> None:
    assert a_mail(Subject=written).subject == expected


def test_an_unknown_charset_is_a_defect() -> None:
    assert any("klingon" in defect for defect in a_mail("x", content_type="text/plain; charset=klingon").defects)


def test_raw_octets_in_the_subject_are_read() -> None:
    assert a_mail(Subject="Störung".encode("latin-1")).subject == "Störung"
    assert a_mail(Subject="Störung").subject == "Störung"


def test_two_subjects_give_the_first_and_a_defect() -> None:
    mail = read(b"Subject: one\r\n" + a_source(Subject="two"))
    assert mail.subject == "one"
    assert any("more than once" in defect for defect in mail.defects)


def test_plain_text_is_preferred_and_html_kept() -> None:
    source = a_multipart(PLAIN, HTML, subtype="alternative")
    assert read(source).text == "plain words"
    assert read_html(source, Limits()) == "<p>html words</p>"


def test_a_mail_with_only_html_has_text() -> None:
    mail = a_mail("<p>Hello</p><p>my <b>printer</b> burns</p>", content_type="text/html")
    assert mail.text.split() == ["Hello", "my", "printer", "burns"]


@pytest.mark.parametrize(
    "stub",
    [
        "This message requires an HTML viewer.",
        "Your e-mail client does not support HTML messages",
        "Diese E-Mail ist im HTML-Format.",
        "Ce message est au format HTML.",
    ],
)
def test_html_is_read_where_the_plain_text_only_names_it(stub: str) -> None:
    plain = f"Content-Type: text/plain\r\n\r\n{stub}\r\n"
    assert read(a_multipart(plain, HTML, subtype="alternative")).text == read(HTML.encode()).text
    longer = f"Content-Type: text/plain\r\n\r\n{stub}\r\nMine does not.\r\n"
    assert "Mine does not." in read(a_multipart(longer, HTML, subtype="alternative")).text


def test_a_sentence_about_html_stays_where_the_html_says_nothing() -> None:
    plain = "Content-Type: text/plain\r\n\r\nPlease look at the HTML page of our shop, it shows an error.\r\n"
    empty = "Content-Type: text/html\r\n\r\n<html><body><img src='cid:x'></body></html>\r\n"
    assert "it shows an error" in read(a_multipart(plain, empty, subtype="alternative")).text


def test_html_beside_an_empty_plain_part_is_read() -> None:
    mail = read(a_multipart("Content-Type: text/plain\r\n\r\n \r\n", HTML, subtype="alternative"))
    assert mail.text == "html words"


def test_html_with_a_plain_footer_is_read_in_order() -> None:
    mail = read(a_multipart(HTML, "Content-Type: text/plain\r\n\r\nlist footer"))
    assert mail.text == "html words\n\nlist footer"


def test_the_text_of_an_attached_mail_does_not_leak() -> None:
    forwarded = "Content-Type: message/rfc822\r\n\r\n" + a_source("secret words").decode()
    mail = read(a_multipart(PLAIN, forwarded))
    assert "secret" not in mail.text
    assert [attachment.media_type for attachment in mail.attachments] == ["message/rfc822"]
    assert mail.attachments[0].name == "attachment-1.eml"


def test_flowed_text_is_joined() -> None:
    body = "This is one \r\nsentence.\r\n> quoted \r\n> words\r\n-- \r\nAna"
    mail = a_mail(body, content_type="text/plain; format=flowed")
    assert mail.text == "This is one sentence.\n> quoted words\n-- \nAna"


def test_flowed_text_with_delsp_loses_its_spaces() -> None:
    assert (
        a_mail("こん \r\nにちは", content_type="text/plain; charset=utf-8; format=flowed; delsp=yes").text
        == "こんにちは"
    )


@pytest.mark.parametrize(
    "encoding", ["quoted-printable ", "Quoted-Printable;", '"quoted-printable"', "QUOTED-PRINTABLE\t"]
)
def test_a_transfer_encoding_is_known_whatever_stands_around_it(encoding: str) -> None:
    assert a_mail("Gr=C3=BC=C3=9Fe", content_transfer_encoding=encoding).text == "Grüße"


@pytest.mark.parametrize(
    "kind", ["=?utf-8?Q?text/plain?=", "=?utf-8?B?dGV4dC9wbGFpbg==?=; charset=utf-8", "text", "/plain"]
)
def test_a_text_is_a_text_however_its_type_is_written(kind: str) -> None:
    assert a_mail("Grüße", content_type=kind).text == "Grüße"


def test_enriched_text_is_read_without_its_commands_and_once() -> None:
    enriched = (
        "Content-Type: text/enriched\r\n\r\n<bold>plain</bold>\r\n<color><param>red</param>words</color>\r\n\r\na <<b"
    )
    assert read(a_multipart(enriched)).text == "plain words\na <b"
    assert read(a_multipart(PLAIN, enriched, subtype="alternative")).text == "plain words"
    markdown = "Content-Type: text/markdown\r\n\r\n*plain* words"
    assert read(a_multipart(PLAIN, markdown, subtype="alternative")).text == "plain words"


def test_what_an_openpgp_signature_puts_around_the_words_is_no_word() -> None:
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n/take\n\nOn it.\n- -- \nAna\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )
    assert a_mail(signed).text == "/take\n\nOn it.\n-- \nAna"
    assert a_mail(signed).new_text == "/take\n\nOn it."
    for whole in (
        signed.replace("END PGP", "OF PGP"),
        "> " + signed,
        "What is -----BEGIN PGP SIGNED MESSAGE-----?\n\nx",
    ):
        assert a_mail(whole).text == whole.strip("\n")


def test_a_multipart_without_boundary_is_read_as_text() -> None:
    mail = a_mail("hello", content_type="multipart/mixed")
    assert mail.text == "hello"
    assert mail.defects


def test_a_body_without_header_is_a_mail() -> None:
    mail = read(b"no header at all\nsecond line\n")
    assert mail.text == "no header at all\nsecond line"
    assert mail.author is None


def test_long_text_is_cut_and_it_is_said() -> None:
    mail = read(a_source("word " * 1_000), Limits(text_characters=100))
    assert len(mail.text) == 100
    assert any("100" in defect for defect in mail.defects)


def test_identifiers_are_found_in_their_brackets() -> None:
    mail = a_mail(
        Message_ID="<a@x>",
        In_Reply_To="Your mail of Monday <b@x>",
        References="<a@x>\r\n <b@x> <a@x>\r\n\t<long@\r\n x>",
    )
    assert mail.message_id == "<a@x>"
    assert mail.in_reply_to == ("<b@x>",)
    assert mail.references == ("<a@x>", "<b@x>", "<long@x>")


def test_a_message_id_without_brackets_gets_them() -> None:
    assert a_mail(Message_ID="a@x").message_id == "<a@x>"
    assert a_mail(Message_ID="").message_id is None


def test_two_deliveries_of_one_mail_have_one_fingerprint_and_two_digests() -> None:
    first = a_mail("Hello\r\nworld\r\n")
    source = a_source("Hello\r\nworld\r\n\r\n").replace(b"\r\n", b"\n")
    second = read(b"Received: from a by b; Mon, 02 Mar 2026 10:00:00 +0100\nDelivered-To: x@desk.example\n" + source)
    assert first.fingerprint == second.fingerprint
    assert first.digest != second.digest


def test_a_relay_that_changes_the_transfer_encoding_keeps_the_fingerprint() -> None:
    plain = a_mail("Grüße", content_type="text/plain; charset=utf-8")
    quoted = a_mail(
        "Gr=C3=BC=C3=9Fe", content_type="text/plain; charset=utf-8", content_transfer_encoding="quoted-printable"
    )
    assert plain.fingerprint == quoted.fingerprint


@pytest.mark.parametrize("field", ["From", "Date", "Subject"])
def test_another_field_is_another_fingerprint(field: str) -> None:
    assert a_mail().fingerprint != a_mail(**{field: "x@client.example"}).fingerprint


def test_another_body_under_the_same_message_id_is_another_fingerprint() -> None:
    assert a_mail("Hello").fingerprint != a_mail("Goodbye").fingerprint
